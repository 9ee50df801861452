//! `System.IO.FileInfo` and `DirectoryInfo`, with the properties that the engine's type tables add to them.

use super::directory::{Only, delete, listing};
use super::file::refuse_existing;
use super::{OrException, date_time, full_path, moment, no_time, path::base_name, path::extension, path_text};
use crate::value::members::table::{Call, PropertyRow, Row, Table, added, get, set};
use crate::value::{DateKind, Native, NativeObject, Outcome, Str, TypeRef, Value};
use std::any::Any;
use std::cell::RefCell;
use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file or folder as an object: what it says of itself is read when first asked for, and again after `Refresh()`.
pub(crate) struct FileSystemEntry {
    /// The whole path.
    path: PathBuf,
    /// The path as given, which is what `ToString()` shows.
    given: Str,
    folder: bool,
    metadata: RefCell<Option<Option<Metadata>>>,
}

impl FileSystemEntry {
    /// What stands at a path.
    pub(crate) fn at(path: PathBuf) -> Self {
        let folder = path.is_dir();
        Self::new(path, folder)
    }

    /// A file, there or not.
    pub(crate) fn file(path: PathBuf) -> Self {
        Self::new(path, false)
    }

    /// A folder, there or not.
    pub(crate) fn folder(path: PathBuf) -> Self {
        Self::new(path, true)
    }

    fn new(path: PathBuf, folder: bool) -> Self {
        FileSystemEntry { given: path_text(&path), path, folder, metadata: RefCell::new(None) }
    }

    fn given_as(mut self, text: &str) -> Self {
        self.given = Str::from(text);
        self
    }

    /// The whole path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().map_or_else(|| "/".to_owned(), |n| n.to_string_lossy().into_owned())
    }

    /// What the file system says; `None` for what does not exist.
    pub(crate) fn metadata(&self) -> Option<Metadata> {
        self.metadata
            .borrow_mut()
            .get_or_insert_with(|| fs::metadata(&self.path).or_else(|_| fs::symlink_metadata(&self.path)).ok())
            .clone()
    }

    fn refresh(&self) {
        *self.metadata.borrow_mut() = None;
    }

    fn is_link(&self) -> bool {
        self.path.is_symlink()
    }

    fn is_hidden(&self) -> bool {
        let name = self.name();
        name.starts_with('.') && name.len() > 1
    }

    fn is_read_only(&self) -> bool {
        self.metadata().is_some_and(|m| m.permissions().mode() & 0o222 == 0)
    }

    /// `FileAttributes` as .NET makes them of a Unix entry.
    pub(crate) fn attributes(&self) -> Value {
        const READ_ONLY: i64 = 1;
        const HIDDEN: i64 = 2;
        const FOLDER: i64 = 16;
        const NORMAL: i64 = 128;
        const LINK: i64 = 1024;
        let flags = [
            (self.is_read_only(), READ_ONLY),
            (self.is_hidden(), HIDDEN),
            (self.folder, FOLDER),
            (self.is_link(), LINK),
        ];
        let bits = flags.iter().filter(|(on, _)| *on).fold(0, |bits, (_, bit)| bits | bit);
        TypeRef::FILE_ATTRIBUTES.enum_of(if bits == 0 { NORMAL } else { bits })
    }

    /// `d-r-h-l` in the old form: folder, archive, read-only, hidden, system.
    fn mode(&self) -> String {
        let first = match () {
            () if self.is_link() => 'l',
            () if self.folder => 'd',
            () => '-',
        };
        let archive = if self.folder || self.is_link() { '-' } else { 'a' };
        let read_only = if self.is_read_only() { 'r' } else { '-' };
        let hidden = if self.is_hidden() { 'h' } else { '-' };
        format!("{first}{archive}{read_only}{hidden}-").replacen('a', "-", usize::from(!self.folder))
    }

    /// `drwxr-xr-x`.
    pub(crate) fn unix_mode(&self) -> String {
        let bits = self.metadata().map_or(0, |m| m.permissions().mode());
        let kind = match () {
            () if self.is_link() => 'l',
            () if self.folder => 'd',
            () => '-',
        };
        let letters = [
            (0o400, 'r'),
            (0o200, 'w'),
            (0o100, 'x'),
            (0o40, 'r'),
            (0o20, 'w'),
            (0o10, 'x'),
            (4, 'r'),
            (2, 'w'),
            (1, 'x'),
        ];
        std::iter::once(kind).chain(letters.iter().map(|(bit, c)| if bits & bit == 0 { '-' } else { *c })).collect()
    }
}

