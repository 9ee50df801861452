//! Work on files that several cmdlets share: lines of a text, copying and removing trees, errors of the system.

use crate::value::{ErrorCategory, Fault, Outcome, Value};
use std::fs;
use std::io;
use std::path::Path;

/// The lines of a text, their ends taken off; a last line end begins no further line.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.bytes().position(|b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.strip_prefix("\r\n").or_else(|| after.get(1..)).unwrap_or_default();
        Some(line)
    })
}

/// The exception .NET throws for an error of the system.
fn exception_of(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "System.IO.FileNotFoundException",
        io::ErrorKind::PermissionDenied | io::ErrorKind::IsADirectory | io::ErrorKind::ReadOnlyFilesystem => {
            "System.UnauthorizedAccessException"
        }
        _ => "System.IO.IOException",
    }
}

/// An error of the system about a path, under an id that the operation gives.
pub(crate) fn fault(id: &'static str, category: ErrorCategory, error: &io::Error, path: &str) -> Fault {
    let message = match error.kind() {
        io::ErrorKind::PermissionDenied => format!("Access to '{path}' is denied."),
        io::ErrorKind::NotFound => format!("'{path}' does not exist, or a directory on its way does not."),
        io::ErrorKind::StorageFull => format!("There is no room left for '{path}'."),
        _ => format!("'{path}': {error}."),
    };
    Fault::new(id, message).category(category).exception(exception_of(error)).target(Value::from(path))
}

/// Writing to a file failed.
pub(crate) fn write_fault(error: &io::Error, path: &str) -> Fault {
    match error.kind() {
        io::ErrorKind::NotFound => {
            fault("GetContentWriterDirectoryNotFoundError", ErrorCategory::ObjectNotFound, error, path)
                .exception("System.IO.DirectoryNotFoundException")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::IsADirectory => {
            fault("GetContentWriterUnauthorizedAccessError", ErrorCategory::PermissionDenied, error, path)
        }
        _ => fault("GetContentWriterIOError", ErrorCategory::WriteError, error, path),
    }
}

/// Copies a directory with all below it.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Moves a file or directory, also to another file system.
pub(crate) fn relocate(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            if from.is_dir() {
                copy_tree(from, to)?;
                fs::remove_dir_all(from)
            } else {
                fs::copy(from, to)?;
                fs::remove_file(from)
            }
        }
        done => done,
    }
}

/// True where the file's permissions forbid writing to everybody.
pub(crate) fn is_read_only(path: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::symlink_metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o222 == 0)
}

/// Takes the write protection off.
pub(crate) fn make_writable(path: &str) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt;
    let changed = fs::metadata(path).and_then(|m| {
        let mut permissions = m.permissions();
        permissions.set_mode(permissions.mode() | 0o200);
        fs::set_permissions(path, permissions)
    });
    changed.map_err(|error| fault("FileSystemProviderError", ErrorCategory::PermissionDenied, &error, path).into())
}
