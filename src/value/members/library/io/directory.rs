//! `System.IO.Directory`.

use super::{FileSystemEntry, OrException, path_argument, strings};
use crate::value::members::table::{Call, Row, Table};
use crate::value::{Native, Outcome, Value};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) static DIRECTORY: Table = Table { statics: STATICS, ..Table::EMPTY };

static STATICS: &[Row] = &[
    ("static System.IO.DirectoryInfo CreateDirectory(string path)", |c| {
        let path = path_argument(c, 0)?;
        fs::create_dir_all(&path).or_exception(&path)?;
        Ok(Native::value(FileSystemEntry::folder(path)))
    }),
    ("static void Delete(string path)", |c| delete(&path_argument(c, 0)?, false)),
    ("static void Delete(string path, bool recursive)", |c| delete(&path_argument(c, 0)?, c.flag(1))),
    ("static System.Collections.Generic.IEnumerable[string] EnumerateDirectories(string path)", |c| {
        names(c, Only::Folders)
    }),
    (
        "static System.Collections.Generic.IEnumerable[string] EnumerateDirectories(string path, string searchPattern)",
        |c| names(c, Only::Folders),
    ),
    (
        "static System.Collections.Generic.IEnumerable[string] EnumerateDirectories(string path, string searchPattern, System.IO.SearchOption searchOption)",
        |c| names(c, Only::Folders),
    ),
    ("static System.Collections.Generic.IEnumerable[string] EnumerateFiles(string path)", |c| names(c, Only::Files)),
    ("static System.Collections.Generic.IEnumerable[string] EnumerateFiles(string path, string searchPattern)", |c| {
        names(c, Only::Files)
    }),
    (
        "static System.Collections.Generic.IEnumerable[string] EnumerateFiles(string path, string searchPattern, System.IO.SearchOption searchOption)",
        |c| names(c, Only::Files),
    ),
    ("static bool Exists(string path)", |c| Ok(Value::Bool(path_argument(c, 0).is_ok_and(|p| p.is_dir())))),
    ("static string GetCurrentDirectory()", |c| Ok(super::path_text(&c.engine.current_directory()).into())),
    ("static string[] GetDirectories(string path)", |c| names(c, Only::Folders)),
    ("static string[] GetDirectories(string path, string searchPattern)", |c| names(c, Only::Folders)),
    ("static string[] GetDirectories(string path, string searchPattern, System.IO.SearchOption searchOption)", |c| {
        names(c, Only::Folders)
    }),
    ("static string GetDirectoryRoot(string path)", |_| Ok("/".into())),
    ("static string[] GetFiles(string path)", |c| names(c, Only::Files)),
    ("static string[] GetFiles(string path, string searchPattern)", |c| names(c, Only::Files)),
    ("static string[] GetFiles(string path, string searchPattern, System.IO.SearchOption searchOption)", |c| {
        names(c, Only::Files)
    }),
    ("static string[] GetFileSystemEntries(string path)", |c| names(c, Only::Any)),
    ("static string[] GetFileSystemEntries(string path, string searchPattern)", |c| names(c, Only::Any)),
    ("static System.IO.DirectoryInfo GetParent(string path)", |c| {
        let path = path_argument(c, 0)?;
        Ok(path.parent().map_or(Value::Null, |parent| Native::value(FileSystemEntry::folder(parent.to_path_buf()))))
    }),
    ("static void Move(string sourceDirName, string destDirName)", |c| {
        let (from, to) = (path_argument(c, 0)?, path_argument(c, 1)?);
        super::file::refuse_existing(&to, false)?;
        fs::rename(&from, &to).or_exception(&from)?;
        Ok(Value::Nothing)
    }),
];

/// Which entries a listing gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Only {
    Any,
    Files,
    Folders,
}

pub(super) fn delete(path: &Path, recursive: bool) -> Outcome<Value> {
    let missing = !path.is_dir();
    let done = if recursive { fs::remove_dir_all(path) } else { fs::remove_dir(path) };
    match done {
        Err(error) if missing && error.kind() == std::io::ErrorKind::NotFound => crate::value::Fault::new(
            "DirectoryNotFoundException",
            format!("The folder '{}' does not exist.", path.display()),
        )
        .exception("System.IO.DirectoryNotFoundException")
        .err(),
        done => done.or_exception(path).map(|()| Value::Nothing),
    }
}

/// Paths begin as the script wrote the folder, as .NET has it.
fn names(call: &mut Call<'_>, only: Only) -> Outcome<Value> {
    let folder = path_argument(call, 0)?;
    let written = call.text(0).trim_end_matches('/').to_owned();
    let pattern = if call.args.len() > 1 { call.text(1).to_owned() } else { "*".to_owned() };
    let found = listing(&folder, &pattern, call.int(2) == 1, only)?;
    let shown = found.iter().map(|path| match path.strip_prefix(&folder) {
        Ok(inside) => format!("{written}/{}", inside.display()),
        Err(_) => path.display().to_string(),
    });
    Ok(strings(shown))
}

/// The entries of a folder whose names match a pattern, sorted by name so that runs agree.
pub(super) fn listing(folder: &Path, pattern: &str, recursive: bool, only: Only) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).or_exception(folder)? {
        entries.push(entry.or_exception(folder)?.path());
    }
    entries.sort();
    let mut folders = Vec::new();
    for path in entries {
        let is_folder = path.is_dir();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let wanted = match only {
            Only::Any => true,
            Only::Files => !is_folder,
            Only::Folders => is_folder,
        };
        if wanted && matches_pattern(pattern, &name) {
            found.push(path.clone());
        }
        if is_folder && recursive && !path.is_symlink() {
            folders.push(path);
        }
    }
    for folder in folders {
        found.extend(listing(&folder, pattern, true, only)?);
    }
    Ok(found)
}

/// .NET's search patterns: `*` and `?` only; `*.*` means everything.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    fn matches(pattern: &[char], name: &[char]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), _) => (0..=name.len()).any(|skip| name.get(skip..).is_some_and(|n| matches(rest, n))),
            (Some(('?', rest)), Some((_, name))) => matches(rest, name),
            (Some((p, rest)), Some((n, name))) => p == n && matches(rest, name),
            _ => false,
        }
    }
    if pattern == "*" || pattern == "*.*" {
        return true;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    matches(&pattern, &name)
}
