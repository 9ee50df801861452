//! Finding equal values without comparing each with each. How the language compares depends on both types (`1` and
//! `'1'` can be equal), so values have keys only while all that were seen are of the same simple types.

use crate::value::{Key, Value};
use smallvec::SmallVec;
use std::mem::{Discriminant, discriminant};

/// What equal values have in common.
pub(super) type Keys = SmallVec<[Key; 2]>;

/// Gives keys as long as the types stay the same.
#[derive(Default)]
pub(super) struct Alike {
    kinds: Option<SmallVec<[Option<Discriminant<Value>>; 4]>>,
    mixed: bool,
}

impl Alike {
    /// The keys of what is compared; `None` from the first values on that only the full comparison can tell apart.
    pub(super) fn keys(&mut self, values: &[Value], case_sensitive: bool) -> Option<Keys> {
        if self.mixed {
            return None;
        }
        let keys = self.keys_of(values, case_sensitive);
        self.mixed = keys.is_none();
        keys
    }

    fn keys_of(&mut self, values: &[Value], case_sensitive: bool) -> Option<Keys> {
        let kinds = self.kinds.get_or_insert_with(|| SmallVec::from_elem(None, values.len()));
        if kinds.len() != values.len() {
            return None;
        }
        let mut keys = Keys::with_capacity(values.len());
        for (value, known) in values.iter().zip(kinds) {
            let value = match value {
                Value::Wrapped(wrapped) => &wrapped.base,
                value => value,
            };
            if !value.is_null() {
                let kind = discriminant(value);
                if *known.get_or_insert(kind) != kind || !is_simple(value) {
                    return None;
                }
            }
            keys.push(Key::of(value, case_sensitive));
        }
        Some(keys)
    }
}

/// True for values that are equal exactly where their keys are.
fn is_simple(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.bytes().all(|byte| (0x20..0x7F).contains(&byte)),
        Value::F64(number) => !number.is_nan(),
        Value::Bool(_) | Value::I32(_) | Value::I64(_) | Value::DateTime(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_for_equality_while_types_are_the_same() {
        let mut alike = Alike::default();
        let first = alike.keys(&["Abc".into(), 1.into()], false);
        assert!(first.is_some());
        assert_eq!(alike.keys(&["aBC".into(), 1.into()], false), first);
        assert_ne!(alike.keys(&["aBC".into(), 2.into()], false), first);
        assert!(alike.keys(&[Value::Null, 1.into()], false).is_some_and(|keys| Some(keys) != first));
        assert!(alike.keys(&["abc".into(), "1".into()], false).is_none());
        assert!(alike.keys(&["abc".into(), 1.into()], false).is_none());
    }
}
