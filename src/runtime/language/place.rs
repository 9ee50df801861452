//! Places in scripts as objects: `IScriptExtent` and `IScriptPosition`. Lines are counted only when somebody asks.

use crate::syntax::{Source, Span};
use crate::value::{Native, NativeObject, Str, TypeRef, Value};
use std::any::Any;
use std::rc::Rc;

/// A stretch of a script.
struct Extent {
    source: Rc<Source>,
    span: Span,
}

/// A point in a script.
pub(in crate::runtime) struct ScriptPosition {
    pub(in crate::runtime) source: Rc<Source>,
    offset: u32,
}

/// A place in a script, as `IScriptExtent` describes it.
pub(in crate::runtime) fn extent(source: &Rc<Source>, span: Span) -> Value {
    Native::value(Extent { source: source.clone(), span })
}

/// Scripts count UTF-16 units.
pub(super) fn utf16_offset(source: &Source, offset: u32) -> u32 {
    let before = source.text.get(..offset as usize).unwrap_or(&source.text);
    if before.is_ascii() { before.len() as u32 } else { before.encode_utf16().count() as u32 }
}

pub(super) fn number(n: u32) -> Value {
    Value::I32(i32::try_from(n).unwrap_or(i32::MAX))
}

fn file(source: &Source) -> Value {
    source.path.as_deref().map_or(Value::Null, Value::from)
}

const EXTENT_MEMBERS: [&str; 10] = [
    "File",
    "StartScriptPosition",
    "EndScriptPosition",
    "StartLineNumber",
    "StartColumnNumber",
    "EndLineNumber",
    "EndColumnNumber",
    "Text",
    "StartOffset",
    "EndOffset",
];

const POSITION_MEMBERS: [&str; 5] = ["File", "LineNumber", "ColumnNumber", "Offset", "Line"];

fn position_of(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| known.eq_ignore_ascii_case(name))
}

impl NativeObject for Extent {
    fn kind(&self) -> TypeRef {
        TypeRef::SCRIPT_EXTENT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.source.slice(self.span).to_owned()
    }
    fn member(&self, name: &str) -> Option<Value> {
        let (source, span) = (&self.source, self.span);
        let point = |offset| Native::value(ScriptPosition { source: source.clone(), offset });
        Some(match position_of(&EXTENT_MEMBERS, name)? {
            0 => file(source),
            1 => point(span.start),
            2 => point(span.end),
            3 => number(source.position(span.start).line),
            4 => number(source.position(span.start).column),
            5 => number(source.position(span.end).line),
            6 => number(source.position(span.end).column),
            7 => Value::str(source.slice(span)),
            8 => number(utf16_offset(source, span.start)),
            _ => number(utf16_offset(source, span.end)),
        })
    }
    fn member_names(&self) -> Vec<Str> {
        EXTENT_MEMBERS.iter().map(|name| Str::from(*name)).collect()
    }
}

impl NativeObject for ScriptPosition {
    fn kind(&self) -> TypeRef {
        TypeRef::INTERNAL_SCRIPT_POSITION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member(&self, name: &str) -> Option<Value> {
        Some(match position_of(&POSITION_MEMBERS, name)? {
            0 => file(&self.source),
            1 => number(self.source.position(self.offset).line),
            2 => number(self.source.position(self.offset).column),
            3 => number(utf16_offset(&self.source, self.offset)),
            _ => Value::str(self.source.line_at(self.offset)),
        })
    }
    fn member_names(&self) -> Vec<Str> {
        POSITION_MEMBERS.iter().map(|name| Str::from(*name)).collect()
    }
}
