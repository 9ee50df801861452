//! The nodes of XML documents. A document owns all nodes that were ever made for it, as .NET has it: a node that is
//! taken out of the tree stays usable and can be put in again elsewhere.

use crate::value::Str;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The number of a node in its document; 0 is the document itself.
pub(crate) type NodeId = u32;

/// `http://www.w3.org/2000/xmlns/`, where declarations of namespaces live.
pub(crate) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// `http://www.w3.org/XML/1998/namespace`, which `xml:` always means.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of XmlNodeType")]
pub(crate) enum NodeKind {
    Document,
    Element,
    Attribute,
    Text,
    CData,
    Comment,
    ProcessingInstruction,
    Declaration,
    Whitespace,
    SignificantWhitespace,
    Fragment,
}

impl NodeKind {
    /// Its number in `XmlNodeType`.
    pub(crate) fn number(self) -> i64 {
        match self {
            NodeKind::Element => 1,
            NodeKind::Attribute => 2,
            NodeKind::Text => 3,
            NodeKind::CData => 4,
            NodeKind::ProcessingInstruction => 7,
            NodeKind::Comment => 8,
            NodeKind::Document => 9,
            NodeKind::Fragment => 11,
            NodeKind::Whitespace => 13,
            NodeKind::SignificantWhitespace => 14,
            NodeKind::Declaration => 17,
        }
    }

    /// The name that all nodes of the kind have; `None` where each has its own.
    fn fixed_name(self) -> Option<&'static str> {
        Some(match self {
            NodeKind::Document => "#document",
            NodeKind::Text => "#text",
            NodeKind::CData => "#cdata-section",
            NodeKind::Comment => "#comment",
            NodeKind::Whitespace => "#whitespace",
            NodeKind::SignificantWhitespace => "#significant-whitespace",
            NodeKind::Fragment => "#document-fragment",
            NodeKind::Declaration => "xml",
            NodeKind::Element | NodeKind::Attribute | NodeKind::ProcessingInstruction => {
                return None;
            }
        })
    }

    /// True for what counts as text of the element around it.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, NodeKind::Text | NodeKind::CData | NodeKind::Whitespace | NodeKind::SignificantWhitespace)
    }
}

/// A name with its prefix and namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QName {
    /// Before the colon; empty without.
    pub(crate) prefix: Str,
    /// After the colon.
    pub(crate) local: Str,
    /// The namespace's address; empty without.
    pub(crate) namespace: Str,
}

impl QName {
    /// A name of its parts.
    pub(crate) fn new(prefix: &str, local: &str, namespace: &str) -> Self {
        QName { prefix: Str::from(prefix), local: Str::from(local), namespace: Str::from(namespace) }
    }

    /// `prefix:local` in a namespace.
    pub(crate) fn qualified(name: &str, namespace: &str) -> Self {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        QName::new(prefix, local, namespace)
    }

    /// `prefix:local`.
    pub(crate) fn text(&self) -> Str {
        if self.prefix.is_empty() { self.local.clone() } else { Str::from(format!("{}:{}", self.prefix, self.local)) }
    }
}

/// A node's state.
#[derive(Debug)]
struct NodeData {
    kind: NodeKind,
    name: QName,
    value: Str,
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    attributes: Vec<NodeId>,
    /// Written `<a />` where it has no children, not `<a></a>`.
    empty: bool,
}

/// A document with all its nodes.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: RefCell<Vec<NodeData>>,
    /// `PreserveWhitespace`.
    pub(crate) preserve_whitespace: Cell<bool>,
}

/// A node: its document, and its number there.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The document.
    pub(crate) tree: Rc<Tree>,
    /// Its number.
    pub(crate) id: NodeId,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Rc::ptr_eq(&self.tree, &other.tree)
    }
}
impl Eq for Node {}

impl Tree {
    /// A document without anything in it.
    pub(crate) fn empty() -> Rc<Tree> {
        let root = NodeData {
            kind: NodeKind::Document,
            name: QName::default(),
            value: Str::from(""),
            parent: None,
            children: Vec::new(),
            attributes: Vec::new(),
            empty: false,
        };
        Rc::new(Tree { nodes: RefCell::new(vec![root]), preserve_whitespace: Cell::new(false) })
    }
}

impl Node {
    /// The document node of a tree.
    pub(crate) fn document(tree: &Rc<Tree>) -> Node {
        Node { tree: tree.clone(), id: 0 }
    }

    /// A new node in the same document, not yet anywhere in its tree.
    pub(crate) fn create(&self, kind: NodeKind, name: QName, value: impl Into<Str>) -> Node {
        let mut nodes = self.tree.nodes.borrow_mut();
        let id = NodeId::try_from(nodes.len()).unwrap_or(NodeId::MAX);
        let (children, attributes) = (Vec::new(), Vec::new());
        nodes.push(NodeData { kind, name, value: value.into(), parent: None, children, attributes, empty: true });
        self.at(id)
    }

    fn at(&self, id: NodeId) -> Node {
        Node { tree: self.tree.clone(), id }
    }

