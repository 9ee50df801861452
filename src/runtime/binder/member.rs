//! Reading a property of a piped object or an attribute.

use crate::value::{Engine, Member, Outcome, PsObject, Value};

/// The value of a property; `None` where the object has none of that name.
pub(super) fn get(engine: &mut dyn Engine, object: &Value, name: &str) -> Outcome<Option<Value>> {
    match object {
        Value::Object(held) => match plain(held, name) {
            Some(value) => Ok(Some(value)),
            None => added(engine, object, held, name),
        },
        _ => Ok(None),
    }
}

fn plain(object: &PsObject, name: &str) -> Option<Value> {
    let shape = object.shape.borrow().clone();
    let at = shape.names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    object.values.borrow().get(at).cloned()
}

fn added(engine: &mut dyn Engine, object: &Value, held: &PsObject, name: &str) -> Outcome<Option<Value>> {
    let found = held.extension.get().and_then(|extension| {
        let extension = extension.borrow();
        extension.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, member)| member.clone())
    });
    match found {
        Some(Member::Note(value)) => Ok(Some(value)),
        Some(Member::Script(getter, _)) => engine.invoke(&getter, &[], Some(object.clone())).map(Some),
        Some(Member::Alias(target, _)) => get(engine, object, &target),
        Some(Member::Code(getter)) => getter(object).map(Some),
        Some(Member::Method(_) | Member::PropertySet(_) | Member::MemberSet(_)) | None => Ok(None),
    }
}
