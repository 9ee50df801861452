//! `XElement`.

use super::super::super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::convert::text_of;
use super::axes::{array, chosen};
use super::name::{Name, argument, namespace};
use super::node::lone;
use super::{content, document, look, maybe, node_of, this, value};
use crate::value::xml::{Node, NodeKind, QName};
use crate::value::{Outcome, Str, TypeRef, Value};

fn made(c: &mut Call<'_>) -> Outcome<Value> {
    let name = argument(c, 0)?;
    let element =
        lone(NodeKind::Element, QName { prefix: Str::from(""), local: name.local, namespace: name.namespace }, "");
    for item in c.items(1) {
        content::add(&element, &item, None)?;
    }
    Ok(value(element))
}

fn attributes(c: &mut Call<'_>) -> Outcome<Value> {
    let name = if c.args.is_empty() { None } else { Some(argument(c, 0)?) };
    let fits = |node: &Node| name.as_ref().is_none_or(|name: &Name| name.is_of(node));
    Ok(array(TypeRef::XATTRIBUTE, this(c)?.attributes().into_iter().filter(fits)))
}

/// Sets, makes or, for null, removes an attribute.
fn set_attribute(c: &mut Call<'_>) -> Outcome<Value> {
    let (name, element) = (argument(c, 0)?, this(c)?);
    let known = element.attributes().into_iter().find(|node| name.is_of(node));
    match (known, c.arg(1)) {
        (Some(known), Value::Null) => known.detach(),
        (None, Value::Null) => {}
        (Some(known), new) => known.set_value(text_of(new)),
        (None, new) => drop(element.set_attribute(name.qualified(&element, true), &text_of(new))),
    }
    Ok(Value::Nothing)
}

/// Sets, makes or, for null, removes an element below.
fn set_element(c: &mut Call<'_>) -> Outcome<Value> {
    let (name, element) = (argument(c, 0)?, this(c)?);
    let known = element.elements().find(|node| name.is_of(node));
    match (known, c.arg(1)) {
        (Some(known), Value::Null) => known.detach(),
        (None, Value::Null) => {}
        (Some(known), new) => content::set_text(&known, &text_of(new)),
        (None, new) => {
            let child = element.create(NodeKind::Element, name.qualified(&element, false), "");
            element.append(&child);
            element.set_empty(false);
            content::set_text(&child, &text_of(new));
        }
    }
    Ok(Value::Nothing)
}

fn with_self(c: &mut Call<'_>, up: bool) -> Outcome<Value> {
    let element = this(c)?;
    let is_element = |node: &Node| node.kind() == NodeKind::Element;
    let mut found = vec![element.clone()];
    match up {
        true => {
            found.extend(std::iter::successors(element.parent().filter(is_element), |n| n.parent().filter(is_element)))
        }
        false => found.extend(element.descendants()),
    }
    chosen(c, found)
}

fn remove_attributes(c: &mut Call<'_>) -> Outcome<Value> {
    this(c)?.attributes().iter().for_each(Node::detach);
    Ok(Value::Nothing)
}

