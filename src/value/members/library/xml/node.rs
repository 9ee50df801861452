//! `System.Xml.XmlNode`: what every node has, and how scripts walk into a node by the names of its attributes and
//! children.

use super::super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::super::thrown;
use super::{list, node_argument, xml_exception};
use crate::value::object::NativeObject;
use crate::value::xml::{Node, NodeKind, read, write};
use crate::value::{Fault, Native, Outcome, Str, TypeRef, Unwind, Value, convert};
use std::any::Any;

/// A node as an object.
pub(crate) struct NodeObject(pub(crate) Node);

/// A node as a value.
pub(crate) fn value(node: Node) -> Value {
    Native::value(NodeObject(node))
}

/// The node of a value.
pub(crate) fn node_of(value: &Value) -> Option<Node> {
    match value {
        Value::Native(native) => native.downcast::<NodeObject>().map(|object| object.0.clone()),
        Value::Wrapped(wrapped) => node_of(&wrapped.base),
        _ => None,
    }
}

/// A node, or null.
pub(super) fn maybe(node: Option<Node>) -> Value {
    node.map_or(Value::Null, value)
}

/// The type of a kind of node.
fn type_of(kind: NodeKind) -> TypeRef {
    match kind {
        NodeKind::Document => TypeRef::XMLDOCUMENT,
        NodeKind::Element => TypeRef::XMLELEMENT,
        NodeKind::Attribute => TypeRef::XMLATTRIBUTE,
        NodeKind::Text => TypeRef::XMLTEXT,
        NodeKind::CData => TypeRef::XMLCDATASECTION,
        NodeKind::Comment => TypeRef::XMLCOMMENT,
        NodeKind::ProcessingInstruction => TypeRef::XMLPROCESSINGINSTRUCTION,
        NodeKind::Declaration => TypeRef::XMLDECLARATION,
        NodeKind::Whitespace => TypeRef::XMLWHITESPACE,
        NodeKind::SignificantWhitespace => TypeRef::XMLSIGNIFICANTWHITESPACE,
        NodeKind::Fragment => TypeRef::XMLDOCUMENTFRAGMENT,
    }
}

impl NativeObject for NodeObject {
    fn kind(&self) -> TypeRef {
        type_of(self.0.kind())
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.local_name().to_string()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<NodeObject>().is_some_and(|other| other.0 == self.0))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        let tree = std::rc::Rc::as_ptr(&self.0.tree) as usize;
        Some([tree.to_le_bytes().as_slice(), &self.0.id.to_le_bytes()].concat().into_boxed_slice())
    }
    fn first_type_name(&self) -> Option<String> {
        let name = self.0.name();
        (!name.namespace.is_empty()).then(|| format!("{}#{}#{}", self.kind().name(), name.namespace, name.local))
    }
    fn at_key(&self, key: &Value) -> Option<Value> {
        let Value::Str(name) = key else { return None };
        Some(maybe(self.0.elements().find(|element| element.full_name().as_str() == name.as_str())))
    }
    fn adapts(&self) -> bool {
        true
    }
    fn member(&self, name: &str) -> Option<Value> {
        let mut found: Vec<Value> = named(&self.0, name).iter().map(simple).collect();
        if found.len() > 1 { Some(Value::array(found)) } else { found.pop() }
    }
    fn set_member(&self, name: &str, value: &Value) -> Option<Outcome<()>> {
        let nodes = named(&self.0, name);
        match nodes.as_slice() {
            [] => None,
            [node] => Some(set_simple(node, name, value)),
            _ => Some(not_settable("XmlNodeSetRestrictionsMoreThanOneNode", name, "several nodes have that name")),
        }
    }
    fn member_names(&self) -> Vec<Str> {
        let mut names: Vec<Str> = Vec::new();
        for node in parts(&self.0) {
            let name = node.local_name();
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    }
}

/// What scripts reach by name: attributes, then children, without the blanks between them.
fn parts(node: &Node) -> impl Iterator<Item = Node> {
    let children = node.children().into_iter().filter(|child| child.kind() != NodeKind::Whitespace);
    node.attributes().into_iter().chain(children)
}

