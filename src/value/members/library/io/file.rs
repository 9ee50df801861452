//! `System.IO.File`.

use super::{FileSystemEntry, OrException, date_time, moment, no_time, path_argument, stream, strings, text};
use crate::value::encoding::TextEncoding;
use crate::value::members::table::{Call, Row, Table};
use crate::value::{Array, DateKind, Outcome, Value};
use std::fs;
use std::io::Write;
use std::path::Path;

pub(crate) static FILE: Table = Table { statics: STATICS, ..Table::EMPTY };

static STATICS: &[Row] = &[
    ("static void AppendAllLines(string path, System.Collections.IEnumerable contents)", |c| append(c, lines_of(c))),
    ("static void AppendAllText(string path, string contents)", |c| append(c, c.text(1).to_owned())),
    ("static void AppendAllText(string path, string contents, System.Text.Encoding encoding)", |c| {
        append(c, c.text(1).to_owned())
    }),
    ("static void Copy(string sourceFileName, string destFileName)", |c| copy(c, false)),
    ("static void Copy(string sourceFileName, string destFileName, bool overwrite)", |c| copy(c, c.flag(2))),
    ("static void Delete(string path)", delete),
    ("static bool Exists(string path)", |c| Ok(Value::Bool(path_argument(c, 0).is_ok_and(|p| p.is_file())))),
    ("static System.IO.FileAttributes GetAttributes(string path)", attributes),
    ("static datetime GetCreationTime(string path)", |c| time(c, created, DateKind::Local)),
    ("static datetime GetCreationTimeUtc(string path)", |c| time(c, created, DateKind::Utc)),
    ("static datetime GetLastAccessTime(string path)", |c| time(c, |m| m.accessed(), DateKind::Local)),
    ("static datetime GetLastAccessTimeUtc(string path)", |c| time(c, |m| m.accessed(), DateKind::Utc)),
    ("static datetime GetLastWriteTime(string path)", |c| time(c, |m| m.modified(), DateKind::Local)),
    ("static datetime GetLastWriteTimeUtc(string path)", |c| time(c, |m| m.modified(), DateKind::Utc)),
    ("static void Move(string sourceFileName, string destFileName)", |c| rename(c, false)),
    ("static void Move(string sourceFileName, string destFileName, bool overwrite)", |c| rename(c, c.flag(2))),
    ("static byte[] ReadAllBytes(string path)", read_bytes),
    ("static System.IO.FileStream Open(string path, System.IO.FileMode mode)", |c| {
        stream::open_argument(c, c.int(1), None)
    }),
    ("static System.IO.FileStream Open(string path, System.IO.FileMode mode, System.IO.FileAccess access)", |c| {
        stream::open_argument(c, c.int(1), Some(c.int(2)))
    }),
    (
        "static System.IO.FileStream Open(string path, System.IO.FileMode mode, System.IO.FileAccess access, System.IO.FileShare share)",
        |c| stream::open_argument(c, c.int(1), Some(c.int(2))),
    ),
    ("static System.IO.FileStream OpenRead(string path)", |c| stream::open_argument(c, 3, Some(1))),
    ("static System.IO.FileStream OpenWrite(string path)", |c| stream::open_argument(c, 4, Some(2))),
    ("static System.IO.FileStream Create(string path)", |c| stream::open_argument(c, 2, None)),
    ("static System.IO.StreamReader OpenText(string path)", |c| text::open_text(c, c.text(0))),
    ("static System.IO.StreamWriter CreateText(string path)", |c| text::write_text(c, c.text(0), false)),
    ("static System.IO.StreamWriter AppendText(string path)", |c| text::write_text(c, c.text(0), true)),
    ("static string[] ReadAllLines(string path)", |c| Ok(strings(text_lines(&read_text(c)?)))),
    ("static string[] ReadAllLines(string path, System.Text.Encoding encoding)", |c| {
        Ok(strings(text_lines(&read_text(c)?)))
    }),
    ("static string ReadAllText(string path)", |c| Ok(read_text(c)?.into())),
    ("static string ReadAllText(string path, System.Text.Encoding encoding)", |c| Ok(read_text(c)?.into())),
    ("static System.Collections.Generic.IEnumerable[string] ReadLines(string path)", |c| {
        Ok(strings(text_lines(&read_text(c)?)))
    }),
    ("static void SetLastWriteTime(string path, datetime lastWriteTime)", set_write_time),
    ("static void SetLastWriteTimeUtc(string path, datetime lastWriteTimeUtc)", set_write_time),
    ("static void WriteAllBytes(string path, byte[] bytes)", write_bytes),
    ("static void WriteAllLines(string path, System.Collections.IEnumerable contents)", write_lines),
    (
        "static void WriteAllLines(string path, System.Collections.IEnumerable contents, System.Text.Encoding encoding)",
        write_lines,
    ),
    ("static void WriteAllText(string path, string contents)", |c| write(c, c.text(1).to_owned())),
    ("static void WriteAllText(string path, string contents, System.Text.Encoding encoding)", |c| {
        write(c, c.text(1).to_owned())
    }),
];

