//! `XAttribute`.

use super::super::super::super::table::{Call, Table, get, set};
use super::super::super::super::thrown;
use super::super::convert::text_of;
use super::name::{Name, argument};
use super::node::lone;
use super::{look, maybe, node_of, this, value};
use crate::value::xml::{Node, NodeKind, XMLNS};
use crate::value::{Outcome, TypeRef, Value};

fn made(c: &mut Call<'_>) -> Outcome<Value> {
    let name = argument(c, 0)?;
    if c.arg(1).is_null() {
        return Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "An attribute needs a value."));
    }
    let place = lone(NodeKind::Element, Default::default(), "");
    let mut qualified = name.qualified(&place, true);
    if name.local.as_str() == "xmlns" && name.namespace.is_empty() {
        qualified.namespace = XMLNS.into();
    }
    Ok(value(place.create(NodeKind::Attribute, qualified, text_of(c.arg(1)))))
}

/// The attribute beside another in its element.
fn beside(node: &Node, step: isize) -> Option<Node> {
    let all = node.parent()?.attributes();
    let at = all.iter().position(|other| other == node)?;
    all.get(at.checked_add_signed(step)?).cloned()
}

fn set_value(c: &mut Call<'_>) -> Outcome<Value> {
    let text = text_of(c.arg(0));
    this(c)?.set_value(text);
    Ok(Value::Nothing)
}

pub(super) static ATTRIBUTE: Table = Table {
    constructors: &[
        ("XAttribute(System.Xml.Linq.XName name, System.Object value)", made),
        ("XAttribute(System.Xml.Linq.XAttribute other)", |c| {
            Ok(maybe(
                node_of(c.arg(0)).map(|node| node.copy_into(&lone(NodeKind::Element, Default::default(), ""), true)),
            ))
        }),
    ],
    methods: &[
        ("void Remove()", |c| {
            let node = this(c)?;
            if node.parent().is_none() {
                return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The attribute has no parent."));
            }
            node.detach();
            Ok(Value::Nothing)
        }),
        ("void SetValue(System.Object value)", set_value),
        ("string ToString()", |c| Ok(Value::from(super::text_of(&this(c)?, false)))),
    ],
    properties: &[
        get("IsNamespaceDeclaration", "bool", |_, v| {
            look(v, |node| Value::Bool(node.name().namespace.as_str() == XMLNS))
        }),
        get("Name", "System.Xml.Linq.XName", |_, v| look(v, |node| Name::of(node).value())),
        get("NextAttribute", "System.Xml.Linq.XAttribute", |_, v| look(v, |node| maybe(beside(node, 1)))),
        get("NodeType", "System.Xml.XmlNodeType", |_, _| Ok(TypeRef::XML_NODE_TYPE.enum_of(2))),
        get("PreviousAttribute", "System.Xml.Linq.XAttribute", |_, v| look(v, |node| maybe(beside(node, -1)))),
        set(
            "Value",
            "string",
            |_, v| look(v, |node| Value::Str(node.value())),
            |_, v, new| {
                if let Some(node) = node_of(v) {
                    node.set_value(text_of(&new));
                }
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};
