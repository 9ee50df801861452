//! `System.IO.Path`: paths as text. Only `/` separates off Windows.

use super::resolve_text;
use crate::value::members::table::{Call, PropertyRow, Row, Table, get};
use crate::value::{Fault, Outcome, TypeRef, Value};

pub(crate) static PATH: Table = Table { statics: STATICS, static_properties: PROPERTIES, ..Table::EMPTY };

static PROPERTIES: &[PropertyRow] = &[
    get("DirectorySeparatorChar", "char", |_, _| Ok(Value::Char(u16::from(b'/')))),
    get("AltDirectorySeparatorChar", "char", |_, _| Ok(Value::Char(u16::from(b'/')))),
    get("PathSeparator", "char", |_, _| Ok(Value::Char(u16::from(b':')))),
    get("VolumeSeparatorChar", "char", |_, _| Ok(Value::Char(u16::from(b'/')))),
];

static STATICS: &[Row] = &[
    ("static string ChangeExtension(string path, string extension)", change_extension),
    ("static string Combine(string path1, string path2)", combine),
    ("static string Combine(string path1, string path2, string path3)", combine),
    ("static string Combine(string path1, string path2, string path3, string path4)", combine),
    ("static string Combine(params string[] paths)", combine),
    ("static bool EndsInDirectorySeparator(string path)", |c| Ok(Value::Bool(c.text(0).ends_with('/')))),
    ("static bool Exists(string path)", |c| {
        Ok(Value::Bool(super::path_argument(c, 0).is_ok_and(|path| path.exists())))
    }),
    ("static string GetDirectoryName(string path)", |c| Ok(directory_name(c.text(0)).into())),
    ("static string GetExtension(string path)", |c| Ok(if_text(c, extension))),
    ("static string GetFileName(string path)", |c| Ok(if_text(c, file_name))),
    ("static string GetFileNameWithoutExtension(string path)", |c| Ok(if_text(c, base_name))),
    ("static string GetFullPath(string path)", full_path),
    ("static string GetFullPath(string path, string basePath)", |c| Ok(resolve_text(c.text(1), c.text(0)).into())),
    ("static char[] GetInvalidFileNameChars()", |_| Ok(characters(&['\0', '/']))),
    ("static char[] GetInvalidPathChars()", |_| Ok(characters(&['\0']))),
    ("static string GetPathRoot(string path)", |c| Ok(if_text(c, |p| if p.starts_with('/') { "/" } else { "" }))),
    ("static string GetRandomFileName()", |_| Ok(random_name().into())),
    ("static string GetRelativePath(string relativeTo, string path)", relative_path),
    ("static string GetTempFileName()", temporary_file),
    ("static string GetTempPath()", |_| Ok(temporary_folder().into())),
    ("static bool HasExtension(string path)", |c| Ok(Value::Bool(extension(c.text(0)).len() > 1))),
    ("static bool IsPathFullyQualified(string path)", |c| Ok(Value::Bool(c.text(0).starts_with('/')))),
    ("static bool IsPathRooted(string path)", |c| Ok(Value::Bool(c.text(0).starts_with('/')))),
    ("static string Join(string path1, string path2)", join),
    ("static string Join(string path1, string path2, string path3)", join),
    ("static string Join(string path1, string path2, string path3, string path4)", join),
    ("static string Join(params string[] paths)", join),
    ("static string TrimEndingDirectorySeparator(string path)", |c| Ok(trim_separator(c.text(0)).into())),
];

fn if_text(call: &Call<'_>, read: fn(&str) -> &str) -> Value {
    if call.arg(0).is_null() { Value::Null } else { read(call.text(0)).into() }
}

/// What follows the last separator.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// With its dot; empty where there is none, or only a last dot.
pub(super) fn extension(path: &str) -> &str {
    let name = file_name(path);
    match name.rfind('.') {
        Some(at) if at + 1 < name.len() => name.get(at..).unwrap_or_default(),
        _ => "",
    }
}

/// The name without its extension.
pub(super) fn base_name(path: &str) -> &str {
    let name = file_name(path);
    name.rfind('.').and_then(|at| name.get(..at)).unwrap_or(name)
}

