//! What the general cmdlets share: the properties of any object, small objects of known types, paths.

use crate::runtime::Session;
use crate::runtime::providers::{Expansion, Provider, path};
use crate::value::{
    DateTime, Engine, ErrorCategory, Extension, ExtensionSlot, Fault, Member, Outcome, PsObject, Shape, Str, TimeSpan,
    TypeRef, Value, convert, encoding::TextEncoding, members, wildcard,
};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Names and values of an object's properties in their order; the shape's directly for plain objects.
pub(super) fn properties(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<(Str, Value)>> {
    if let Value::Object(object) = value {
        if !object.extension.has_members() {
            let shape = object.shape.borrow().clone();
            return Ok(shape.names.iter().cloned().zip(object.values.borrow().iter().cloned()).collect());
        }
    }
    let mut found = Vec::new();
    for name in property_names(value) {
        // A property whose getter fails is shown empty, as PowerShell does.
        let value = members::get(engine, value, &name).ok().flatten().unwrap_or(Value::Null);
        found.push((name, value));
    }
    Ok(found)
}

/// Names of an object's properties in their order.
pub(super) fn property_names(value: &Value) -> Vec<Str> {
    let plain = |entry: &members::MemberEntry| entry.kind != "ParameterizedProperty";
    match value {
        Value::Object(object) if !object.extension.has_members() => members::property_names(value),
        other => members::properties(other).into_iter().filter(plain).map(|entry| entry.name).collect(),
    }
}

/// Note properties added to a value.
pub(super) fn notes(extension: &ExtensionSlot) -> Vec<(Str, Value)> {
    let Some(extension) = extension.get() else { return Vec::new() };
    let extension: &Extension = &extension.borrow();
    let note = |(name, member): (&Str, &Member)| match member {
        Member::Note(value) => Some((name.clone(), value.clone())),
        _ => None,
    };
    extension.members.iter().filter_map(note).collect()
}

/// An object of a known .NET type made of plain properties.
pub(super) fn typed_object(kind: TypeRef, properties: Vec<(&str, Value)>) -> Rc<PsObject> {
    let (names, values): (Vec<Str>, Vec<Value>) =
        properties.into_iter().map(|(name, value)| (Str::from(name), value)).unzip();
    Rc::new(PsObject {
        kind,
        shape: Rc::new(Shape { names }).into(),
        values: values.into(),
        extension: ExtensionSlot::default(),
    })
}

/// A `DateTimeOffset` of clock time and offset in ticks.
pub(super) fn date_time_offset(date: DateTime, offset: i64) -> Value {
    let arguments = vec![Value::DateTime(date), Value::TimeSpan(TimeSpan(offset))];
    members::construct(&mut convert::Detached, TypeRef::DATETIMEOFFSET, arguments).unwrap_or(Value::DateTime(date))
}

/// The file a path parameter names: relative to the current location, `~` at home, a drive at its root.
pub(super) fn file_path(session: &mut Session, given: &str) -> PathBuf {
    match session.provider_path(given) {
        Ok(place) if place.drive.provider == Provider::FileSystem => PathBuf::from(place.path),
        _ => session.current_directory().join(path::with_separators(given)),
    }
}

/// The paths a pattern stands for, in order; a path without wildcards stands for itself.
pub(super) fn matching_paths(session: &mut Session, pattern: &str) -> Outcome<Vec<PathBuf>> {
    if !wildcard::has_wildcard(pattern) {
        return Ok(vec![file_path(session, &wildcard::unescape(pattern))]);
    }
    let found = session.expand_path(pattern, Expansion::default())?;
    Ok(found.into_iter().map(|place| PathBuf::from(place.path)).collect())
}

/// The error of a file that cannot be read or written.
pub(super) fn io_fault(error: &std::io::Error, path: &Path) -> Fault {
    use std::io::ErrorKind;
    let (exception, category) = match error.kind() {
        ErrorKind::NotFound if path.parent().is_some_and(Path::exists) => {
            ("System.IO.FileNotFoundException", ErrorCategory::OpenError)
        }
        ErrorKind::NotFound => ("System.IO.DirectoryNotFoundException", ErrorCategory::OpenError),
        ErrorKind::PermissionDenied => ("System.UnauthorizedAccessException", ErrorCategory::OpenError),
        _ => ("System.IO.IOException", ErrorCategory::OpenError),
    };
    Fault::new("FileOpenFailure", format!("'{}': {error}.", path.display()))
        .exception(exception)
        .category(category)
        .target(path.to_string_lossy().as_ref())
}

/// The encoding an `-Encoding` parameter names.
pub(super) fn encoding(named: &Value) -> Outcome<TextEncoding> {
    let name = convert::to_text(named);
    TextEncoding::by_name(&name).ok_or_else(|| {
        Fault::new("ParameterArgumentTransformationError", format!("'{name}' is no encoding; utf8 and unicode are."))
            .category(ErrorCategory::InvalidData)
            .into()
    })
}