impl NativeObject for FileSystemEntry {
    fn kind(&self) -> TypeRef {
        if self.folder { TypeRef::DIRECTORYINFO } else { TypeRef::FILEINFO }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.given.to_string()
    }
}

pub(crate) static FILE_SYSTEM_INFO: Table = Table { methods: COMMON_METHODS, properties: COMMON, ..Table::EMPTY };
pub(crate) static FILE_INFO: Table = Table {
    methods: FILE_METHODS,
    properties: FILE_PROPERTIES,
    constructors: &[("FileInfo(string fileName)", |c| construct(c, false))],
    ..Table::EMPTY
};
pub(crate) static DIRECTORY_INFO: Table = Table {
    methods: DIRECTORY_METHODS,
    properties: DIRECTORY_PROPERTIES,
    constructors: &[("DirectoryInfo(string path)", |c| construct(c, true))],
    ..Table::EMPTY
};

fn construct(call: &mut Call<'_>, folder: bool) -> Outcome<Value> {
    let path = full_path(&*call.engine, call.text(0))?;
    Ok(Native::value(FileSystemEntry::new(path, folder).given_as(call.text(0))))
}

/// Reads something of an entry.
fn of<T: Into<Value>>(value: &Value, read: impl FnOnce(&FileSystemEntry) -> T) -> Outcome<Value> {
    match value {
        Value::Native(native) => {
            Ok(native.downcast::<FileSystemEntry>().map_or(Value::Null, |entry| read(entry).into()))
        }
        _ => Ok(Value::Null),
    }
}

fn time(value: &Value, kind: DateKind, read: fn(&Metadata) -> std::io::Result<SystemTime>) -> Outcome<Value> {
    of(value, |entry| match entry.metadata().and_then(|m| read(&m).ok()) {
        Some(moment) => date_time(moment, kind),
        None => no_time(kind),
    })
}

fn set_write_time(value: &Value, new: &Value) -> Outcome<()> {
    let (Value::Native(native), Value::DateTime(date)) = (value, new) else { return Ok(()) };
    let Some(entry) = native.downcast::<FileSystemEntry>() else { return Ok(()) };
    let file = fs::File::open(&entry.path).or_exception(&entry.path)?;
    file.set_modified(moment(*date)).or_exception(&entry.path)?;
    entry.refresh();
    Ok(())
}

fn set_read_only(value: &Value, on: bool) -> Outcome<()> {
    let Value::Native(native) = value else { return Ok(()) };
    let Some(entry) = native.downcast::<FileSystemEntry>() else { return Ok(()) };
    let mut permissions = fs::metadata(&entry.path).or_exception(&entry.path)?.permissions();
    let mode = permissions.mode();
    permissions.set_mode(if on { mode & !0o222 } else { mode | 0o200 });
    fs::set_permissions(&entry.path, permissions).or_exception(&entry.path)?;
    entry.refresh();
    Ok(())
}

static COMMON: &[PropertyRow] = &[
    get("FullName", "string", |_, v| of(v, |e| path_text(&e.path))),
    get("Extension", "string", |_, v| of(v, |e| extension(&e.name()).to_owned())),
    get("Name", "string", |_, v| of(v, FileSystemEntry::name)),
    get("Exists", "bool", |_, v| of(v, |e| if e.folder { e.path.is_dir() } else { e.path.is_file() })),
    get("CreationTime", "datetime", |_, v| time(v, DateKind::Local, super::file::created)),
    get("CreationTimeUtc", "datetime", |_, v| time(v, DateKind::Utc, super::file::created)),
    get("LastAccessTime", "datetime", |_, v| time(v, DateKind::Local, |m| m.accessed())),
    get("LastAccessTimeUtc", "datetime", |_, v| time(v, DateKind::Utc, |m| m.accessed())),
    set(
        "LastWriteTime",
        "datetime",
        |_, v| time(v, DateKind::Local, |m| m.modified()),
        |_, v, new| set_write_time(v, &new),
    ),
    set(
        "LastWriteTimeUtc",
        "datetime",
        |_, v| time(v, DateKind::Utc, |m| m.modified()),
        |_, v, new| set_write_time(v, &new),
    ),
    get("LinkTarget", "string", |_, v| of(v, link_target)),
    set(
        "Attributes",
        "System.IO.FileAttributes",
        |_, v| of(v, FileSystemEntry::attributes),
        |_, v, new| set_read_only(v, matches!(&new, Value::Enum(e) if e.bits & 1 != 0)),
    ),
    added("Mode", "CodeProperty", "string", |_, v| of(v, FileSystemEntry::mode)),
    added("ModeWithoutHardLink", "CodeProperty", "string", |_, v| of(v, FileSystemEntry::mode)),
    added("BaseName", "ScriptProperty", "string", |_, v| {
        of(v, |e| if e.folder { e.name() } else { base_name(&e.name()).to_owned() })
    }),
    added("Target", "AliasProperty", "string", |_, v| of(v, link_target)),
    added("ResolvedTarget", "CodeProperty", "string", |_, v| of(v, |e| path_text(&e.path))),
    added("LinkType", "CodeProperty", "string", |_, v| of(v, |e| e.is_link().then(|| Str::from("SymbolicLink")))),
    added("UnixMode", "ScriptProperty", "string", |_, v| of(v, FileSystemEntry::unix_mode)),
    added("User", "ScriptProperty", "string", |_, v| of(v, |e| owner(e, false))),
    added("Group", "ScriptProperty", "string", |_, v| of(v, |e| owner(e, true))),
    added("Size", "ScriptProperty", "long", |_, v| of(v, |e| e.metadata().map_or(0, |m| m.len() as i64))),
];

