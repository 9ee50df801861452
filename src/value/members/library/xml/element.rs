//! `XmlElement`, `XmlAttribute`, texts, comments and declarations.

use super::super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::super::thrown;
use super::node::{maybe, node_of, this, value};
use super::{list, node_argument};
use crate::value::xml::{Node, NodeKind, QName, XMLNS};
use crate::value::{Outcome, TypeRef, Value, convert};

fn look(value: &Value, read: impl FnOnce(&Node) -> Value) -> Outcome<Value> {
    Ok(node_of(value).map_or(Value::Null, |node| read(&node)))
}

/// The attribute a call names: by written name, or by local name and namespace.
fn attribute(c: &Call<'_>) -> Outcome<Option<Node>> {
    let element = this(c)?;
    Ok(match c.args.len() {
        1 => element.attribute(c.text(0)),
        _ => element.attribute_ns(c.text(0), c.text(1)),
    })
}

fn attribute_text(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(attribute(c)?.map_or_else(|| Value::from(""), |attribute| Value::Str(attribute.value())))
}

fn remove_attribute(c: &mut Call<'_>) -> Outcome<Value> {
    if let Some(attribute) = attribute(c)? {
        attribute.detach();
    }
    Ok(Value::Nothing)
}

/// A checked name with the namespace its prefix has here.
pub(super) fn name_in(node: &Node, name: &str, is_attribute: bool) -> Outcome<QName> {
    check_name(name)?;
    let namespace = match name.split_once(':') {
        _ if name == "xmlns" || name.starts_with("xmlns:") => XMLNS.to_owned(),
        Some((prefix, _)) => node.namespace_of(prefix).map(|found| found.to_string()).unwrap_or_default(),
        None if is_attribute => String::new(),
        None => String::new(),
    };
    Ok(QName::qualified(name, &namespace))
}

/// A name as XML allows it.
pub(super) fn check_name(name: &str) -> Outcome<()> {
    let start = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
    if name.is_empty() {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "A name is needed; the one given is empty."));
    }
    if name.starts_with(start) && name.chars().all(part) {
        return Ok(());
    }
    Err(thrown(TypeRef::XML_EXCEPTION, format!("'{name}' is no name in XML.")))
}

const ELEMENT_METHODS: &[Row] = &[
    ("string GetAttribute(string name)", attribute_text),
    ("string GetAttribute(string localName, string namespaceURI)", attribute_text),
    ("void SetAttribute(string name, string value)", |c| {
        let element = this(c)?;
        let name = name_in(&element, c.text(0), true)?;
        element.set_attribute(name, c.text(1));
        Ok(Value::Nothing)
    }),
    ("string SetAttribute(string localName, string namespaceURI, string value)", |c| {
        check_name(c.text(0))?;
        this(c)?.set_attribute(QName::qualified(c.text(0), c.text(1)), c.text(2));
        Ok(c.take(2))
    }),
    ("void RemoveAttribute(string name)", remove_attribute),
    ("void RemoveAttribute(string localName, string namespaceURI)", remove_attribute),
    ("void RemoveAllAttributes()", |c| {
        this(c)?.attributes().iter().for_each(Node::detach);
        Ok(Value::Nothing)
    }),
    ("bool HasAttribute(string name)", |c| Ok(Value::Bool(attribute(c)?.is_some()))),
    ("bool HasAttribute(string localName, string namespaceURI)", |c| Ok(Value::Bool(attribute(c)?.is_some()))),
    ("System.Xml.XmlAttribute GetAttributeNode(string name)", |c| Ok(maybe(attribute(c)?))),
    ("System.Xml.XmlAttribute GetAttributeNode(string localName, string namespaceURI)", |c| Ok(maybe(attribute(c)?))),
    ("System.Xml.XmlAttribute SetAttributeNode(System.Xml.XmlAttribute newAttr)", |c| {
        let attribute = node_argument(c, 0)?;
        this(c)?.put_attribute(&attribute);
        Ok(Value::Null)
    }),
    ("System.Xml.XmlAttribute RemoveAttributeNode(System.Xml.XmlAttribute oldAttr)", |c| {
        let attribute = node_argument(c, 0)?;
        attribute.detach();
        Ok(value(attribute))
    }),
    ("System.Xml.XmlNodeList GetElementsByTagName(string name)", by_tag_name),
    ("System.Xml.XmlNodeList GetElementsByTagName(string localName, string namespaceURI)", by_tag_name),
];

