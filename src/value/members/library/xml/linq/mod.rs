//! `System.Xml.Linq`: elements, attributes and documents that scripts build and query. The nodes are those of
//! `value::xml`; an object here knows its node, and follows it when it is put into another document.

mod attribute;
mod axes;
mod content;
mod document;
mod element;
mod name;
mod node;

pub(crate) use document::document_of;

use super::super::super::table::{Call, Table};
use super::super::super::thrown;
use crate::value::object::NativeObject;
use crate::value::xml::write::{Layout, Writer, escape_attribute};
use crate::value::xml::{Node, NodeKind};
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::cell::RefCell;

pub(in crate::value::members::library) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::XOBJECT, &node::OBJECT),
    (TypeRef::XNODE, &node::NODE),
    (TypeRef::XCONTAINER, &axes::CONTAINER),
    (TypeRef::XDOCUMENT, &document::DOCUMENT),
    (TypeRef::XDECLARATION, &document::DECLARATION),
    (TypeRef::XELEMENT, &element::ELEMENT),
    (TypeRef::XATTRIBUTE, &attribute::ATTRIBUTE),
    (TypeRef::XTEXT, &node::TEXT),
    (TypeRef::XCDATA, &node::CDATA),
    (TypeRef::XCOMMENT, &node::COMMENT),
    (TypeRef::XNAME, &name::NAME),
    (TypeRef::XNAMESPACE, &name::NAMESPACE),
];

/// A node as an object of LINQ to XML.
struct Object {
    node: RefCell<Node>,
}

impl NativeObject for Object {
    fn kind(&self) -> TypeRef {
        match self.node.borrow().kind() {
            NodeKind::Document | NodeKind::Fragment => TypeRef::XDOCUMENT,
            NodeKind::Element => TypeRef::XELEMENT,
            NodeKind::Attribute => TypeRef::XATTRIBUTE,
            NodeKind::CData => TypeRef::XCDATA,
            NodeKind::Comment => TypeRef::XCOMMENT,
            NodeKind::Declaration => TypeRef::XDECLARATION,
            NodeKind::ProcessingInstruction => TypeRef::XPROCESSING_INSTRUCTION,
            NodeKind::Text | NodeKind::Whitespace | NodeKind::SignificantWhitespace => TypeRef::XTEXT,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        text_of(&self.node.borrow(), true)
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| *self.node.borrow() == *other.node.borrow())
    }
}

/// A node as text: indented, or on one line.
fn text_of(node: &Node, indented: bool) -> String {
    let mut writer = Writer::new(if indented { Layout::indented() } else { Layout::plain() });
    match node.kind() {
        NodeKind::Attribute => return format!("{}=\"{}\"", node.full_name(), escape_attribute(&node.value())),
        NodeKind::Declaration => return format!("<?xml {}?>", node.value()),
        // The declaration is no part of a document's text.
        NodeKind::Document => {
            node.children().iter().filter(|n| n.kind() != NodeKind::Declaration).for_each(|child| writer.node(child))
        }
        _ => writer.node(node),
    }
    writer.take()
}

/// A node as a value.
fn value(node: Node) -> Value {
    Native::value(Object { node: RefCell::new(node) })
}

/// A node as a value; null for none.
fn maybe(node: Option<Node>) -> Value {
    node.map_or(Value::Null, value)
}

/// The node of a value.
fn node_of(value: &Value) -> Option<Node> {
    match value {
        Value::Native(native) => native.downcast::<Object>().map(|object| object.node.borrow().clone()),
        Value::Wrapped(wrapped) => node_of(&wrapped.base),
        _ => None,
    }
}

/// Tells an object that its node has moved.
fn follow(value: &Value, node: Node) {
    if let Value::Native(native) = value
        && let Some(object) = native.downcast::<Object>()
    {
        object.node.replace(node);
    }
}

/// The node of the object a method is called on.
fn this(c: &Call<'_>) -> Outcome<Node> {
    node_of(c.this).ok_or_else(|| thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "This is no node."))
}

/// Reads a property of a node.
fn look(value: &Value, look: impl FnOnce(&Node) -> Value) -> Outcome<Value> {
    Ok(node_of(value).map_or(Value::Null, |node| look(&node)))
}
