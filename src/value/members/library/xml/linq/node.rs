//! `XObject`, `XNode`, and the nodes that are plain text.

use super::super::super::super::table::{Call, PropertyRow, Table, get, set};
use super::super::super::super::{integer_of, thrown};
use super::axes::{array, chosen};
use super::{content, look, maybe, node_of, this, value};
use crate::value::xml::{Node, NodeKind, QName, Tree};
use crate::value::{Outcome, Str, TypeRef, Value, convert};

/// The element around a node; the document is no element.
fn parent(node: &Node) -> Option<Node> {
    node.parent().filter(|parent| parent.kind() == NodeKind::Element)
}

/// The document at the top; `None` where the node stands in none.
fn document(node: &Node) -> Option<Node> {
    let top = std::iter::successors(Some(node.clone()), Node::parent).last()?;
    (top.kind() == NodeKind::Document && top.id == 0).then_some(top)
}

pub(super) static OBJECT: Table = Table {
    properties: &[
        get("BaseUri", "string", |_, _| Ok(Value::from(""))),
        get("Document", "System.Xml.Linq.XDocument", |_, v| look(v, |node| maybe(document(node)))),
        get("Parent", "System.Xml.Linq.XElement", |_, v| look(v, |node| maybe(parent(node)))),
    ],
    ..Table::EMPTY
};

fn orphan() -> crate::value::Unwind {
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The node has no parent.")
}

/// Puts content beside a node, before the node that follows `place`.
fn add_beside(c: &mut Call<'_>, after: bool) -> Outcome<Value> {
    let node = this(c)?;
    let parent = node.parent().ok_or_else(orphan)?;
    let place = if after { node.sibling(true) } else { Some(node) };
    for item in c.items(0) {
        content::add(&parent, &item, place.as_ref())?;
    }
    Ok(Value::Nothing)
}

fn remove(c: &mut Call<'_>) -> Outcome<Value> {
    let node = this(c)?;
    node.parent().ok_or_else(orphan)?;
    node.detach();
    Ok(Value::Nothing)
}

fn siblings(node: &Node, forward: bool) -> Vec<Node> {
    let mut found: Vec<Node> = std::iter::successors(node.sibling(forward), |node| node.sibling(forward)).collect();
    found.retain(|node| node.kind() == NodeKind::Element);
    if !forward {
        found.reverse();
    }
    found
}

fn ancestors(c: &mut Call<'_>) -> Outcome<Value> {
    let found = std::iter::successors(parent(&this(c)?), parent).collect();
    chosen(c, found)
}

fn beside(c: &mut Call<'_>, forward: bool) -> Outcome<Value> {
    let found = siblings(&this(c)?, forward);
    chosen(c, found)
}

pub(super) static NODE: Table = Table {
    methods: &[
        ("void AddAfterSelf(params System.Object[] content)", |c| add_beside(c, true)),
        ("void AddBeforeSelf(params System.Object[] content)", |c| add_beside(c, false)),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] Ancestors()", ancestors),
        (
            "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] Ancestors(System.Xml.Linq.XName name)",
            ancestors,
        ),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] ElementsAfterSelf()", |c| beside(c, true)),
        (
            "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] ElementsAfterSelf(System.Xml.Linq.XName name)",
            |c| beside(c, true),
        ),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] ElementsBeforeSelf()", |c| beside(c, false)),
        (
            "System.Collections.Generic.IEnumerable[System.Xml.Linq.XElement] ElementsBeforeSelf(System.Xml.Linq.XName name)",
            |c| beside(c, false),
        ),
        ("System.Collections.Generic.IEnumerable[System.Xml.Linq.XNode] NodesAfterSelf()", |c| {
            let first = this(c)?.sibling(true);
            Ok(array(TypeRef::XNODE, std::iter::successors(first, |node| node.sibling(true))))
        }),
        ("void Remove()", remove),
        ("void ReplaceWith(params System.Object[] content)", |c| {
            add_beside(c, true)?;
            remove(c)
        }),
        ("string ToString()", |c| Ok(Value::from(super::text_of(&this(c)?, true)))),
        ("string ToString(System.Xml.Linq.SaveOptions options)", |c| {
            let plain = integer_of(c.arg(0)).unwrap_or(0) & 1 == 1;
            Ok(Value::from(super::text_of(&this(c)?, !plain)))
        }),
    ],
    statics: &[("static bool DeepEquals(System.Xml.Linq.XNode n1, System.Xml.Linq.XNode n2)", |c| {
        let text = |value: &Value| node_of(value).map(|node| super::text_of(&node, false));
        Ok(Value::Bool(text(c.arg(0)) == text(c.arg(1))))
    })],
    properties: &[
        get("NextNode", "System.Xml.Linq.XNode", |_, v| look(v, |node| maybe(node.sibling(true)))),
        get("PreviousNode", "System.Xml.Linq.XNode", |_, v| look(v, |node| maybe(node.sibling(false)))),
        get("NodeType", "System.Xml.XmlNodeType", |_, v| {
            look(v, |node| TypeRef::XML_NODE_TYPE.enum_of(node.kind().number()))
        }),
    ],
    ..Table::EMPTY
};

/// A node that stands alone.
pub(crate) fn lone(kind: NodeKind, name: QName, text: &str) -> Node {
    Node::document(&Tree::empty()).create(kind, name, text)
}

fn plain(c: &mut Call<'_>, kind: NodeKind) -> Outcome<Value> {
    Ok(value(lone(kind, QName::default(), c.text(0))))
}

const VALUE: PropertyRow = set(
    "Value",
    "string",
    |_, v| look(v, |node| Value::Str(node.value())),
    |_, v, new| {
        if let Some(node) = node_of(v) {
            node.set_value(Str::from(convert::to_text(&new).as_str()));
        }
        Ok(())
    },
);

pub(super) static TEXT: Table = Table {
    constructors: &[("XText(string value)", |c| plain(c, NodeKind::Text))],
    properties: &[VALUE],
    ..Table::EMPTY
};

pub(super) static CDATA: Table =
    Table { constructors: &[("XCData(string value)", |c| plain(c, NodeKind::CData))], ..Table::EMPTY };

pub(super) static COMMENT: Table = Table {
    constructors: &[("XComment(string value)", |c| plain(c, NodeKind::Comment))],
    properties: &[VALUE],
    ..Table::EMPTY
};
