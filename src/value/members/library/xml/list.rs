//! Lists of nodes, collections of attributes, and `XmlNamespaceManager`.

use super::super::super::table::{Call, Table, get};
use super::super::super::thrown;
use super::super::list::enumerator;
use super::node::{maybe, node_of, value};
use super::node_argument;
use crate::value::object::NativeObject;
use crate::value::xml::Node;
use crate::value::{Native, Outcome, Str, TypeRef, Value};
use std::any::Any;
use std::cell::RefCell;

/// Which nodes a list shows.
enum Source {
    /// The children of a node, as they are when asked.
    Children(Node),
    /// The attributes of an element, as they are when asked.
    Attributes(Node),
    /// What a search found.
    Found(Vec<Node>),
}

/// A list of nodes.
pub(crate) struct NodeList(Source);

impl NodeList {
    fn nodes(&self) -> Vec<Node> {
        match &self.0 {
            Source::Children(node) => node.children(),
            Source::Attributes(node) => node.attributes(),
            Source::Found(nodes) => nodes.clone(),
        }
    }
}

impl NativeObject for NodeList {
    fn kind(&self) -> TypeRef {
        match &self.0 {
            Source::Children(_) => TypeRef::XMLCHILDNODES,
            Source::Attributes(_) => TypeRef::XMLATTRIBUTECOLLECTION,
            Source::Found(_) => TypeRef::XPATHNODELIST,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        match self.nodes().as_slice() {
            [one] => one.local_name().to_string(),
            _ => self.kind().name().to_owned(),
        }
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.nodes().into_iter().map(value).collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.nodes().len())
    }
    fn indexable(&self) -> bool {
        true
    }
    fn at(&self, index: usize) -> Option<Value> {
        self.nodes().get(index).cloned().map(value)
    }
    fn at_key(&self, key: &Value) -> Option<Value> {
        match (&self.0, key) {
            (Source::Attributes(node), Value::Str(name)) => Some(maybe(node.attribute(name))),
            _ => None,
        }
    }
}

/// `ChildNodes`.
pub(super) fn children(node: Node) -> Value {
    Native::value(NodeList(Source::Children(node)))
}

/// `Attributes`.
pub(super) fn attributes(node: Node) -> Value {
    Native::value(NodeList(Source::Attributes(node)))
}

/// What `SelectNodes` gives.
pub(super) fn found(nodes: Vec<Node>) -> Value {
    Native::value(NodeList(Source::Found(nodes)))
}

fn list(value: &Value) -> Option<&NodeList> {
    match value {
        Value::Native(native) => native.downcast::<NodeList>(),
        _ => None,
    }
}

fn nodes(value: &Value) -> Vec<Node> {
    list(value).map(NodeList::nodes).unwrap_or_default()
}

fn item(c: &mut Call<'_>) -> Outcome<Value> {
    let at = usize::try_from(c.int(0)).ok();
    Ok(maybe(at.and_then(|at| nodes(c.this).get(at).cloned())))
}

pub(super) static NODES: Table = Table {
    methods: &[
        ("System.Xml.XmlNode Item(int index)", item),
        ("System.Collections.IEnumerator GetEnumerator()", |c| {
            Ok(enumerator(nodes(c.this).into_iter().map(value).collect()))
        }),
    ],
    properties: &[get("Count", "int", |_, v| Ok(Value::I32(nodes(v).len() as i32)))],
    ..Table::EMPTY
};

fn element(c: &Call<'_>) -> Outcome<Node> {
    match list(c.this) {
        Some(NodeList(Source::Attributes(node))) => Ok(node.clone()),
        _ => Err(thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "There is no element.")),
    }
}

fn named(c: &Call<'_>) -> Outcome<Option<Node>> {
    let element = element(c)?;
    Ok(match c.args.len() {
        1 => element.attribute(c.text(0)),
        _ => element.attribute_ns(c.text(0), c.text(1)),
    })
}

fn append(c: &mut Call<'_>) -> Outcome<Value> {
    let attribute = node_argument(c, 0)?;
    element(c)?.put_attribute(&attribute);
    Ok(value(attribute))
}