fn named(node: &Node, name: &str) -> Vec<Node> {
    parts(node).filter(|part| part.local_name().eq_ignore_ascii_case(name)).collect()
}

/// A node as scripts see it by name: one that is only text is that text.
fn simple(node: &Node) -> Value {
    let plain = match node.kind() {
        NodeKind::Element => node.attributes().is_empty() && is_plain(node),
        _ => true,
    };
    if plain { Value::from(node.inner_text()) } else { value(node.clone()) }
}

/// True for nothing or one text inside.
fn is_plain(node: &Node) -> bool {
    match node.children().as_slice() {
        [] => true,
        [child] => child.kind() == NodeKind::Text,
        _ => false,
    }
}

fn not_settable(id: &'static str, name: &str, why: &str) -> Outcome<()> {
    Fault::new(id, format!("'{name}' cannot be set to a text: {why}."))
        .exception("System.Management.Automation.SetValueException")
        .category(crate::value::ErrorCategory::NotSpecified)
        .err()
}

fn set_simple(node: &Node, name: &str, value: &Value) -> Outcome<()> {
    if node.kind() == NodeKind::Element {
        if !node.attributes().is_empty() {
            return not_settable("XmlNodeSetRestrictionsNodeWithAttributes", name, "the element has attributes");
        }
        if !is_plain(node) {
            return not_settable("XmlNodeSetRestrictionsUnknownNodeType", name, "the element holds others");
        }
    }
    node.set_inner_text(&convert::to_text(value));
    Ok(())
}

/// The node a call is made on.
pub(super) fn this(c: &Call<'_>) -> Outcome<Node> {
    node_of(c.this).ok_or_else(|| thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "There is no node."))
}

fn look(value: &Value, read: impl FnOnce(&Node) -> Value) -> Outcome<Value> {
    Ok(node_of(value).map_or(Value::Null, |node| read(&node)))
}

/// The document's own text is null, as that of elements.
fn own_value(node: &Node) -> Value {
    match node.kind() {
        NodeKind::Element | NodeKind::Document | NodeKind::Fragment => Value::Null,
        _ => Value::Str(node.value()),
    }
}

fn set_inner_xml(node: &Node, text: &str) -> Outcome<()> {
    if node.kind() == NodeKind::Document {
        return super::document::load(node, text);
    }
    if node.kind() != NodeKind::Element && node.kind() != NodeKind::Fragment {
        node.set_inner_text(text);
        return Ok(());
    }
    node.clear(false);
    read::content(node, text).map_err(|why| xml_exception(&why))
}

