//! The arguments of one command call after evaluation and splatting, before binding.

use crate::syntax::Span;
use crate::value::{Str, Value};

/// One argument of a command.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Where it was written.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: ArgumentKind,
}

/// The forms of argument that a binder sees.
#[derive(Clone, Debug)]
pub(crate) enum ArgumentKind {
    /// A value. `text` is what was written, where a number or bare word keeps its text (`Write-Output 007`).
    Value {
        /// The value.
        value: Value,
        /// Its text where it is a number literal, for parameters and native commands that take text.
        text: Option<Str>,
    },
    /// `-Name`, `-Name:value`, or an entry of a splatted hashtable. Without a value, the next argument may be it.
    Parameter {
        /// Without the dash.
        name: Str,
        /// After a colon, or from a splatted hashtable.
        value: Option<Value>,
        /// True for an entry of a splatted hashtable, which explicit arguments override.
        splatted: bool,
        /// What was written, dash included, for commands that take it as text.
        written: Str,
    },
}

impl Argument {
    /// A positional value.
    pub fn value(value: impl Into<Value>) -> Self {
        Argument { span: Span::default(), kind: ArgumentKind::Value { value: value.into(), text: None } }
    }

    /// A parameter with its value.
    pub fn named(name: &str, value: impl Into<Value>) -> Self {
        Argument {
            span: Span::default(),
            kind: ArgumentKind::Parameter {
                name: Str::from(name),
                value: Some(value.into()),
                splatted: false,
                written: Str::from(format!("-{name}:")),
            },
        }
    }

    /// A parameter with its value as the shell's own command line gives them: two words to whoever has no such
    /// parameter.
    pub(crate) fn word(name: &str, value: &str) -> Self {
        let kind = ArgumentKind::Parameter {
            name: Str::from(name),
            value: Some(Value::from(value)),
            splatted: false,
            written: Str::from(format!("-{name}")),
        };
        Argument { span: Span::default(), kind }
    }

    /// A parameter as written, perhaps a switch.
    pub fn parameter(name: &str) -> Self {
        Argument {
            span: Span::default(),
            kind: ArgumentKind::Parameter {
                name: Str::from(name),
                value: None,
                splatted: false,
                written: Str::from(format!("-{name}")),
            },
        }
    }
}