pub(super) static ATTRIBUTES: Table = Table {
    methods: &[
        ("System.Xml.XmlNode Item(int index)", item),
        ("System.Xml.XmlAttribute get_ItemOf(string name)", |c| Ok(maybe(named(c)?))),
        ("System.Xml.XmlAttribute ItemOf(string name)", |c| Ok(maybe(named(c)?))),
        ("System.Xml.XmlNode GetNamedItem(string name)", |c| Ok(maybe(named(c)?))),
        ("System.Xml.XmlNode GetNamedItem(string localName, string namespaceURI)", |c| Ok(maybe(named(c)?))),
        ("System.Xml.XmlAttribute Append(System.Xml.XmlAttribute node)", append),
        ("System.Xml.XmlNode SetNamedItem(System.Xml.XmlNode node)", append),
        ("System.Xml.XmlAttribute Remove(System.Xml.XmlAttribute node)", |c| {
            let attribute = node_argument(c, 0)?;
            attribute.detach();
            Ok(value(attribute))
        }),
        ("System.Xml.XmlNode RemoveNamedItem(string name)", |c| {
            let found = named(c)?;
            if let Some(attribute) = &found {
                attribute.detach();
            }
            Ok(maybe(found))
        }),
        ("void RemoveAll()", |c| {
            element(c)?.attributes().iter().for_each(Node::detach);
            Ok(Value::Nothing)
        }),
        ("System.Collections.IEnumerator GetEnumerator()", |c| {
            Ok(enumerator(nodes(c.this).into_iter().map(value).collect()))
        }),
    ],
    properties: &[get("Count", "int", |_, v| Ok(Value::I32(nodes(v).len() as i32)))],
    ..Table::EMPTY
};

/// `XmlNamespaceManager`: prefixes with their namespaces, in levels.
pub(crate) struct Manager(RefCell<Vec<Vec<(Str, Str)>>>);

impl NativeObject for Manager {
    fn kind(&self) -> TypeRef {
        TypeRef::XMLNAMESPACEMANAGER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn manager(value: &Value) -> Option<&Manager> {
    match value {
        Value::Native(native) => native.downcast::<Manager>(),
        _ => None,
    }
}

/// What the prefixes of a manager stand for; nothing for null. A node stands for the prefixes declared at it.
pub(crate) fn namespaces_of(value: &Value) -> Vec<(Str, Str)> {
    if let Some(manager) = manager(value) {
        return manager.0.borrow().iter().rev().flatten().cloned().collect();
    }
    let declared = node_of(value).into_iter().flat_map(|node| node.attributes());
    let declared = declared.map(|attribute| (attribute.local_name(), attribute.value()));
    declared.collect()
}

static MANAGER_METHODS: &[super::super::super::table::Row] = &[
    ("void AddNamespace(string prefix, string uri)", |c| {
        let row = (Str::from(c.text(0)), Str::from(c.text(1)));
        if let Some(manager) = manager(c.this) {
            let mut levels = manager.0.borrow_mut();
            if let Some(level) = levels.last_mut() {
                level.retain(|(prefix, _)| *prefix != row.0);
                level.push(row);
            }
        }
        Ok(Value::Nothing)
    }),
    ("void RemoveNamespace(string prefix, string uri)", |c| {
        if let Some(manager) = manager(c.this) {
            let gone = |row: &(Str, Str)| row.0.as_str() == c.text(0) && row.1.as_str() == c.text(1);
            manager.0.borrow_mut().iter_mut().for_each(|level| level.retain(|row| !gone(row)));
        }
        Ok(Value::Nothing)
    }),
    ("bool HasNamespace(string prefix)", |c| {
        let known = manager(c.this).and_then(|manager| manager.0.borrow().last().cloned()).unwrap_or_default();
        Ok(Value::Bool(known.iter().any(|(prefix, _)| prefix.as_str() == c.text(0))))
    }),
    ("string LookupNamespace(string prefix)", |c| {
        let known = namespaces_of(c.this);
        let found = known.into_iter().find(|(prefix, _)| prefix.as_str() == c.text(0));
        Ok(found.map_or(Value::Null, |(_, uri)| Value::Str(uri)))
    }),
    ("string LookupPrefix(string uri)", |c| {
        let known = namespaces_of(c.this);
        let found = known.into_iter().find(|(_, uri)| uri.as_str() == c.text(0));
        Ok(found.map_or(Value::Null, |(prefix, _)| Value::Str(prefix)))
    }),
    ("void PushScope()", |c| {
        if let Some(manager) = manager(c.this) {
            manager.0.borrow_mut().push(Vec::new());
        }
        Ok(Value::Nothing)
    }),
    ("bool PopScope()", |c| {
        let popped = manager(c.this).is_some_and(|manager| {
            let mut levels = manager.0.borrow_mut();
            levels.len() > 1 && levels.pop().is_some()
        });
        Ok(Value::Bool(popped))
    }),
];

pub(super) static MANAGER: Table = Table {
    methods: MANAGER_METHODS,
    constructors: &[("XmlNamespaceManager(System.Object nameTable)", |_| {
        Ok(Native::value(Manager(RefCell::new(vec![Vec::new()]))))
    })],
    properties: &[get("DefaultNamespace", "string", |_, v| {
        let known = namespaces_of(v);
        let found = known.into_iter().find(|(prefix, _)| prefix.is_empty());
        Ok(found.map_or_else(|| Value::from(""), |(_, uri)| Value::Str(uri)))
    })],
    ..Table::EMPTY
};
