//! `System.Xml.XmlDocument`: loading, saving, and making nodes.

use super::super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::super::thrown;
use super::super::io;
use super::element::{by_tag_name, check_name, declaration_text, pseudo_attribute};
use super::node::{maybe, node_of, this, value};
use super::{node_argument, writer, xml_exception};
use crate::value::encoding::TextEncoding;
use crate::value::xml::read::{self, Blanks};
use crate::value::xml::write::{Layout, Writer};
use crate::value::xml::{Node, NodeKind, QName, Tree};
use crate::value::{Outcome, TypeRef, Value, convert};

/// Replaces what a document holds by what a text says.
pub(super) fn load(document: &Node, text: &str) -> Outcome<()> {
    let blanks = if document.tree.preserve_whitespace.get() { Blanks::Kept } else { Blanks::Dropped };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let loaded = read::document(text, blanks).map_err(|why| xml_exception(&why))?;
    document.clear(false);
    for node in Node::document(&loaded).children() {
        document.append(&node.copy_into(document, true));
    }
    Ok(())
}

/// A document of a text, as the cast to `[xml]` makes it.
pub(crate) fn parse(text: &str) -> Outcome<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tree = read::document(text, Blanks::Dropped).map_err(|why| xml_exception(&why))?;
    Ok(value(Node::document(&tree)))
}

/// The text of a file, in the encoding that its mark or its declaration names.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or(bytes));
    let named = start.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split(quote).next().map(str::to_owned)
    });
    let encoding = named.and_then(|name| TextEncoding::by_name(&name)).unwrap_or(TextEncoding::Utf8);
    encoding.decode_file(bytes)
}

fn load_from(c: &mut Call<'_>) -> Outcome<Value> {
    let document = this(c)?;
    let text = match c.arg(0) {
        Value::Native(native) => match native.data.rest_of_text() {
            Some(text) => text?,
            None => return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The document is read from a path or a reader.")),
        },
        _ => decoded(&io::read_file(c, 0)?),
    };
    load(&document, &text)?;
    Ok(Value::Nothing)
}

fn save(c: &mut Call<'_>) -> Outcome<Value> {
    let document = this(c)?;
    let preserve = document.tree.preserve_whitespace.get();
    let layout = if preserve { Layout::plain() } else { Layout::indented() };
    let declaration = document.children().into_iter().next().filter(|node| node.kind() == NodeKind::Declaration);
    let named = declaration.as_ref().map(|node| pseudo_attribute(node, "encoding")).unwrap_or_default();
    if let Value::Native(native) = c.arg(0)
        && native.downcast::<writer::WriterObject>().is_some()
    {
        return writer::write_node(c, 0, |writer| {
            if declaration.is_none() && !writer.begun() {
                writer.declaration("version=\"1.0\" encoding=\"utf-8\"");
            }
            writer.children(&document);
        });
    }
    let mut out = Writer::new(layout);
    let to_text = matches!(c.arg(0), Value::Native(native) if native.data.is_text_writer());
    if to_text && declaration.is_none() {
        let encoding = writer::encoding_name(c.arg(0));
        out.declaration(&format!("version=\"1.0\" encoding=\"{encoding}\""));
    }
    out.children(&document);
    let encoding = match named.as_str() {
        "" => TextEncoding::Utf8,
        // What .NET calls utf-8 begins with a mark.
        name if name.eq_ignore_ascii_case("utf-8") => TextEncoding::Utf8Bom,
        name => TextEncoding::by_name(name).unwrap_or(TextEncoding::Utf8),
    };
    writer::write_whole(c, 0, &out.take(), encoding)?;
    Ok(Value::Nothing)
}

fn create(c: &Call<'_>, kind: NodeKind, name: QName, text: &str) -> Outcome<Value> {
    Ok(value(this(c)?.create(kind, name, text)))
}

/// `(name)`, `(name, namespace)` or `(prefix, name, namespace)`.
fn create_named(c: &mut Call<'_>, kind: NodeKind) -> Outcome<Value> {
    let name = match c.args.len() {
        1 => super::element::name_in(&this(c)?, c.text(0), kind == NodeKind::Attribute)?,
        2 => {
            check_name(c.text(0))?;
            QName::qualified(c.text(0), c.text(1))
        }
        _ => {
            check_name(c.text(1))?;
            QName::new(c.text(0), c.text(1), c.text(2))
        }
    };
    create(c, kind, name, "")
}

fn create_element(c: &mut Call<'_>) -> Outcome<Value> {
    create_named(c, NodeKind::Element)
}

fn create_attribute(c: &mut Call<'_>) -> Outcome<Value> {
    create_named(c, NodeKind::Attribute)
}

fn create_plain(c: &mut Call<'_>, kind: NodeKind) -> Outcome<Value> {
    let text = c.text(0).to_owned();
    create(c, kind, QName::default(), &text)
}