/// The elements below with a name; `*` for all.
pub(super) fn by_tag_name(c: &mut Call<'_>) -> Outcome<Value> {
    let (wanted, namespace) = (c.text(0), (c.args.len() > 1).then(|| c.text(1)));
    let fits = |node: &Node| match namespace {
        Some(namespace) => {
            let name = node.name();
            (wanted == "*" || name.local.as_str() == wanted)
                && (namespace == "*" || name.namespace.as_str() == namespace)
        }
        None => wanted == "*" || node.full_name().as_str() == wanted,
    };
    Ok(list::found(this(c)?.descendants().into_iter().filter(fits).collect()))
}

pub(super) static ELEMENT: Table = Table {
    methods: ELEMENT_METHODS,
    properties: &[
        get("HasAttributes", "bool", |_, v| look(v, |node| Value::Bool(!node.attributes().is_empty()))),
        set(
            "IsEmpty",
            "bool",
            |_, v| look(v, |node| Value::Bool(node.is_empty())),
            |_, v, new| {
                if let Some(node) = node_of(v) {
                    node.set_empty(convert::to_bool(&new));
                }
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};

pub(super) static ATTRIBUTE: Table = Table {
    properties: &[
        get("OwnerElement", "System.Xml.XmlElement", |_, v| look(v, |node| maybe(node.parent()))),
        get("Specified", "bool", |_, _| Ok(Value::Bool(true))),
    ],
    ..Table::EMPTY
};

const DATA: PropertyRow = set(
    "Data",
    "string",
    |_, v| look(v, |node| Value::Str(node.value())),
    |_, v, new| {
        if let Some(node) = node_of(v) {
            node.set_value(convert::to_text(&new));
        }
        Ok(())
    },
);

pub(super) static CHARACTERS: Table = Table {
    methods: &[("void AppendData(string strData)", |c| {
        let node = this(c)?;
        node.set_value(format!("{}{}", node.value(), c.text(0)));
        Ok(Value::Nothing)
    })],
    properties: &[DATA, get("Length", "int", |_, v| look(v, |node| Value::I32(node.value().utf16_len() as i32)))],
    ..Table::EMPTY
};

pub(super) static INSTRUCTION: Table = Table {
    properties: &[DATA, get("Target", "string", |_, v| look(v, |node| Value::Str(node.local_name())))],
    ..Table::EMPTY
};

/// `version` and its kin in a declaration's text.
pub(super) fn pseudo_attribute(node: &Node, name: &str) -> String {
    debug_assert!(node.kind() == NodeKind::Declaration);
    let text = node.value();
    let found = text.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
    found.map(|(value, _)| value.to_owned()).unwrap_or_default()
}

/// The text of a declaration.
pub(super) fn declaration_text(version: &str, encoding: &str, standalone: &str) -> String {
    let mut text = format!("version=\"{version}\"");
    for (name, value) in [("encoding", encoding), ("standalone", standalone)] {
        if !value.is_empty() {
            text.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    text
}

fn set_pseudo(value: &Value, name: &str, new: &Value) -> Outcome<()> {
    let Some(node) = node_of(value) else { return Ok(()) };
    let new = convert::to_text(new);
    let read = |other: &str| if other == name { new.to_string() } else { pseudo_attribute(&node, other) };
    let text = declaration_text(&read("version"), &read("encoding"), &read("standalone"));
    node.set_value(text);
    Ok(())
}

pub(super) static DECLARATION: Table = Table {
    properties: &[
        get("Version", "string", |_, v| look(v, |node| Value::from(pseudo_attribute(node, "version")))),
        set(
            "Encoding",
            "string",
            |_, v| look(v, |node| Value::from(pseudo_attribute(node, "encoding"))),
            |_, v, new| set_pseudo(v, "encoding", &new),
        ),
        set(
            "Standalone",
            "string",
            |_, v| look(v, |node| Value::from(pseudo_attribute(node, "standalone"))),
            |_, v, new| set_pseudo(v, "standalone", &new),
        ),
    ],
    ..Table::EMPTY
};