const PROPERTIES: &[PropertyRow] = &[
    get("Name", "string", |_, v| look(v, |node| Value::Str(node.full_name()))),
    set(
        "Value",
        "string",
        |_, v| look(v, own_value),
        |_, v, new| {
            let Some(node) = node_of(v) else { return Ok(()) };
            if own_value(&node).is_null() {
                return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "This kind of node has no value to set."));
            }
            node.set_value(convert::to_text(&new));
            Ok(())
        },
    ),
    get("NodeType", "System.Xml.XmlNodeType", |_, v| {
        look(v, |node| TypeRef::XML_NODE_TYPE.enum_of(node.kind().number()))
    }),
    get("ParentNode", "System.Xml.XmlNode", |_, v| {
        look(v, |node| maybe(node.parent().filter(|_| node.kind() != NodeKind::Attribute)))
    }),
    get("ChildNodes", "System.Xml.XmlNodeList", |_, v| look(v, |node| list::children(node.clone()))),
    get("PreviousSibling", "System.Xml.XmlNode", |_, v| look(v, |node| maybe(node.sibling(false)))),
    get("NextSibling", "System.Xml.XmlNode", |_, v| look(v, |node| maybe(node.sibling(true)))),
    get("Attributes", "System.Xml.XmlAttributeCollection", |_, v| {
        look(v, |node| match node.kind() {
            NodeKind::Element => list::attributes(node.clone()),
            _ => Value::Null,
        })
    }),
    get("OwnerDocument", "System.Xml.XmlDocument", |_, v| {
        look(v, |node| maybe((node.id != 0).then(|| Node::document(&node.tree))))
    }),
    get("FirstChild", "System.Xml.XmlNode", |_, v| look(v, |node| maybe(node.children().into_iter().next()))),
    get("LastChild", "System.Xml.XmlNode", |_, v| look(v, |node| maybe(node.children().pop()))),
    get("HasChildNodes", "bool", |_, v| look(v, |node| Value::Bool(node.child_count() > 0))),
    get("NamespaceURI", "string", |_, v| look(v, |node| Value::Str(node.name().namespace))),
    get("Prefix", "string", |_, v| look(v, |node| Value::Str(node.name().prefix))),
    get("LocalName", "string", |_, v| look(v, |node| Value::Str(node.local_name()))),
    get("IsReadOnly", "bool", |_, _| Ok(Value::Bool(false))),
    set(
        "InnerText",
        "string",
        |_, v| look(v, |node| Value::from(node.inner_text())),
        |_, v, new| {
            if let Some(node) = node_of(v) {
                node.set_inner_text(&convert::to_text(&new));
            }
            Ok(())
        },
    ),
    get("OuterXml", "string", |_, v| look(v, |node| Value::from(write::outer(node)))),
    set(
        "InnerXml",
        "string",
        |_, v| look(v, |node| Value::from(write::inner(node))),
        |_, v, new| match node_of(v) {
            Some(node) => set_inner_xml(&node, &convert::to_text(&new)),
            None => Ok(()),
        },
    ),
    get("BaseURI", "string", |_, _| Ok(Value::from(""))),
    get("SchemaInfo", "System.Object", |_, _| Ok(Value::Null)),
];

/// Puts a node in, checked for where it comes from and where it goes.
fn insert(c: &Call<'_>, node: &Node, place: Option<&Node>) -> Outcome<Value> {
    let this = this(c)?;
    if !std::rc::Rc::ptr_eq(&this.tree, &node.tree) {
        let text = "The node belongs to another document; bring it over with ImportNode first.";
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, text));
    }
    if node.contains(&this) || this.kind() == NodeKind::Attribute {
        return Err(wrong_place("A node cannot be put into itself or into what it holds."));
    }
    if !matches!(this.kind(), NodeKind::Element | NodeKind::Document | NodeKind::Fragment)
        || matches!(node.kind(), NodeKind::Attribute | NodeKind::Document)
    {
        return Err(wrong_place("A node of that kind cannot stand there."));
    }
    let second_root = this.kind() == NodeKind::Document
        && node.kind() == NodeKind::Element
        && this.document_element().is_some_and(|known| known != *node);
    if second_root {
        return Err(wrong_place("The document already has its element; put the node into that."));
    }
    this.insert(node, place);
    Ok(value(node.clone()))
}

fn wrong_place(text: &str) -> Unwind {
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, text)
}

/// A node argument that must be a child of this one.
fn child_argument(c: &Call<'_>, index: usize) -> Outcome<Option<Node>> {
    if c.arg(index).is_null() {
        return Ok(None);
    }
    let child = node_argument(c, index)?;
    match child.parent() == Some(this(c)?) {
        true => Ok(Some(child)),
        false => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The node is no child of this one.")),
    }
}

fn select(c: &Call<'_>) -> Outcome<Vec<Node>> {
    super::select(&this(c)?, c.text(0), &list::namespaces_of(c.arg(1)))
}