/// `CreateNode`: the kind by number or name.
fn create_node(c: &mut Call<'_>) -> Outcome<Value> {
    const KINDS: [NodeKind; 7] = [
        NodeKind::Element,
        NodeKind::Attribute,
        NodeKind::Text,
        NodeKind::CData,
        NodeKind::Comment,
        NodeKind::ProcessingInstruction,
        NodeKind::Fragment,
    ];
    let number = match c.arg(0) {
        Value::Str(name) => TypeRef::XML_NODE_TYPE.enum_number(name).unwrap_or(0),
        _ => c.int(0),
    };
    let kind = KINDS.iter().find(|kind| kind.number() == number);
    let kind = *kind.ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "Nodes of that kind are not made so."))?;
    let name = match c.args.len() {
        3 => QName::qualified(c.text(1), c.text(2)),
        _ => QName::new(c.text(1), c.text(2), c.text(3)),
    };
    create(c, kind, name, "")
}

const METHODS: &[Row] = &[
    ("void LoadXml(string xml)", |c| {
        load(&this(c)?, c.text(0))?;
        Ok(Value::Nothing)
    }),
    ("void Load(string filename)", load_from),
    ("void Load(System.Object source)", load_from),
    ("void Save(string filename)", save),
    ("void Save(System.Object target)", save),
    ("System.Xml.XmlElement CreateElement(string name)", create_element),
    ("System.Xml.XmlElement CreateElement(string qualifiedName, string namespaceURI)", create_element),
    ("System.Xml.XmlElement CreateElement(string prefix, string localName, string namespaceURI)", create_element),
    ("System.Xml.XmlAttribute CreateAttribute(string name)", create_attribute),
    ("System.Xml.XmlAttribute CreateAttribute(string qualifiedName, string namespaceURI)", create_attribute),
    ("System.Xml.XmlAttribute CreateAttribute(string prefix, string localName, string namespaceURI)", create_attribute),
    ("System.Xml.XmlText CreateTextNode(string text)", |c| create_plain(c, NodeKind::Text)),
    ("System.Xml.XmlComment CreateComment(string data)", |c| create_plain(c, NodeKind::Comment)),
    ("System.Xml.XmlCDataSection CreateCDataSection(string data)", |c| create_plain(c, NodeKind::CData)),
    ("System.Xml.XmlWhitespace CreateWhitespace(string text)", |c| create_plain(c, NodeKind::Whitespace)),
    ("System.Xml.XmlSignificantWhitespace CreateSignificantWhitespace(string text)", |c| {
        create_plain(c, NodeKind::SignificantWhitespace)
    }),
    ("System.Xml.XmlDocumentFragment CreateDocumentFragment()", |c| {
        create(c, NodeKind::Fragment, QName::default(), "")
    }),
    ("System.Xml.XmlProcessingInstruction CreateProcessingInstruction(string target, string data)", |c| {
        create(c, NodeKind::ProcessingInstruction, QName::new("", c.text(0), ""), c.text(1))
    }),
    ("System.Xml.XmlDeclaration CreateXmlDeclaration(string version, string encoding, string standalone)", |c| {
        if c.text(0) != "1.0" {
            return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The version must be 1.0."));
        }
        let text = declaration_text(c.text(0), c.text(1), c.text(2));
        create(c, NodeKind::Declaration, QName::default(), &text)
    }),
    ("System.Xml.XmlNode CreateNode(System.Xml.XmlNodeType type, string name, string namespaceURI)", create_node),
    ("System.Xml.XmlNode CreateNode(string nodeTypeString, string name, string namespaceURI)", create_node),
    (
        "System.Xml.XmlNode CreateNode(System.Xml.XmlNodeType type, string prefix, string name, string namespaceURI)",
        create_node,
    ),
    ("System.Xml.XmlNode ImportNode(System.Xml.XmlNode node, bool deep)", |c| {
        Ok(value(node_argument(c, 0)?.copy_into(&this(c)?, c.flag(1))))
    }),
    ("System.Xml.XmlNodeList GetElementsByTagName(string name)", by_tag_name),
    ("System.Xml.XmlNodeList GetElementsByTagName(string localName, string namespaceURI)", by_tag_name),
    ("System.Xml.XmlElement GetElementById(string elementId)", |_| Ok(Value::Null)),
];

const PROPERTIES: &[PropertyRow] = &[
    get("DocumentElement", "System.Xml.XmlElement", |_, v| {
        Ok(maybe(node_of(v).and_then(|node| node.document_element())))
    }),
    set(
        "PreserveWhitespace",
        "bool",
        |_, v| Ok(Value::Bool(node_of(v).is_some_and(|node| node.tree.preserve_whitespace.get()))),
        |_, v, new| {
            if let Some(node) = node_of(v) {
                node.tree.preserve_whitespace.set(convert::to_bool(&new));
            }
            Ok(())
        },
    ),
    get("NameTable", "System.Object", |_, v| Ok(v.clone())),
    get("DocumentType", "System.Object", |_, _| Ok(Value::Null)),
];

pub(super) static DOCUMENT: Table = Table {
    methods: METHODS,
    constructors: &[("xml()", |_| Ok(value(Node::document(&Tree::empty()))))],
    properties: PROPERTIES,
    ..Table::EMPTY
};
