//! `System.IO`: paths, files, folders, and readers and writers of text. Relative paths are meant from the session's
//! location, not from the process's.

mod binary;
mod directory;
mod entry;
mod file;
mod path;
mod stream;
mod text;

pub(crate) use entry::FileSystemEntry;

use crate::value::members::table::{Call, Table};
use crate::value::{DateKind, DateTime, Engine, Fault, Outcome, Str, TypeRef, Unwind, Value};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The tables of this namespace.
pub(crate) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::PATH, &path::PATH),
    (TypeRef::FILE, &file::FILE),
    (TypeRef::DIRECTORY, &directory::DIRECTORY),
    (TypeRef::FILESYSTEMINFO, &entry::FILE_SYSTEM_INFO),
    (TypeRef::FILEINFO, &entry::FILE_INFO),
    (TypeRef::DIRECTORYINFO, &entry::DIRECTORY_INFO),
    (TypeRef::TEXTREADER, &text::TEXT_READER),
    (TypeRef::STREAMREADER, &text::STREAM_READER),
    (TypeRef::STRINGREADER, &text::STRING_READER),
    (TypeRef::TEXTWRITER, &text::TEXT_WRITER),
    (TypeRef::STREAMWRITER, &text::STREAM_WRITER),
    (TypeRef::STRINGWRITER, &text::STRING_WRITER),
    (TypeRef::STREAM, &stream::STREAM),
    (TypeRef::FILESTREAM, &stream::FILE_STREAM),
    (TypeRef::MEMORYSTREAM, &stream::MEMORY),
    (TypeRef::GZIPSTREAM, &stream::PACKING),
    (TypeRef::DEFLATESTREAM, &stream::PACKING),
    (TypeRef::BINARYREADER, &binary::READER),
    (TypeRef::BINARYWRITER, &binary::WRITER),
];

/// All that a stream still has.
pub(crate) fn read_to_end(stream: &crate::value::Value) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let part = stream::read(stream, 65_536)?;
        if part.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(part);
    }
}

/// The bytes of the file that an argument names.
pub(super) fn read_file(call: &Call<'_>, index: usize) -> Outcome<Vec<u8>> {
    let path = path_argument(call, index)?;
    std::fs::read(&path).or_exception(&path)
}

/// A connection as a stream.
pub(super) fn stream_over(socket: std::net::TcpStream) -> Value {
    stream::over(socket)
}

/// Up to so many bytes of a stream.
pub(super) fn read_stream(value: &Value, count: usize) -> Outcome<Vec<u8>> {
    stream::read(value, count)
}

/// A new file in the place that an argument names.
pub(super) fn create_file(call: &Call<'_>, index: usize) -> Outcome<(std::fs::File, PathBuf)> {
    let path = path_argument(call, index)?;
    let file = std::fs::File::create(&path).or_exception(&path)?;
    Ok((file, path))
}

/// A failure of the operating system as the exception that .NET throws for it.
pub(super) fn or_exception<T>(result: io::Result<T>, path: &Path) -> Outcome<T> {
    result.or_exception(path)
}

/// Ticks from year one to 1970.
const TICKS_TO_1970: i64 = 621_355_968_000_000_000;

/// The path an argument means, from the session's location.
fn path_argument(call: &Call<'_>, index: usize) -> Outcome<PathBuf> {
    full_path(&*call.engine, call.text(index))
}

/// A path from the session's location, `.` and `..` resolved as text.
fn full_path(engine: &dyn Engine, text: &str) -> Outcome<PathBuf> {
    if text.is_empty() {
        return empty_path().err();
    }
    Ok(PathBuf::from(resolve_text(&engine.current_directory().to_string_lossy(), text)))
}

fn empty_path() -> Fault {
    Fault::new("ArgumentException", "A path is needed; the one given is empty.").exception("System.ArgumentException")
}

