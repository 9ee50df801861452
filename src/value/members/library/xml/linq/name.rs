//! `XName` and `XNamespace`.

use super::super::super::super::table::{Call, Table, get};
use super::super::super::super::thrown;
use crate::value::object::NativeObject;
use crate::value::xml::{Node, QName, XML, XMLNS};
use crate::value::{Native, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;

/// A name with its namespace.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) local: Str,
    pub(crate) namespace: Str,
}

impl NativeObject for Name {
    fn kind(&self) -> TypeRef {
        TypeRef::XNAME
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        match self.namespace.as_str() {
            "" => self.local.to_string(),
            namespace => format!("{{{namespace}}}{}", self.local),
        }
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self == other)
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(self.text().into_bytes().into_boxed_slice())
    }
}

impl Name {
    /// From `local` or `{namespace}local`.
    pub(crate) fn read(text: &str) -> Outcome<Name> {
        let parts = match text.strip_prefix('{') {
            Some(rest) => rest.split_once('}'),
            None => Some(("", text)),
        };
        let wrong = || thrown(TypeRef::XML_EXCEPTION, format!("'{text}' is no name of an element or attribute."));
        let (namespace, local) = parts.ok_or_else(wrong)?;
        let starts = local.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let fits = starts && local.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
        if fits { Ok(Name { local: Str::from(local), namespace: Str::from(namespace) }) } else { Err(wrong()) }
    }

    /// The name of a node.
    pub(crate) fn of(node: &Node) -> Name {
        let name = node.name();
        let declares = name.namespace.as_str() == XMLNS && name.prefix.is_empty();
        Name { local: name.local, namespace: if declares { Str::from("") } else { name.namespace } }
    }

    /// True for the name of this node.
    pub(crate) fn is_of(&self, node: &Node) -> bool {
        *self == Name::of(node)
    }

    /// For a new node, with the prefix that is in use for the namespace near another node.
    pub(crate) fn qualified(&self, near: &Node, attribute: bool) -> QName {
        let known = match self.namespace.as_str() {
            "" => None,
            XMLNS => Some(Str::from("xmlns")),
            XML => Some(Str::from("xml")),
            namespace => near.prefix_of(namespace),
        };
        let prefix = known.filter(|prefix| !attribute || !prefix.is_empty()).unwrap_or_else(|| Str::from(""));
        QName { prefix, local: self.local.clone(), namespace: self.namespace.clone() }
    }

    /// As a value.
    pub(crate) fn value(self) -> Value {
        Native::value(self)
    }
}

/// The name that an argument is: an `XName`, or text for one.
pub(crate) fn argument(c: &Call<'_>, index: usize) -> Outcome<Name> {
    match c.arg(index) {
        Value::Native(native) => match native.downcast::<Name>() {
            Some(name) => Ok(name.clone()),
            None => Name::read(&convert::to_text(c.arg(index))),
        },
        Value::Null => Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no name.")),
        other => Name::read(&convert::to_text(other)),
    }
}

fn look(value: &Value, look: impl FnOnce(&Name) -> Value) -> Outcome<Value> {
    match value {
        Value::Native(native) => Ok(native.downcast::<Name>().map_or(Value::Null, look)),
        _ => Ok(Value::Null),
    }
}

fn get_name(c: &mut Call<'_>) -> Outcome<Value> {
    match c.args.len() {
        1 => Name::read(c.text(0)).map(Name::value),
        _ => Ok(Name { namespace: Str::from(c.text(1)), ..Name::read(c.text(0))? }.value()),
    }
}

pub(super) static NAME: Table = Table {
    constructors: &[("XName(string expandedName)", get_name)],
    methods: &[("string ToString()", |c| look(c.this, |name| Value::from(name.text())))],
    statics: &[
        ("static System.Xml.Linq.XName Get(string expandedName)", get_name),
        ("static System.Xml.Linq.XName Get(string localName, string namespaceName)", get_name),
    ],
    properties: &[
        get("LocalName", "string", |_, v| look(v, |name| Value::Str(name.local.clone()))),
        get("Namespace", "System.Xml.Linq.XNamespace", |_, v| look(v, |name| namespace(name.namespace.clone()))),
        get("NamespaceName", "string", |_, v| look(v, |name| Value::Str(name.namespace.clone()))),
    ],
    ..Table::EMPTY
};

/// A namespace.
struct Namespace(Str);

impl NativeObject for Namespace {
    fn kind(&self) -> TypeRef {
        TypeRef::XNAMESPACE
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.to_string()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0.as_str() == other.0.as_str())
    }
    // `$ns + 'item'` is a name in the namespace.
    fn operate(&self, method: &str, right: &Value) -> Option<Outcome<Value>> {
        (method == "op_Addition").then(|| {
            let local = Name::read(&convert::to_text(right))?.local;
            Ok(Name { local, namespace: self.0.clone() }.value())
        })
    }
}

/// A namespace as a value.
pub(crate) fn namespace(name: Str) -> Value {
    Native::value(Namespace(name))
}

fn namespace_text(value: &Value) -> Value {
    match value {
        Value::Native(native) => {
            native.downcast::<Namespace>().map_or(Value::Null, |found| Value::Str(found.0.clone()))
        }
        _ => Value::Null,
    }
}

pub(super) static NAMESPACE: Table = Table {
    constructors: &[("XNamespace(string namespaceName)", |c| Ok(namespace(Str::from(c.text(0)))))],
    methods: &[
        ("System.Xml.Linq.XName GetName(string localName)", |c| {
            let found = Name::read(c.text(0))?;
            let namespace = Str::from(convert::to_text(&namespace_text(c.this)).as_str());
            Ok(Name { namespace, ..found }.value())
        }),
        ("string ToString()", |c| Ok(namespace_text(c.this))),
    ],
    statics: &[("static System.Xml.Linq.XNamespace Get(string namespaceName)", |c| {
        Ok(namespace(Str::from(c.text(0))))
    })],
    properties: &[get("NamespaceName", "string", |_, v| Ok(namespace_text(v)))],
    static_properties: &[
        get("None", "System.Xml.Linq.XNamespace", |_, _| Ok(namespace(Str::from("")))),
        get("Xml", "System.Xml.Linq.XNamespace", |_, _| Ok(namespace(Str::from(XML)))),
        get("Xmlns", "System.Xml.Linq.XNamespace", |_, _| Ok(namespace(Str::from(XMLNS)))),
    ],
};
