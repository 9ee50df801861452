//! Where output goes: a collector, the next command, nowhere. Objects are pushed one at a time.

use super::Session;
use crate::value::{Outcome, Value};

/// Takes objects as they are produced.
pub trait Sink {
    /// Takes one object as it is.
    fn write(&mut self, session: &mut Session, value: Value) -> Outcome<()>;
    /// Hands on what waits in between, such as merged errors.
    fn flush(&mut self, _session: &mut Session) -> Outcome<()> {
        Ok(())
    }
    /// True for the host's own output, which a native command may write to directly.
    fn is_host(&self) -> bool {
        false
    }
    /// True where the bytes of a program's output are taken as they are.
    fn takes_bytes(&self) -> bool {
        false
    }
}

/// Drops everything.
pub struct Discard;

impl Sink for Discard {
    fn write(&mut self, _: &mut Session, _: Value) -> Outcome<()> {
        Ok(())
    }
}

/// Keeps what is written. Most statements give no object or one, so those need no list.
#[derive(Default)]
pub(crate) enum Collector {
    /// Nothing yet.
    #[default]
    Empty,
    /// One object.
    One(Value),
    /// Several.
    Many(Vec<Value>),
}

impl Collector {
    /// Adds an object.
    #[inline]
    pub(crate) fn push(&mut self, value: Value) {
        match self {
            Collector::Empty => *self = Collector::One(value),
            Collector::Many(items) => items.push(value),
            Collector::One(first) => {
                let mut items = Vec::with_capacity(8);
                items.push(std::mem::take(first));
                items.push(value);
                *self = Collector::Many(items);
            }
        }
    }

    /// As the value of an expression: nothing, the one object, or an `Object[]`.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Collector::Empty => Value::Nothing,
            Collector::One(value) => value,
            Collector::Many(items) => Value::array(items),
        }
    }

    /// As a list.
    pub(crate) fn into_items(self) -> Vec<Value> {
        match self {
            Collector::Empty => Vec::new(),
            Collector::One(value) => vec![value],
            Collector::Many(items) => items,
        }
    }
}

impl Sink for Collector {
    #[inline]
    fn write(&mut self, _: &mut Session, value: Value) -> Outcome<()> {
        self.push(value);
        Ok(())
    }
}