/// The encoding among the arguments; UTF-8 without one.
fn encoding(call: &Call<'_>) -> TextEncoding {
    call.args.iter().find_map(crate::value::members::library::encoding_of).unwrap_or(TextEncoding::Utf8)
}

fn read_text(call: &Call<'_>) -> Outcome<String> {
    let path = path_argument(call, 0)?;
    Ok(encoding(call).decode_file(&fs::read(&path).or_exception(&path)?))
}

/// Lines without their ends; a last end begins no further line.
pub(super) fn text_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        lines.push(line.to_owned());
        rest = after.strip_prefix("\r\n").or_else(|| after.get(1..)).unwrap_or_default();
    }
    lines
}

/// The items of the second argument, a line each.
fn lines_of(call: &Call<'_>) -> String {
    let mut text = String::new();
    for item in call.items(1) {
        text.push_str(&crate::value::convert::to_text(&item));
        text.push('\n');
    }
    text
}

/// Writes line by line, so that the file's text is never in memory as a whole.
fn write_lines(call: &mut Call<'_>) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    let encoding = encoding(call);
    let mut file = std::io::BufWriter::new(fs::File::create(&path).or_exception(&path)?);
    file.write_all(encoding.preamble()).or_exception(&path)?;
    for item in call.items(1) {
        let text = crate::value::convert::to_text(&item);
        match encoding {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => file.write_all(text.as_bytes()),
            other => file.write_all(&other.encode(&text)),
        }
        .and_then(|()| file.write_all(&encoding.encode("\n")))
        .or_exception(&path)?;
    }
    file.flush().or_exception(&path)?;
    Ok(Value::Nothing)
}

fn write(call: &Call<'_>, text: String) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    let encoding = encoding(call);
    let mut bytes = encoding.preamble().to_vec();
    bytes.extend(encoding.encode(&text));
    fs::write(&path, bytes).or_exception(&path)?;
    Ok(Value::Nothing)
}

fn append(call: &Call<'_>, text: String) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    let encoding = encoding(call);
    let mut file = fs::OpenOptions::new().create(true).append(true).open(&path).or_exception(&path)?;
    let empty = file.metadata().or_exception(&path)?.len() == 0;
    let mark = if empty { encoding.preamble() } else { b"" };
    file.write_all(&[mark, &encoding.encode(&text)].concat()).or_exception(&path)?;
    Ok(Value::Nothing)
}

fn read_bytes(call: &mut Call<'_>) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    let bytes = fs::read(&path).or_exception(&path)?;
    Ok(Value::Array(Array::bytes(bytes)))
}

fn write_bytes(call: &mut Call<'_>) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    let bytes =
        call.items(1).iter().filter_map(|v| if let Value::U8(b) = v { Some(*b) } else { None }).collect::<Vec<_>>();
    fs::write(&path, bytes).or_exception(&path)?;
    Ok(Value::Nothing)
}

fn copy(call: &Call<'_>, overwrite: bool) -> Outcome<Value> {
    let (from, to) = (path_argument(call, 0)?, path_argument(call, 1)?);
    refuse_existing(&to, overwrite)?;
    fs::metadata(&from).or_exception(&from)?;
    fs::copy(&from, &to).or_exception(&to)?;
    Ok(Value::Nothing)
}

fn rename(call: &Call<'_>, overwrite: bool) -> Outcome<Value> {
    let (from, to) = (path_argument(call, 0)?, path_argument(call, 1)?);
    refuse_existing(&to, overwrite)?;
    fs::rename(&from, &to).or_exception(&from)?;
    Ok(Value::Nothing)
}

/// Copying and moving refuse a target that is there, unless told otherwise.
pub(super) fn refuse_existing(target: &Path, overwrite: bool) -> Outcome<()> {
    if !overwrite && target.exists() {
        return Err(super::io_error(&std::io::ErrorKind::AlreadyExists.into(), target));
    }
    Ok(())
}

/// Deleting what is not there is no error; deleting in a folder that is not there is.
fn delete(call: &mut Call<'_>) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && path.parent().is_some_and(Path::exists) => {}
        done => done.or_exception(&path)?,
    }
    Ok(Value::Nothing)
}

fn attributes(call: &mut Call<'_>) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    fs::symlink_metadata(&path).or_exception(&path)?;
    Ok(FileSystemEntry::at(path).attributes())
}

/// Where the file system does not keep the time of creation, the last change stands for it.
pub(super) fn created(metadata: &fs::Metadata) -> std::io::Result<std::time::SystemTime> {
    metadata.created().or_else(|_| metadata.modified())
}

fn time(
    call: &Call<'_>,
    read: fn(&fs::Metadata) -> std::io::Result<std::time::SystemTime>,
    kind: DateKind,
) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    Ok(fs::metadata(&path).and_then(|m| read(&m)).map_or_else(|_| no_time(kind), |moment| date_time(moment, kind)))
}

fn set_write_time(call: &mut Call<'_>) -> Outcome<Value> {
    let path = path_argument(call, 0)?;
    if let Value::DateTime(date) = call.arg(1) {
        let file = fs::File::open(&path).or_exception(&path)?;
        file.set_modified(moment(*date)).or_exception(&path)?;
    }
    Ok(Value::Nothing)
}