/// `Path.GetFullPath`: joined to a base and freed of `.`, `..` and doubled separators; a last separator stays.
fn resolve_text(base: &str, path: &str) -> String {
    let joined = if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    let mut text = String::with_capacity(joined.len());
    for part in &parts {
        text.push('/');
        text.push_str(part);
    }
    if text.is_empty() || path.ends_with('/') {
        text.push('/');
    }
    text
}

/// An operating system error as the exception .NET throws for it.
fn io_error(error: &io::Error, path: &Path) -> Unwind {
    let shown = path.display();
    let (exception, message) = match error.kind() {
        io::ErrorKind::NotFound if path.parent().is_some_and(|p| !p.as_os_str().is_empty() && !p.exists()) => {
            ("System.IO.DirectoryNotFoundException", format!("A part of the path '{shown}' does not exist."))
        }
        io::ErrorKind::NotFound => ("System.IO.FileNotFoundException", format!("The file '{shown}' does not exist.")),
        io::ErrorKind::PermissionDenied | io::ErrorKind::IsADirectory => {
            ("System.UnauthorizedAccessException", format!("Access to the path '{shown}' is denied."))
        }
        io::ErrorKind::AlreadyExists => ("System.IO.IOException", format!("'{shown}' exists already.")),
        io::ErrorKind::DirectoryNotEmpty => ("System.IO.IOException", format!("The folder '{shown}' is not empty.")),
        _ => ("System.IO.IOException", format!("'{shown}': {error}.")),
    };
    let id = exception.rsplit('.').next().unwrap_or(exception);
    Fault::new(id.to_owned(), message).exception(exception).into()
}

/// Turns the errors of file operations on `path` into exceptions.
trait OrException<T> {
    fn or_exception(self, path: &Path) -> Outcome<T>;
}

impl<T> OrException<T> for io::Result<T> {
    fn or_exception(self, path: &Path) -> Outcome<T> {
        self.map_err(|error| io_error(&error, path))
    }
}

/// A moment as a `DateTime` of the machine's zone, or of UTC.
fn date_time(moment: SystemTime, kind: DateKind) -> Value {
    let timestamp = jiff::Timestamp::try_from(moment).unwrap_or_default();
    let offset = match kind {
        DateKind::Utc => 0,
        DateKind::Local | DateKind::Unspecified => {
            i64::from(jiff::tz::TimeZone::system().to_offset(timestamp).seconds())
        }
    };
    let ticks = (timestamp.as_nanosecond() / 100) as i64 + TICKS_TO_1970 + offset * 10_000_000;
    DateTime::new(ticks, kind).map_or(Value::Null, Value::DateTime)
}

/// The moment that a `DateTime` means; without a kind it is of the machine's zone.
fn moment(date: DateTime) -> SystemTime {
    let ticks = date.ticks() - TICKS_TO_1970;
    let seconds = ticks.div_euclid(10_000_000);
    let offset = match date.kind() {
        DateKind::Utc => 0,
        DateKind::Local | DateKind::Unspecified => {
            let near = jiff::Timestamp::from_second(seconds).unwrap_or_default();
            i64::from(jiff::tz::TimeZone::system().to_offset(near).seconds())
        }
    };
    let timestamp = jiff::Timestamp::new(seconds - offset, (ticks.rem_euclid(10_000_000) * 100) as i32);
    timestamp.unwrap_or_default().into()
}

/// What `GetLastWriteTime` gives for what does not exist: the beginning of 1601, UTC.
fn no_time(kind: DateKind) -> Value {
    const TICKS_TO_1601: i64 = 504_911_232_000_000_000;
    DateTime::new(TICKS_TO_1601, kind).map_or(Value::Null, Value::DateTime)
}

/// A path as text.
fn path_text(path: &Path) -> Str {
    Str::from(path.to_string_lossy().into_owned())
}

/// A `string[]`.
fn strings(items: impl IntoIterator<Item = String>) -> Value {
    let items = items.into_iter().map(Value::from).collect();
    Value::Array(crate::value::Array::typed(TypeRef::STRING, items))
}
