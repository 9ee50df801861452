//! What providers give scripts to hold: path infos, drives, providers, files with the notes that tell where they are.

use super::drive::{Drive, Location, Provider};
use super::path;
use crate::runtime::Session;
use crate::runtime::objects::object_with_text;
use crate::value::members::library::io::FileSystemEntry;
use crate::value::{Member, Native, NativeObject, PsObject, Shape, Str, TypeRef, Value};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// `PathInfo`: a place as `$PWD`, Get-Location and Resolve-Path give it.
struct PathInfo {
    place: Location,
    drive: Value,
    provider: Value,
}

impl NativeObject for PathInfo {
    fn kind(&self) -> TypeRef {
        TypeRef::PATH_INFO
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.place.shown()
    }
    fn member(&self, name: &str) -> Option<Value> {
        let rows: [(&str, fn(&PathInfo) -> Value); 4] = [
            ("Path", |info| info.place.shown().into()),
            ("Drive", |info| info.drive.clone()),
            ("Provider", |info| info.provider.clone()),
            ("ProviderPath", |info| info.place.path.as_str().into()),
        ];
        rows.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, read)| read(self))
    }
    fn member_names(&self) -> Vec<Str> {
        ["Drive", "Provider", "ProviderPath", "Path"].into_iter().map(Str::from).collect()
    }
}

/// A place as a `PathInfo`.
pub(crate) fn path_info(session: &mut Session, place: &Location) -> Value {
    let drive = drive_object(session, &place.drive);
    let provider = provider_object(place.drive.provider);
    Native::value(PathInfo { place: place.clone(), drive, provider })
}

/// A drive as a `PSDriveInfo`.
pub(crate) fn drive_object(session: &mut Session, drive: &Rc<Drive>) -> Value {
    let current = session.current_location();
    let is_current = current.drive.name == drive.name && drive.provider == Provider::FileSystem;
    let current =
        if is_current { current.path.trim_start_matches('/').to_owned() } else { drive.current.borrow().clone() };
    object_with_text(
        "System.Management.Automation.PSDriveInfo",
        drive.name.clone(),
        vec![
            ("CurrentLocation", current.into()),
            ("Name", Value::Str(drive.name.clone())),
            ("Provider", provider_object(drive.provider)),
            ("Root", Value::Str(drive.root.clone())),
            ("Description", Value::Str(drive.description.clone())),
            ("MaximumSize", Value::Null),
            ("Credential", Value::Null),
            ("DisplayRoot", Value::Null),
        ],
    )
}

const MODULE: &str = "Microsoft.PowerShell.Core";

/// A provider as a `ProviderInfo`.
pub(crate) fn provider_object(provider: Provider) -> Value {
    provider_with(provider, Vec::new())
}

/// The same with its drives, as Get-PSProvider gives it.
pub(crate) fn provider_with_drives(session: &mut Session, provider: Provider) -> Value {
    let all = session.drives().all();
    let own = all.iter().filter(|drive| drive.provider == provider);
    let drives = own.map(|drive| drive_object(session, drive)).collect();
    provider_with(provider, drives)
}

fn provider_with(provider: Provider, drives: Vec<Value>) -> Value {
    let files = provider == Provider::FileSystem;
    let capabilities = if files { "Filter, ShouldProcess, Credentials" } else { "ShouldProcess" };
    object_with_text(
        "System.Management.Automation.ProviderInfo",
        format!("{MODULE}\\{}", provider.name()),
        vec![
            ("Name", provider.name().into()),
            ("ModuleName", MODULE.into()),
            ("Description", "".into()),
            ("Capabilities", capabilities.into()),
            ("Home", Value::Null),
            ("Drives", Value::array(drives)),
        ],
    )
}

/// A `DictionaryEntry` as the environment's items are.
pub(crate) fn dictionary_entry(name: &str, value: Value) -> Value {
    thread_local! {
        static SHAPE: Rc<Shape> = Rc::new(Shape { names: vec!["Key".into(), "Value".into(), "Name".into()] });
    }
    let entry = PsObject {
        kind: TypeRef::DICTIONARY_ENTRY,
        shape: RefCell::new(SHAPE.with(Rc::clone)),
        values: RefCell::new(vec![name.into(), value, name.into()]),
        extension: Default::default(),
    };
    Value::Object(Rc::new(entry))
}

/// A file or directory, with its notes.
pub(crate) fn file_object(session: &mut Session, place: &Location) -> Value {
    let entry = Native::value(FileSystemEntry::at(place.path.clone().into()));
    with_notes(session, entry, place)
}

/// Adds the notes `PSPath`, `PSParentPath`, `PSChildName`, `PSDrive`, `PSProvider` and `PSIsContainer`.
pub(crate) fn with_notes(session: &mut Session, item: Value, place: &Location) -> Value {
    let container = super::items::is_container(place);
    let mut notes = notes_of(session, place);
    notes.push(("PSIsContainer", Value::Bool(container)));
    let slot = match &item {
        Value::Native(native) => &native.extension,
        Value::Object(object) => &object.extension,
        _ => return item,
    };
    let mut extension = slot.make().borrow_mut();
    for (name, value) in notes {
        extension.members.insert(name.into(), Member::Note(value));
    }
    drop(extension);
    item
}

/// The notes that tell where something is from.
pub(crate) fn notes_of(session: &mut Session, place: &Location) -> Vec<(&'static str, Value)> {
    let provider = place.drive.provider;
    let qualified = |path: &str| format!("Microsoft.PowerShell.Core\\{}::{path}", provider.name());
    let (own, parent, child) = match provider {
        Provider::FileSystem => {
            let own = place.path.clone();
            let parent = path::parent(&own);
            let child = path::leaf(&own);
            (own, parent, child)
        }
        _ => (place.path.clone(), String::new(), place.path.clone()),
    };
    let mut notes: Vec<(&'static str, Value)> = vec![("PSPath", qualified(&own).into())];
    if provider == Provider::FileSystem {
        notes.push(("PSParentPath", qualified(&parent).into()));
        notes.push(("PSChildName", child.into()));
    }
    notes.push(("PSDrive", drive_object(session, &place.drive)));
    notes.push(("PSProvider", provider_object(provider)));
    notes
}
