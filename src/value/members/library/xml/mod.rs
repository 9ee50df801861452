//! `System.Xml`: documents and their nodes, lists of nodes, writers, readers and `XmlConvert`. The tree itself is
//! `value::xml`.

mod convert;
mod document;
mod element;
mod linq;
mod list;
mod node;
mod reader;
mod writer;

pub(crate) use document::parse;
pub(super) use linq::TABLES as LINQ;
pub(crate) use linq::document_of;
pub(crate) use list::namespaces_of;
pub(crate) use node::{node_of, value};

use super::super::table::{Call, Table};
use super::super::thrown;
use crate::value::xml::{Node, read::Malformed, xpath};
use crate::value::{Fault, Outcome, Str, TypeRef, Unwind, Value};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::XMLNODE, &node::NODE),
    (TypeRef::XMLELEMENT, &element::ELEMENT),
    (TypeRef::XMLATTRIBUTE, &element::ATTRIBUTE),
    (TypeRef::XMLDECLARATION, &element::DECLARATION),
    (TypeRef::XMLCHARACTERDATA, &element::CHARACTERS),
    (TypeRef::XMLPROCESSINGINSTRUCTION, &element::INSTRUCTION),
    (TypeRef::XMLDOCUMENT, &document::DOCUMENT),
    (TypeRef::XMLNODELIST, &list::NODES),
    (TypeRef::XMLATTRIBUTECOLLECTION, &list::ATTRIBUTES),
    (TypeRef::XMLNAMESPACEMANAGER, &list::MANAGER),
    (TypeRef::XMLCONVERT, &convert::CONVERT),
    (TypeRef::XMLWRITER, &writer::WRITER),
    (TypeRef::XMLTEXTWRITER, &writer::TEXT_WRITER),
    (TypeRef::XMLWRITERSETTINGS, &writer::SETTINGS),
    (TypeRef::XMLREADER, &reader::READER),
    (TypeRef::XMLTEXTREADER, &reader::TEXT_READER),
    (TypeRef::XMLNODEREADER, &reader::NODE_READER),
];

/// The `XmlException` of a text that is no XML.
fn xml_exception(why: &Malformed) -> Unwind {
    Fault::new("XmlException", format!("The text is not well-formed XML: {}.", why.message))
        .exception("System.Xml.XmlException")
        .property("LineNumber", Value::I32(why.line as i32))
        .property("LinePosition", Value::I32(why.column as i32))
        .into()
}

/// The `XPathException` of an expression that cannot be used.
pub(crate) fn xpath_exception(expression: &str, why: &xpath::Refused) -> Unwind {
    thrown(TypeRef::XPATH_EXCEPTION, format!("The XPath expression '{expression}' cannot be used: {why}."))
}

/// The nodes an expression selects.
pub(crate) fn select(node: &Node, expression: &str, namespaces: &[(Str, Str)]) -> Outcome<Vec<Node>> {
    xpath::select(node, expression, namespaces).map_err(|why| xpath_exception(expression, &why))
}

/// The node argument at a place.
fn node_argument(c: &Call<'_>, index: usize) -> Outcome<Node> {
    node_of(c.arg(index))
        .ok_or_else(|| thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "A node is needed there, and the argument is none."))
}