fn link_target(entry: &FileSystemEntry) -> Option<Str> {
    fs::read_link(&entry.path).ok().map(|target| path_text(&target))
}

/// The name of the owner or group, from the system's own lists; the number where there is no name.
fn owner(entry: &FileSystemEntry, group: bool) -> Option<Str> {
    let metadata = entry.metadata()?;
    let (file, id) = if group { ("/etc/group", metadata.gid()) } else { ("/etc/passwd", metadata.uid()) };
    let list = fs::read_to_string(file).unwrap_or_default();
    let name = list.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse::<u32>().ok()? == id).then(|| name.to_owned())
    });
    Some(Str::from(name.unwrap_or_else(|| id.to_string())))
}

static COMMON_METHODS: &[Row] = &[
    ("void Refresh()", |c| {
        of(c.this, |e| {
            e.refresh();
            Value::Nothing
        })
    }),
    ("string ToString()", |c| of(c.this, |e| e.given.clone())),
];

static FILE_PROPERTIES: &[PropertyRow] = &[
    get("Length", "long", |_, v| match v {
        Value::Native(native) => match native.downcast::<FileSystemEntry>() {
            Some(entry) => match entry.metadata() {
                Some(metadata) => Ok(Value::I64(metadata.len() as i64)),
                None => Err(super::io_error(&std::io::ErrorKind::NotFound.into(), &entry.path)),
            },
            None => Ok(Value::Null),
        },
        _ => Ok(Value::Null),
    }),
    get("DirectoryName", "string", |_, v| of(v, |e| e.path.parent().map(path_text))),
    get("Directory", "System.IO.DirectoryInfo", |_, v| of(v, parent)),
    set(
        "IsReadOnly",
        "bool",
        |_, v| of(v, FileSystemEntry::is_read_only),
        |_, v, new| set_read_only(v, matches!(new, Value::Bool(true))),
    ),
];

fn parent(entry: &FileSystemEntry) -> Value {
    entry.path.parent().map_or(Value::Null, |p| Native::value(FileSystemEntry::folder(p.to_path_buf())))
}

static FILE_METHODS: &[Row] = &[
    ("System.IO.FileInfo CopyTo(string destFileName)", |c| copy_to(c, false)),
    ("System.IO.FileInfo CopyTo(string destFileName, bool overwrite)", |c| copy_to(c, c.flag(1))),
    ("void Delete()", |c| {
        let path = own_path(c);
        if path.exists() {
            fs::remove_file(&path).or_exception(&path)?
        }
        Ok(Value::Nothing)
    }),
    ("void MoveTo(string destFileName)", |c| move_to(c, false)),
    ("void MoveTo(string destFileName, bool overwrite)", |c| move_to(c, c.flag(1))),
    ("System.IO.StreamReader OpenText()", |c| super::text::open_text(c, &own_path(c).to_string_lossy())),
    ("System.IO.StreamWriter CreateText()", |c| super::text::write_text(c, &own_path(c).to_string_lossy(), false)),
    ("System.IO.StreamWriter AppendText()", |c| super::text::write_text(c, &own_path(c).to_string_lossy(), true)),
    ("System.IO.FileStream Open(System.IO.FileMode mode)", |c| open(c, c.int(0), None)),
    ("System.IO.FileStream Open(System.IO.FileMode mode, System.IO.FileAccess access)", |c| {
        open(c, c.int(0), Some(c.int(1)))
    }),
    ("System.IO.FileStream OpenRead()", |c| open(c, 3, Some(1))),
    ("System.IO.FileStream OpenWrite()", |c| open(c, 4, Some(2))),
    ("System.IO.FileStream Create()", |c| open(c, 2, None)),
];