    fn read<R: Default>(&self, look: impl FnOnce(&NodeData) -> R) -> R {
        self.tree.nodes.borrow().get(self.id as usize).map(look).unwrap_or_default()
    }

    fn write(&self, change: impl FnOnce(&mut NodeData)) {
        if let Some(data) = self.tree.nodes.borrow_mut().get_mut(self.id as usize) {
            change(data);
        }
    }

    /// What kind of node.
    pub(crate) fn kind(&self) -> NodeKind {
        self.tree.nodes.borrow().get(self.id as usize).map_or(NodeKind::Document, |data| data.kind)
    }

    /// Its name's parts; nothing for nodes that have no name of their own.
    pub(crate) fn name(&self) -> QName {
        self.read(|data| data.name.clone())
    }

    /// `LocalName`.
    pub(crate) fn local_name(&self) -> Str {
        match self.kind().fixed_name() {
            Some(name) => Str::from(name),
            None => self.read(|data| data.name.local.clone()),
        }
    }

    /// `Name`.
    pub(crate) fn full_name(&self) -> Str {
        match self.kind().fixed_name() {
            Some(name) => Str::from(name),
            None => self.name().text(),
        }
    }

    /// Gives it another name.
    pub(crate) fn rename(&self, name: QName) {
        self.write(|data| data.name = name);
    }

    /// The text of an attribute, text or comment.
    pub(crate) fn value(&self) -> Str {
        self.read(|data| data.value.clone())
    }

    /// Sets that text.
    pub(crate) fn set_value(&self, value: impl Into<Str>) {
        let value = value.into();
        self.write(|data| data.value = value);
    }

    /// True where it is written `<a />`.
    pub(crate) fn is_empty(&self) -> bool {
        self.read(|data| data.empty && data.children.is_empty())
    }

    /// Sets whether it is written `<a />`.
    pub(crate) fn set_empty(&self, empty: bool) {
        self.write(|data| data.empty = empty);
    }

    /// The node around it; an attribute's element for an attribute.
    pub(crate) fn parent(&self) -> Option<Node> {
        self.read(|data| data.parent).map(|id| self.at(id))
    }

    /// Its children in order.
    pub(crate) fn children(&self) -> Vec<Node> {
        let ids = self.read(|data| data.children.clone());
        ids.into_iter().map(|id| self.at(id)).collect()
    }

    /// Number of children.
    pub(crate) fn child_count(&self) -> usize {
        self.read(|data| data.children.len())
    }

    /// Its attributes in order.
    pub(crate) fn attributes(&self) -> Vec<Node> {
        let ids = self.read(|data| data.attributes.clone());
        ids.into_iter().map(|id| self.at(id)).collect()
    }

