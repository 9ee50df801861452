//! The parser through its public face: shapes, error ids, and promises that hold for any text.

use super::*;
use std::fs;
use std::path::{Path, PathBuf};

fn first_error(text: &str) -> String {
    let parsed = parse(&Source::anonymous(text));
    parsed.errors.first().map_or("ok".to_owned(), |error| error.id.to_owned())
}

fn conformance_scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/cases");
    let mut found = Vec::new();
    for area in fs::read_dir(root).into_iter().flatten().flatten() {
        for file in fs::read_dir(area.path()).into_iter().flatten().flatten() {
            if file.path().extension().is_some_and(|extension| extension == "ps1") {
                found.push(file.path());
            }
        }
    }
    found.sort();
    found
}

/// The recordings `errors/parse-ids-*` hold lines `text => id`.
#[test]
fn error_ids_are_as_recorded() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for script in conformance_scripts() {
        let name = script.file_stem().and_then(|n| n.to_str()).unwrap_or("");
        if !name.starts_with("parse-ids-") {
            continue;
        }
        let recording = fs::read_to_string(script.with_extension("expect")).unwrap_or_default();
        for line in recording.lines() {
            let Some((text, id)) = line.rsplit_once(" => ") else { continue };
            checked += 1;
            let found = first_error(&text.replace("\\n", "\n"));
            if found != id {
                wrong.push(format!("{text} => {found}, not {id}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 100);
}

#[test]
fn every_conformance_script_parses() {
    let mut wrong = Vec::new();
    for script in conformance_scripts() {
        let text = String::from_utf8_lossy(&fs::read(&script).unwrap_or_default()).into_owned();
        let source = Source::anonymous(text);
        let parsed = parse(&source);
        let tests_an_error = script.to_string_lossy().contains("file-parse-error");
        if let Some(error) = parsed.errors.first().filter(|_| !tests_an_error) {
            let place = source.position(error.span.start);
            wrong.push(format!("{}:{}:{} {}", script.display(), place.line, place.column, error.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