const METHODS: &[Row] = &[
    ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] AncestorsAndSelf()", |c| with_self(c, true)),
    (
        "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] AncestorsAndSelf(System.Xml.Linq.XName name)",
        |c| with_self(c, true),
    ),
    ("System.Xml.Linq.XAttribute Attribute(System.Xml.Linq.XName name)", |c| {
        let name = argument(c, 0)?;
        Ok(maybe(this(c)?.attributes().into_iter().find(|node| name.is_of(node))))
    }),
    ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XAttribute] Attributes()", attributes),
    (
        "System.Collections.Generic.IEnumerable[System.Xml.Linq.XAttribute] Attributes(System.Xml.Linq.XName name)",
        attributes,
    ),
    ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] DescendantsAndSelf()", |c| with_self(c, false)),
    (
        "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] DescendantsAndSelf(System.Xml.Linq.XName name)",
        |c| with_self(c, false),
    ),
    ("System.Xml.Linq.XNamespace GetDefaultNamespace()", |c| {
        Ok(namespace(this(c)?.namespace_of("").unwrap_or_else(|| Str::from(""))))
    }),
    ("System.Xml.Linq.XNamespace GetNamespaceOfPrefix(string prefix)", |c| {
        Ok(this(c)?.namespace_of(c.text(0)).map_or(Value::Null, namespace))
    }),
    ("string GetPrefixOfNamespace(System.Xml.Linq.XNamespace ns)", |c| {
        let wanted = crate::value::convert::to_text(c.arg(0));
        Ok(this(c)?.prefix_of(&wanted).map_or(Value::Null, Value::Str))
    }),
    ("void RemoveAll()", |c| {
        this(c)?.clear(true);
        Ok(Value::Nothing)
    }),
    ("void RemoveAttributes()", remove_attributes),
    ("void Save(string fileName)", document::save),
    ("void Save(System.IO.Stream stream)", document::save),
    ("void Save(System.IO.TextWriter textWriter)", document::save),
    ("void SetAttributeValue(System.Xml.Linq.XName name, System.Object value)", set_attribute),
    ("void SetElementValue(System.Xml.Linq.XName name, System.Object value)", set_element),
    ("void SetValue(System.Object value)", |c| {
        content::set_text(&this(c)?, &text_of(c.arg(0)));
        Ok(Value::Nothing)
    }),
];

const PROPERTIES: &[PropertyRow] = &[
    get("FirstAttribute", "System.Xml.Linq.XAttribute", |_, v| {
        look(v, |node| maybe(node.attributes().into_iter().next()))
    }),
    get("HasAttributes", "bool", |_, v| look(v, |node| Value::Bool(!node.attributes().is_empty()))),
    get("HasElements", "bool", |_, v| look(v, |node| Value::Bool(node.elements().next().is_some()))),
    get("IsEmpty", "bool", |_, v| look(v, |node| Value::Bool(node.child_count() == 0 && node.is_empty()))),
    get("LastAttribute", "System.Xml.Linq.XAttribute", |_, v| look(v, |node| maybe(node.attributes().pop()))),
    set(
        "Name",
        "System.Xml.Linq.XName",
        |_, v| look(v, |node| Name::of(node).value()),
        |_, v, new| {
            let name = match &new {
                Value::Native(native) => native.downcast::<Name>().cloned(),
                _ => None,
            };
            if let (Some(node), Some(name)) = (node_of(v), name) {
                let qualified = name.qualified(&node, false);
                node.rename(qualified);
            }
            Ok(())
        },
    ),
    get("NodeType", "System.Xml.XmlNodeType", |_, _| Ok(TypeRef::XML_NODE_TYPE.enum_of(1))),
    set(
        "Value",
        "string",
        |_, v| look(v, |node| Value::from(node.inner_text())),
        |_, v, new| {
            if let Some(node) = node_of(v) {
                content::set_text(&node, &text_of(&new));
            }
            Ok(())
        },
    ),
];

pub(super) static ELEMENT: Table = Table {
    constructors: &[
        ("XElement(System.Xml.Linq.XElement other)", |c| {
            Ok(maybe(
                node_of(c.arg(0)).map(|node| node.copy_into(&lone(NodeKind::Element, QName::default(), ""), true)),
            ))
        }),
        ("XElement(System.Xml.Linq.XName name)", made),
        ("XElement(System.Xml.Linq.XName name, params System.Object[] content)", made),
    ],
    methods: METHODS,
    statics: &[
        ("static System.Xml.Linq.XElement Parse(string text)", |c| document::parse(c, true)),
        ("static System.Xml.Linq.XElement Parse(string text, System.Xml.Linq.LoadOptions options)", |c| {
            document::parse(c, true)
        }),
        ("static System.Xml.Linq.XElement Load(string uri)", |c| document::load(c, true)),
        ("static System.Xml.Linq.XElement Load(System.IO.Stream stream)", |c| document::load(c, true)),
        ("static System.Xml.Linq.XElement Load(System.IO.TextReader textReader)", |c| document::load(c, true)),
    ],
    properties: PROPERTIES,
    ..Table::EMPTY
};
