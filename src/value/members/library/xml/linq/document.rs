//! `XDocument` and `XDeclaration`; reading and writing of documents and elements.

use super::super::super::super::table::{Call, Table, get};
use super::super::super::super::{integer_of, thrown};
use super::super::super::io;
use super::super::document::decoded;
use super::super::element::pseudo_attribute;
use super::super::{writer, xml_exception};
use super::node::lone;
use super::{content, look, maybe, node_of, this, value};
use crate::value::encoding::TextEncoding;
use crate::value::xml::read::{self, Blanks};
use crate::value::xml::write::{Layout, Writer};
use crate::value::xml::{Node, NodeKind, QName, Tree};
use crate::value::{Outcome, TypeRef, Value};

/// The document, or its root where an element is asked for.
fn read(text: &str, options: i64, element: bool) -> Outcome<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let blanks = if options & 1 == 1 { Blanks::Kept } else { Blanks::Dropped };
    let tree = read::document(text, blanks).map_err(|why| xml_exception(&why))?;
    let document = Node::document(&tree);
    if !element {
        return Ok(value(document));
    }
    let root = document.document_element();
    root.iter().for_each(Node::detach);
    Ok(maybe(root))
}

/// An `XDocument` of a text.
pub(crate) fn document_of(text: &str) -> Outcome<Value> {
    read(text, 0, false)
}

/// `Parse(text)`.
pub(crate) fn parse(c: &mut Call<'_>, element: bool) -> Outcome<Value> {
    let options = c.args.get(1).and_then(integer_of).unwrap_or(0);
    read(c.text(0), options, element)
}

/// `Load` of a path, a stream or a reader.
pub(crate) fn load(c: &mut Call<'_>, element: bool) -> Outcome<Value> {
    let text = match c.arg(0) {
        Value::Native(native) => match native.data.rest_of_text() {
            Some(text) => text?,
            None => return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The document is read from a path or a reader.")),
        },
        _ => decoded(&io::read_file(c, 0)?),
    };
    read(&text, 0, element)
}

/// `Save` to a path, a stream or a writer, always with a declaration.
pub(crate) fn save(c: &mut Call<'_>) -> Outcome<Value> {
    let node = this(c)?;
    let mut out = Writer::new(Layout::indented());
    let to_text = matches!(c.arg(0), Value::Native(native) if native.data.is_text_writer());
    let encoding = if to_text { writer::encoding_name(c.arg(0)) } else { "utf-8" };
    let standalone = declaration(&node).map(|node| pseudo_attribute(&node, "standalone")).unwrap_or_default();
    let rest = if standalone.is_empty() { String::new() } else { format!(" standalone=\"{standalone}\"") };
    out.declaration(&format!("version=\"1.0\" encoding=\"{encoding}\"{rest}"));
    match node.kind() {
        NodeKind::Document => {
            node.children().iter().filter(|n| n.kind() != NodeKind::Declaration).for_each(|child| out.node(child));
        }
        _ => out.node(&node),
    }
    writer::write_whole(c, 0, &out.take(), TextEncoding::Utf8Bom)?;
    Ok(Value::Nothing)
}

fn declaration(node: &Node) -> Option<Node> {
    node.children().into_iter().find(|child| child.kind() == NodeKind::Declaration)
}

fn made(c: &mut Call<'_>) -> Outcome<Value> {
    let document = Node::document(&Tree::empty());
    for item in c.items(0) {
        content::add(&document, &item, None)?;
    }
    Ok(value(document))
}

pub(super) static DOCUMENT: Table = Table {
    constructors: &[
        ("XDocument()", |_| Ok(value(Node::document(&Tree::empty())))),
        ("XDocument(params System.Object[] content)", made),
    ],
    methods: &[
        ("void Save(string fileName)", save),
        ("void Save(System.IO.Stream stream)", save),
        ("void Save(System.IO.TextWriter textWriter)", save),
    ],
    statics: &[
        ("static System.Xml.Linq.XDocument Parse(string text)", |c| parse(c, false)),
        ("static System.Xml.Linq.XDocument Parse(string text, System.Xml.Linq.LoadOptions options)", |c| {
            parse(c, false)
        }),
        ("static System.Xml.Linq.XDocument Load(string uri)", |c| load(c, false)),
        ("static System.Xml.Linq.XDocument Load(System.IO.Stream stream)", |c| load(c, false)),
        ("static System.Xml.Linq.XDocument Load(System.IO.TextReader textReader)", |c| load(c, false)),
    ],
    properties: &[
        get("Declaration", "System.Xml.Linq.XDeclaration", |_, v| look(v, |node| maybe(declaration(node)))),
        get("DocumentType", "System.Xml.Linq.XDocumentType", |_, _| Ok(Value::Null)),
        get("NodeType", "System.Xml.XmlNodeType", |_, _| Ok(TypeRef::XML_NODE_TYPE.enum_of(9))),
        get("Root", "System.Xml.Linq.XElement", |_, v| look(v, |node| maybe(node.document_element()))),
    ],
    ..Table::EMPTY
};

fn part(value: &Value, name: &str) -> Outcome<Value> {
    let text = node_of(value).map(|node| pseudo_attribute(&node, name)).unwrap_or_default();
    Ok(if text.is_empty() { Value::Null } else { Value::from(text) })
}

pub(super) static DECLARATION: Table = Table {
    constructors: &[("XDeclaration(string version, string encoding, string standalone)", |c| {
        let parts = [("version", c.text(0)), ("encoding", c.text(1)), ("standalone", c.text(2))];
        let given = parts.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}=\"{text}\""));
        Ok(value(lone(NodeKind::Declaration, QName::default(), &given.collect::<Vec<_>>().join(" "))))
    })],
    methods: &[("string ToString()", |c| Ok(Value::from(super::text_of(&this(c)?, false))))],
    properties: &[
        get("Encoding", "string", |_, v| part(v, "encoding")),
        get("Standalone", "string", |_, v| part(v, "standalone")),
        get("Version", "string", |_, v| part(v, "version")),
    ],
    ..Table::EMPTY
};
