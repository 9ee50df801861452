//! Properties in one line, as `Get-Member` lists them and as a member's own text says them.

use super::describe::MemberEntry;
use super::extension;
use crate::value::{Engine, Member, Outcome, Str, TypeRef, Value, convert};

/// As `Get-Member` shows a property: with its value where only the value tells the type.
pub(crate) fn property_definition(engine: &mut dyn Engine, value: &Value, entry: &MemberEntry) -> Outcome<String> {
    let name = &entry.name;
    let access = if entry.settable { "get;set;" } else { "get;" };
    Ok(match extension::find_member(value, name) {
        Some(Member::Alias(target, _)) => format!("{name} = {target}"),
        Some(Member::Script(getter, setter)) => {
            let setter = setter.map(|setter| format!("set={};", setter.text())).unwrap_or_default();
            format!("System.Object {name} {{get={};{setter}}}", getter.text())
        }
        _ if entry.kind == "NoteProperty" => {
            let held = entry.get(engine, value)?;
            let shown = match &held {
                Value::Null | Value::Nothing => Str::from("null"),
                Value::Array(_) => Str::from(TypeRef::of(&held).name()),
                _ => convert::to_text(&held),
            };
            format!("{} {name}={shown}", note_type(&held))
        }
        _ if entry.value_type.is_empty() => {
            let held = entry.get(engine, value)?;
            format!("{} {name} {{{access}}}", note_type(&held))
        }
        _ => format!("{} {name} {{{access}}}", entry.value_type),
    })
}

/// A value's type as a note shows it: the language's name without namespace.
fn note_type(value: &Value) -> String {
    if value.is_null() {
        return "object".into();
    }
    let shown = TypeRef::of(value).display_name().into_owned();
    let start = if shown.starts_with("System.Object") { "System.".len() } else { 0 };
    shown.get(start..).unwrap_or(&shown).to_owned()
}