const METHODS: &[Row] = &[
    ("System.Xml.XmlNode AppendChild(System.Xml.XmlNode newChild)", |c| insert(c, &node_argument(c, 0)?, None)),
    ("System.Xml.XmlNode PrependChild(System.Xml.XmlNode newChild)", |c| {
        let first = this(c)?.children().into_iter().next();
        insert(c, &node_argument(c, 0)?, first.as_ref())
    }),
    ("System.Xml.XmlNode InsertBefore(System.Xml.XmlNode newChild, System.Xml.XmlNode refChild)", |c| {
        let place = child_argument(c, 1)?;
        insert(c, &node_argument(c, 0)?, place.as_ref())
    }),
    ("System.Xml.XmlNode InsertAfter(System.Xml.XmlNode newChild, System.Xml.XmlNode refChild)", |c| {
        let place = match child_argument(c, 1)? {
            Some(before) => before.sibling(true),
            None => this(c)?.children().into_iter().next(),
        };
        insert(c, &node_argument(c, 0)?, place.as_ref())
    }),
    ("System.Xml.XmlNode RemoveChild(System.Xml.XmlNode oldChild)", |c| {
        let child = child_argument(c, 0)?;
        let child = child.ok_or_else(|| thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "There is no node to remove."))?;
        child.detach();
        Ok(value(child))
    }),
    ("System.Xml.XmlNode ReplaceChild(System.Xml.XmlNode newChild, System.Xml.XmlNode oldChild)", |c| {
        let (new, old) = (node_argument(c, 0)?, child_argument(c, 1)?);
        let next = old.as_ref().and_then(|old| old.sibling(true));
        if let Some(old) = &old {
            old.detach();
        }
        insert(c, &new, next.as_ref())?;
        Ok(maybe(old))
    }),
    ("void RemoveAll()", |c| {
        this(c)?.clear(true);
        Ok(Value::Nothing)
    }),
    ("System.Xml.XmlNode CloneNode(bool deep)", |c| {
        let node = this(c)?;
        let copy = match node.kind() {
            NodeKind::Document => {
                let document = Node::document(&crate::value::xml::Tree::empty());
                let children = if c.flag(0) { node.children() } else { Vec::new() };
                children.iter().for_each(|child| document.append(&child.copy_into(&document, true)));
                document
            }
            _ => node.copy_into(&node, c.flag(0)),
        };
        Ok(value(copy))
    }),
    ("System.Xml.XmlNode Clone()", |c| {
        let node = this(c)?;
        Ok(value(node.copy_into(&node, true)))
    }),
    ("System.Xml.XmlNodeList SelectNodes(string xpath)", |c| Ok(list::found(select(c)?))),
    ("System.Xml.XmlNodeList SelectNodes(string xpath, System.Xml.XmlNamespaceManager nsmgr)", |c| {
        Ok(list::found(select(c)?))
    }),
    ("System.Xml.XmlNode SelectSingleNode(string xpath)", |c| Ok(maybe(select(c)?.into_iter().next()))),
    ("System.Xml.XmlNode SelectSingleNode(string xpath, System.Xml.XmlNamespaceManager nsmgr)", |c| {
        Ok(maybe(select(c)?.into_iter().next()))
    }),
    ("string GetNamespaceOfPrefix(string prefix)", |c| {
        Ok(Value::Str(this(c)?.namespace_of(c.text(0)).unwrap_or_else(|| Str::from(""))))
    }),
    ("string GetPrefixOfNamespace(string namespaceURI)", |c| {
        Ok(Value::Str(this(c)?.prefix_of(c.text(0)).unwrap_or_else(|| Str::from(""))))
    }),
    ("void Normalize()", |_| Ok(Value::Nothing)),
    ("void WriteTo(System.Xml.XmlWriter w)", |c| {
        let node = this(c)?;
        super::writer::write_node(c, 0, |writer| writer.node(&node))
    }),
    ("void WriteContentTo(System.Xml.XmlWriter w)", |c| {
        let node = this(c)?;
        super::writer::write_node(c, 0, |writer| writer.children(&node))
    }),
    ("System.Collections.IEnumerator GetEnumerator()", |c| {
        let children = this(c)?.children().into_iter().map(value).collect();
        Ok(super::super::list::enumerator(children))
    }),
    ("string ToString()", |c| Ok(Value::Str(this(c)?.local_name()))),
];

pub(super) static NODE: Table = Table { methods: METHODS, properties: PROPERTIES, ..Table::EMPTY };