    /// The child elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Node> {
        self.children().into_iter().filter(|node| node.kind() == NodeKind::Element)
    }

    /// The element of a document.
    pub(crate) fn document_element(&self) -> Option<Node> {
        Node::document(&self.tree).elements().next()
    }

    /// An attribute by its written name.
    pub(crate) fn attribute(&self, name: &str) -> Option<Node> {
        self.attributes().into_iter().find(|attribute| attribute.full_name().as_str() == name)
    }

    /// An attribute by local name and namespace.
    pub(crate) fn attribute_ns(&self, local: &str, namespace: &str) -> Option<Node> {
        let same = |name: &QName| name.local.as_str() == local && name.namespace.as_str() == namespace;
        self.attributes().into_iter().find(|attribute| same(&attribute.name()))
    }

    /// The node before or after it under the same parent.
    pub(crate) fn sibling(&self, forward: bool) -> Option<Node> {
        let siblings = self.parent().filter(|_| self.kind() != NodeKind::Attribute)?.children();
        let at = siblings.iter().position(|node| node == self)?;
        let next = if forward { at.checked_add(1) } else { at.checked_sub(1) }?;
        siblings.get(next).cloned()
    }

    /// True where `other` is this node or below it.
    pub(crate) fn contains(&self, other: &Node) -> bool {
        std::iter::successors(Some(other.clone()), Node::parent).any(|node| node == *self)
    }

    /// Takes the node out from under its parent.
    pub(crate) fn detach(&self) {
        let Some(parent) = self.parent() else { return };
        parent.write(|data| {
            data.children.retain(|id| *id != self.id);
            data.attributes.retain(|id| *id != self.id);
        });
        self.write(|data| data.parent = None);
    }

    /// Puts a node of the same document among the children, before `place` or at the end. A fragment gives its
    /// children.
    pub(crate) fn insert(&self, node: &Node, place: Option<&Node>) {
        if node.kind() == NodeKind::Fragment {
            node.children().iter().for_each(|child| self.insert(child, place));
            return;
        }
        node.detach();
        node.write(|data| data.parent = Some(self.id));
        self.write(|data| {
            let at = place.and_then(|place| data.children.iter().position(|id| *id == place.id));
            data.children.insert(at.unwrap_or(data.children.len()), node.id);
        });
    }

    /// Puts a node at the end of the children.
    pub(crate) fn append(&self, node: &Node) {
        self.insert(node, None);
    }

    /// Puts an attribute in, in the place of one with the same name.
    pub(crate) fn put_attribute(&self, attribute: &Node) {
        let name = attribute.name();
        let known = self.attributes().into_iter().find(|other| {
            let other = other.name();
            other.local == name.local && other.namespace == name.namespace
        });
        attribute.detach();
        attribute.write(|data| data.parent = Some(self.id));
        self.write(|data| {
            let at = known.as_ref().and_then(|known| data.attributes.iter().position(|id| *id == known.id));
            match at.and_then(|at| data.attributes.get_mut(at)) {
                Some(place) => *place = attribute.id,
                None => data.attributes.push(attribute.id),
            }
        });
        if let Some(known) = known.filter(|known| known != attribute) {
            known.write(|data| data.parent = None);
        }
    }

    /// Sets an attribute's text, making the attribute where it is not there.
    pub(crate) fn set_attribute(&self, name: QName, value: &str) -> Node {
        let known = self.attributes().into_iter().find(|attribute| {
            let own = attribute.name();
            own.local == name.local && own.namespace == name.namespace
        });
        match known {
            Some(attribute) => {
                attribute.set_value(value);
                attribute
            }
            None => {
                let attribute = self.create(NodeKind::Attribute, name, value);
                self.put_attribute(&attribute);
                attribute
            }
        }
    }

    /// Takes out all children, and the attributes where asked.
    pub(crate) fn clear(&self, attributes_too: bool) {
        self.children().iter().for_each(Node::detach);
        if attributes_too {
            self.attributes().iter().for_each(Node::detach);
        }
    }

    /// `InnerText`: the texts of everything below, one after another.
    pub(crate) fn inner_text(&self) -> String {
        let mut text = String::new();
        match self.kind() {
            NodeKind::Element | NodeKind::Document | NodeKind::Fragment => self.push_text(&mut text),
            _ => text.push_str(&self.value()),
        }
        text
    }

    fn push_text(&self, text: &mut String) {
        for child in self.children() {
            match child.kind() {
                NodeKind::Element => child.push_text(text),
                kind if kind.is_text() => text.push_str(&child.value()),
                _ => {}
            }
        }
    }

    /// Replaces the children by one text.
    pub(crate) fn set_inner_text(&self, text: &str) {
        if !matches!(self.kind(), NodeKind::Element | NodeKind::Fragment) {
            return self.set_value(text);
        }
        let only = self.children();
        if let [child] = only.as_slice()
            && child.kind() == NodeKind::Text
        {
            return child.set_value(text);
        }
        self.clear(false);
        let child = self.create(NodeKind::Text, QName::default(), text);
        self.append(&child);
    }

    /// A copy in the document of `owner`, with what is below it where `deep`; attributes always come along.
    pub(crate) fn copy_into(&self, owner: &Node, deep: bool) -> Node {
        let copy = owner.create(self.kind(), self.name(), self.value());
        copy.set_empty(self.read(|data| data.empty));
        for attribute in self.attributes() {
            copy.put_attribute(&attribute.copy_into(owner, true));
        }
        if deep {
            for child in self.children() {
                copy.append(&child.copy_into(owner, true));
            }
        }
        copy
    }

    /// The namespace that a prefix means here; the empty prefix means the default one.
    pub(crate) fn namespace_of(&self, prefix: &str) -> Option<Str> {
        match prefix {
            "xml" => return Some(Str::from(XML)),
            "xmlns" => return Some(Str::from(XMLNS)),
            _ => {}
        }
        let declaration = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        std::iter::successors(Some(self.clone()), Node::parent).find_map(|node| {
            let own = node.name();
            if node.kind() == NodeKind::Element && own.prefix.as_str() == prefix && !own.namespace.is_empty() {
                return Some(own.namespace);
            }
            node.attribute(&declaration).map(|attribute| attribute.value())
        })
    }

    /// A prefix that means a namespace here.
    pub(crate) fn prefix_of(&self, namespace: &str) -> Option<Str> {
        std::iter::successors(Some(self.clone()), Node::parent).find_map(|node| {
            let own = node.name();
            if node.kind() == NodeKind::Element && own.namespace.as_str() == namespace {
                return Some(own.prefix);
            }
            let declared = |attribute: &Node| {
                attribute.name().namespace.as_str() == XMLNS && attribute.value().as_str() == namespace
            };
            let found = node.attributes().into_iter().find(declared)?.name();
            Some(if found.prefix.is_empty() { Str::from("") } else { found.local })
        })
    }

    /// All elements below in document order.
    pub(crate) fn descendants(&self) -> Vec<Node> {
        let mut found = Vec::new();
        self.push_descendants(&mut found);
        found
    }

    fn push_descendants(&self, found: &mut Vec<Node>) {
        for child in self.elements() {
            found.push(child.clone());
            child.push_descendants(found);
        }
    }
}