fn open(call: &Call<'_>, mode: i64, access: Option<i64>) -> Outcome<Value> {
    super::stream::open(&*call.engine, &own_path(call).to_string_lossy(), mode, access)
}

fn own_path(call: &Call<'_>) -> PathBuf {
    match call.this {
        Value::Native(native) => native.downcast::<FileSystemEntry>().map(|e| e.path.clone()).unwrap_or_default(),
        _ => PathBuf::new(),
    }
}

fn copy_to(call: &Call<'_>, overwrite: bool) -> Outcome<Value> {
    let (from, to) = (own_path(call), full_path(&*call.engine, call.text(0))?);
    refuse_existing(&to, overwrite)?;
    fs::copy(&from, &to).or_exception(&from)?;
    Ok(Native::value(FileSystemEntry::file(to)))
}

fn move_to(call: &Call<'_>, overwrite: bool) -> Outcome<Value> {
    let (from, to) = (own_path(call), full_path(&*call.engine, call.text(0))?);
    refuse_existing(&to, overwrite)?;
    fs::rename(&from, &to).or_exception(&from)?;
    Ok(Value::Nothing)
}

static DIRECTORY_PROPERTIES: &[PropertyRow] = &[
    get("Parent", "System.IO.DirectoryInfo", |_, v| of(v, parent)),
    get("Root", "System.IO.DirectoryInfo", |_, _| Ok(Native::value(FileSystemEntry::folder(PathBuf::from("/"))))),
];

static DIRECTORY_METHODS: &[Row] = &[
    ("void Create()", |c| {
        let path = own_path(c);
        fs::create_dir_all(&path).or_exception(&path)?;
        Ok(Value::Nothing)
    }),
    ("System.IO.DirectoryInfo CreateSubdirectory(string path)", |c| {
        let path = own_path(c).join(c.text(0));
        fs::create_dir_all(&path).or_exception(&path)?;
        Ok(Native::value(FileSystemEntry::folder(path)))
    }),
    ("void Delete()", |c| delete(&own_path(c), false)),
    ("void Delete(bool recursive)", |c| delete(&own_path(c), c.flag(0))),
    ("System.Collections.Generic.IEnumerable[System.IO.FileInfo] EnumerateFiles()", |c| entries(c, Only::Files)),
    ("System.IO.DirectoryInfo[] GetDirectories()", |c| entries(c, Only::Folders)),
    ("System.IO.DirectoryInfo[] GetDirectories(string searchPattern)", |c| entries(c, Only::Folders)),
    ("System.IO.FileInfo[] GetFiles()", |c| entries(c, Only::Files)),
    ("System.IO.FileInfo[] GetFiles(string searchPattern)", |c| entries(c, Only::Files)),
    ("System.IO.FileInfo[] GetFiles(string searchPattern, System.IO.SearchOption searchOption)", |c| {
        entries(c, Only::Files)
    }),
    ("System.IO.FileSystemInfo[] GetFileSystemInfos()", |c| entries(c, Only::Any)),
    ("System.IO.FileSystemInfo[] GetFileSystemInfos(string searchPattern)", |c| entries(c, Only::Any)),
    ("void MoveTo(string destDirName)", |c| move_to(c, false)),
];

fn entries(call: &mut Call<'_>, only: Only) -> Outcome<Value> {
    let pattern = if call.args.is_empty() { "*" } else { call.text(0) };
    let found = listing(&own_path(call), pattern, call.int(1) == 1, only)?;
    let element = match only {
        Only::Any => TypeRef::FILESYSTEMINFO,
        Only::Files => TypeRef::FILEINFO,
        Only::Folders => TypeRef::DIRECTORYINFO,
    };
    let items = found.into_iter().map(|path| Native::value(FileSystemEntry::at(path))).collect();
    Ok(Value::Array(crate::value::Array::typed(element, items)))
}
