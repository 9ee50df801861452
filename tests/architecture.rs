//! The house plan as a test: a storey may use only those above it, and every file says what it is for.

use std::fs;
use std::path::{Path, PathBuf};

/// The storeys from the top. Each may use itself and those before it.
const STOREYS: &[&str] =
    &["syntax", "value", "format", "runtime", "catalogue", "api", "store", "service", "client", "commands", "host"];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files
        .iter()
        .map(|f| {
            let name = f.strip_prefix(&root).expect("inside src").to_string_lossy().into_owned();
            (name, fs::read_to_string(f).expect("readable source"))
        })
        .collect()
}

fn storey_of(file: &str) -> Option<usize> {
    let first = file.split('/').next()?;
    STOREYS.iter().position(|s| *s == first)
}

/// Names that follow `crate::` in a file, comments left out.
fn used_storeys(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|line| {
        line.match_indices("crate::").filter_map(move |(at, word)| {
            let rest = &line[at + word.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            STOREYS.iter().position(|s| *s == &rest[..end]).map(|storey| (line, storey))
        })
    })
}

#[test]
fn a_storey_uses_only_those_above_it() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let Some(own) = storey_of(&file) else { continue };
        for (line, used) in used_storeys(&text) {
            if used > own {
                faults.push(format!("{file} uses {}: {}", STOREYS[used], line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> =
        sources().into_iter().filter(|(_, text)| !text.trim_start().starts_with("//!")).map(|(file, _)| file).collect();
    assert!(silent.is_empty(), "no //! line at the head of: {}", silent.join(", "));
}
