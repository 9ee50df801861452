//! Text to nodes. `roxmltree` says whether the text is well-formed and where it is not; `quick-xml` gives the pieces,
//! among them those that the former drops.

use super::tree::{Node, NodeKind, QName, Tree, XMLNS};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::rc::Rc;

/// Why a text is no XML, and where.
#[derive(Debug)]
pub(crate) struct Malformed {
    /// In words.
    pub(crate) message: String,
    /// From 1.
    pub(crate) line: u32,
    /// From 1.
    pub(crate) column: u32,
}

impl Malformed {
    fn new(message: impl std::fmt::Display) -> Self {
        Malformed { message: message.to_string(), line: 0, column: 0 }
    }
}

/// What becomes of blanks between tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blanks {
    /// They are dropped.
    Dropped,
    /// They are nodes.
    Kept,
}

/// Reads a whole document.
pub(crate) fn document(text: &str, blanks: Blanks) -> Result<Rc<Tree>, Malformed> {
    check(text)?;
    let tree = Tree::empty();
    tree.preserve_whitespace.set(blanks == Blanks::Kept);
    build(&Node::document(&tree), text, blanks)?;
    Ok(tree)
}

/// Reads pieces of a document into a node: what `InnerXml` takes.
pub(crate) fn content(parent: &Node, text: &str) -> Result<(), Malformed> {
    let mut wrapped = String::from("<r");
    for (prefix, namespace) in declarations(parent) {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        wrapped.push_str(&format!(" {name}=\"{}\"", super::write::escape_attribute(&namespace)));
    }
    wrapped.push('>');
    check(&format!("{wrapped}{text}</r>"))?;
    let blanks = if parent.tree.preserve_whitespace.get() { Blanks::Kept } else { Blanks::Dropped };
    build(parent, text, blanks)
}

/// Prefixes in use at a node, with their namespaces.
fn declarations(node: &Node) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for at in std::iter::successors(Some(node.clone()), Node::parent) {
        for attribute in at.attributes().iter().filter(|a| a.name().namespace.as_str() == XMLNS) {
            let name = attribute.name();
            let prefix = if name.prefix.is_empty() { String::new() } else { name.local.to_string() };
            if !found.iter().any(|(known, _)| *known == prefix) {
                found.push((prefix, attribute.value().to_string()));
            }
        }
    }
    found
}

fn check(text: &str) -> Result<(), Malformed> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    match roxmltree::Document::parse_with_options(text, options) {
        Ok(_) => Ok(()),
        Err(error) => {
            let place = error.pos();
            Err(Malformed { message: error.to_string(), line: place.row, column: place.col })
        }
    }
}

/// Puts the nodes of a text under a node.
fn build(parent: &Node, text: &str, blanks: Blanks) -> Result<(), Malformed> {
    let mut reader = Reader::from_str(text);
    let mut at = parent.clone();
    let mut pending = String::new();
    loop {
        let event = reader.read_event().map_err(Malformed::new)?;
        match &event {
            Event::Text(part) => pending.push_str(&part.xml_content().map_err(Malformed::new)?),
            Event::GeneralRef(reference) => push_reference(&mut pending, reference)?,
            _ => flush(&at, &mut pending, blanks),
        }
        match event {
            Event::Start(start) => {
                let element = element(&at, &start)?;
                element.set_empty(false);
                at = element;
            }
            Event::Empty(start) => drop(element(&at, &start)?),
            Event::End(_) => at = at.parent().unwrap_or_else(|| parent.clone()),
            Event::CData(data) => {
                let text = data.decode().map_err(Malformed::new)?;
                at.append(&at.create(NodeKind::CData, QName::default(), text.as_ref()));
            }
            Event::Comment(comment) => {
                let text = comment.decode().map_err(Malformed::new)?;
                at.append(&at.create(NodeKind::Comment, QName::default(), text.as_ref()));
            }
            Event::PI(instruction) => {
                let target = String::from_utf8_lossy(instruction.target()).into_owned();
                let text = String::from_utf8_lossy(instruction.content()).trim_start().to_owned();
                at.append(&at.create(NodeKind::ProcessingInstruction, QName::new("", &target, ""), text));
            }
            Event::Decl(declaration) => {
                let text = String::from_utf8_lossy(&declaration).into_owned();
                let text = text.strip_prefix("xml").unwrap_or(&text).trim().replace('\'', "\"");
                at.append(&at.create(NodeKind::Declaration, QName::default(), text));
            }
            Event::Eof => return Ok(()),
            Event::Text(_) | Event::GeneralRef(_) | Event::DocType(_) => {}
        }
    }
}

fn push_reference(text: &mut String, reference: &quick_xml::events::BytesRef<'_>) -> Result<(), Malformed> {
    if let Some(character) = reference.resolve_char_ref().map_err(Malformed::new)? {
        text.push(character);
        return Ok(());
    }
    let name = reference.decode().map_err(Malformed::new)?;
    match quick_xml::escape::resolve_predefined_entity(&name) {
        Some(resolved) => text.push_str(resolved),
        None => return Err(Malformed::new(format!("the entity '{name}' is not known"))),
    }
    Ok(())
}

/// Text between two tags as a node; blanks alone only where they are kept.
fn flush(at: &Node, pending: &mut String, blanks: Blanks) {
    if pending.is_empty() {
        return;
    }
    let text = std::mem::take(pending);
    let blank = text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    let kind = match (blank, blanks) {
        (true, Blanks::Dropped) => return,
        (true, Blanks::Kept) => NodeKind::Whitespace,
        (false, _) => NodeKind::Text,
    };
    at.append(&at.create(kind, QName::default(), text));
}

/// An element with its attributes, put under `parent`.
fn element(parent: &Node, start: &BytesStart<'_>) -> Result<Node, Malformed> {
    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(Malformed::new)?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        attributes.push((key, attribute.unescape_value().map_err(Malformed::new)?.into_owned()));
    }
    let element = parent.create(NodeKind::Element, QName::qualified(&name, ""), "");
    parent.append(&element);
    // Declarations first: names, the element's own included, are read by them.
    for (key, value) in attributes.iter().filter(|(key, _)| is_declaration(key)) {
        element.set_attribute(QName::qualified(key, XMLNS), value);
    }
    let namespace = |name: &str| {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        element.namespace_of(prefix).map(|found| found.to_string()).unwrap_or_default()
    };
    element.rename(QName::qualified(&name, &namespace(&name)));
    for attribute in element.attributes() {
        attribute.detach();
    }
    for (key, value) in &attributes {
        let namespace = match key {
            key if is_declaration(key) => XMLNS.to_owned(),
            key if key.contains(':') => declared(&element, &attributes, key),
            _ => String::new(),
        };
        element.set_attribute(QName::qualified(key, &namespace), value);
    }
    Ok(element)
}

fn is_declaration(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:")
}

/// The namespace of a prefixed attribute: declared beside it, or further up.
fn declared(element: &Node, attributes: &[(String, String)], name: &str) -> String {
    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
    let here = attributes.iter().find(|(key, _)| key.strip_prefix("xmlns:") == Some(prefix));
    match here {
        Some((_, namespace)) => namespace.clone(),
        None => element.namespace_of(prefix).map(|found| found.to_string()).unwrap_or_default(),
    }
}
