//! What is put into elements and documents: nodes, attributes, texts, and lists of all these.

use super::super::super::super::{elements, thrown};
use super::super::convert::text_of;
use super::{follow, node_of};
use crate::value::xml::{Node, NodeKind, QName};
use crate::value::{Outcome, TypeRef, Value};

/// The node of a value as a node of a document: the very one where it stands alone, else a copy of it.
fn adopted(owner: &Node, value: &Value, node: &Node) -> Node {
    let here = std::rc::Rc::ptr_eq(&owner.tree, &node.tree);
    let alone = node.parent().is_none() && !node.contains(owner);
    if here && alone {
        return node.clone();
    }
    let copy = node.copy_into(owner, true);
    if alone {
        follow(value, copy.clone());
    }
    copy
}

/// Puts content into a node, before a child or at the end.
pub(crate) fn add(owner: &Node, content: &Value, place: Option<&Node>) -> Outcome<()> {
    if let Some(node) = node_of(content) {
        let node = adopted(owner, content, &node);
        match node.kind() {
            NodeKind::Attribute => add_attribute(owner, &node)?,
            NodeKind::Element if owner.kind() == NodeKind::Document && owner.document_element().is_some() => {
                let text = "A document has one element at its root, and has it already.";
                return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, text));
            }
            _ => owner.insert(&node, place),
        }
        owner.set_empty(false);
        return Ok(());
    }
    match content {
        Value::Null | Value::Nothing => Ok(()),
        Value::Str(_) => add_text(owner, content, place),
        other => match elements(other) {
            Some(items) => items.iter().try_for_each(|item| add(owner, item, place)),
            None => add_text(owner, other, place),
        },
    }
}

fn add_attribute(owner: &Node, attribute: &Node) -> Outcome<()> {
    let name = attribute.name();
    let known = owner.attributes().into_iter().any(|other| {
        let other = other.name();
        other.local == name.local && other.namespace == name.namespace
    });
    if known {
        let text = format!("The element has an attribute '{}' already.", name.text());
        return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, text));
    }
    owner.put_attribute(attribute);
    Ok(())
}

fn add_text(owner: &Node, value: &Value, place: Option<&Node>) -> Outcome<()> {
    if owner.kind() == NodeKind::Document {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "A document holds no text beside its root."));
    }
    let text = text_of(value);
    let last = owner.children().pop().filter(|last| place.is_none() && last.kind() == NodeKind::Text);
    match last {
        Some(last) => last.set_value(format!("{}{text}", last.value())),
        None => owner.insert(&owner.create(NodeKind::Text, QName::default(), text), place),
    }
    owner.set_empty(false);
    Ok(())
}

/// Replaces everything in an element by one text.
pub(crate) fn set_text(node: &Node, text: &str) {
    match node.kind() {
        NodeKind::Element => {
            node.clear(false);
            node.append(&node.create(NodeKind::Text, QName::default(), text));
            node.set_empty(false);
        }
        _ => node.set_value(text),
    }
}