/// `None` for a root and for no path.
fn directory_name(path: &str) -> Option<String> {
    if path.is_empty() || path == "/" {
        return None;
    }
    let at = path.rfind('/').unwrap_or(0);
    let before = path.get(..at).unwrap_or_default().trim_end_matches('/');
    Some(if before.is_empty() && path.starts_with('/') { "/".to_owned() } else { before.replace("//", "/") })
}

fn change_extension(call: &mut Call<'_>) -> Outcome<Value> {
    let path = call.text(0);
    let name = file_name(path);
    let stem = path.len() - name.len() + name.rfind('.').unwrap_or(name.len());
    let stem = path.get(..stem).unwrap_or(path);
    let extension = call.text(1);
    Ok(match () {
        () if call.arg(1).is_null() => stem.into(),
        () if extension.starts_with('.') => format!("{stem}{extension}").into(),
        () => format!("{stem}.{extension}").into(),
    })
}

/// The text arguments of a call, or the items of its one array.
fn texts(call: &Call<'_>) -> Vec<String> {
    let from = |value: &Value| match value {
        Value::Str(text) => text.to_string(),
        _ => String::new(),
    };
    match &*call.args {
        [Value::Array(items)] => items.items().iter().map(from).collect(),
        args => args.iter().map(from).collect(),
    }
}

fn combine(call: &mut Call<'_>) -> Outcome<Value> {
    let mut whole = String::new();
    for part in texts(call) {
        if part.starts_with('/') {
            whole = part;
        } else if !part.is_empty() {
            if !whole.is_empty() && !whole.ends_with('/') {
                whole.push('/');
            }
            whole.push_str(&part);
        }
    }
    Ok(whole.into())
}

fn join(call: &mut Call<'_>) -> Outcome<Value> {
    let mut whole = String::new();
    for part in texts(call).iter().filter(|part| !part.is_empty()) {
        if !whole.is_empty() && !whole.ends_with('/') && !part.starts_with('/') {
            whole.push('/');
        }
        whole.push_str(part);
    }
    Ok(whole.into())
}

fn full_path(call: &mut Call<'_>) -> Outcome<Value> {
    if call.text(0).is_empty() {
        return super::empty_path().err();
    }
    Ok(resolve_text(&call.engine.current_directory().to_string_lossy(), call.text(0)).into())
}

fn relative_path(call: &mut Call<'_>) -> Outcome<Value> {
    let base = call.engine.current_directory().to_string_lossy().into_owned();
    let (from, to) = (resolve_text(&base, call.text(0)), resolve_text(&base, call.text(1)));
    let parts = |path: &str| path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(&from), parts(&to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - common);
    let way: Vec<String> = up.chain(to.iter().skip(common).cloned()).collect();
    Ok(if way.is_empty() { ".".into() } else { way.join("/").into() })
}

fn trim_separator(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

fn characters(list: &[char]) -> Value {
    let items = list.iter().map(|c| Value::Char(*c as u16)).collect();
    Value::Array(crate::value::Array::typed(TypeRef::CHAR, items))
}

/// Eight and three characters, as .NET makes them.
fn random_name() -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz012345";
    let letter = || char::from(LETTERS[usize::from(rand::random::<u8>() & 31)]);
    let mut name: String = (0..8).map(|_| letter()).collect();
    name.push('.');
    name.extend((0..3).map(|_| letter()));
    name
}

fn temporary_folder() -> String {
    let mut folder = std::env::temp_dir().to_string_lossy().into_owned();
    if !folder.ends_with('/') {
        folder.push('/');
    }
    folder
}

fn temporary_file(_: &mut Call<'_>) -> Outcome<Value> {
    let folder = temporary_folder();
    for _ in 0..100 {
        let stem: String = random_name().chars().filter(char::is_ascii_alphanumeric).take(6).collect();
        let path = format!("{folder}tmp{stem}.tmp");
        if std::fs::File::create_new(&path).is_ok() {
            return Ok(path.into());
        }
    }
    Fault::new("IOException", format!("No temporary file can be made in '{folder}'."))
        .exception("System.IO.IOException")
        .err()
}
