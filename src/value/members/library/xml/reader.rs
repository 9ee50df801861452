//! `XmlReader`: a document piece by piece. The text is read whole and then walked.

use super::super::super::table::{Call, Row, Table, get};
use super::super::super::thrown;
use super::super::io;
use super::{node_argument, xml_exception};
use crate::value::object::NativeObject;
use crate::value::xml::read::{self, Blanks};
use crate::value::xml::{Node, NodeKind, write};
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use std::cell::{Cell, RefCell};

/// A place the reader stops at.
#[derive(Clone)]
struct Stop {
    node: Node,
    depth: usize,
    /// The end tag of an element.
    end: bool,
}

/// A reader as an object.
struct Reader {
    kind: TypeRef,
    stops: Vec<Stop>,
    /// One more than the place it stands on.
    next: Cell<usize>,
    /// The attribute it stands on.
    attribute: RefCell<Option<Node>>,
}

impl NativeObject for Reader {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Reader {
    fn stop(&self) -> Option<Stop> {
        self.stops.get(self.next.get().checked_sub(1)?).cloned()
    }

    fn current(&self) -> Option<Node> {
        self.attribute.borrow().clone().or_else(|| self.stop().map(|stop| stop.node))
    }

    fn step(&self) -> bool {
        self.attribute.replace(None);
        self.next.set((self.next.get() + 1).min(self.stops.len() + 1));
        self.next.get() <= self.stops.len()
    }

    /// Past everything inside the element it stands on.
    fn skip(&self) {
        let Some(stop) = self.stop() else { return };
        if stop.end || stop.node.kind() != NodeKind::Element || stop.node.is_empty() {
            self.step();
            return;
        }
        while self.step() {
            if self.stop().is_some_and(|at| at.end && at.node == stop.node) {
                break;
            }
        }
        self.step();
    }
}

fn push_stops(node: &Node, depth: usize, stops: &mut Vec<Stop>) {
    for child in node.children() {
        stops.push(Stop { node: child.clone(), depth, end: false });
        if child.kind() == NodeKind::Element && !child.is_empty() {
            push_stops(&child, depth + 1, stops);
            stops.push(Stop { node: child, depth, end: true });
        }
    }
}

fn over(kind: TypeRef, node: &Node) -> Value {
    let mut stops = Vec::new();
    match node.kind() {
        NodeKind::Element => {
            stops.push(Stop { node: node.clone(), depth: 0, end: false });
            push_stops(node, 1, &mut stops);
            stops.push(Stop { node: node.clone(), depth: 0, end: true });
        }
        _ => push_stops(node, 0, &mut stops),
    }
    Native::value(Reader { kind, stops, next: Cell::new(0), attribute: RefCell::default() })
}

fn opened(c: &mut Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let text = match c.arg(0) {
        Value::Native(native) => match native.data.rest_of_text() {
            Some(text) => text?,
            None => return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "A path, a stream or a text reader is needed.")),
        },
        _ => super::document::decoded(&io::read_file(c, 0)?),
    };
    let tree =
        read::document(text.trim_start_matches('\u{feff}'), Blanks::Dropped).map_err(|why| xml_exception(&why))?;
    Ok(over(kind, &Node::document(&tree)))
}

fn reader(value: &Value) -> Outcome<&Reader> {
    let found = match value {
        Value::Native(native) => native.downcast::<Reader>(),
        _ => None,
    };
    found.ok_or_else(|| thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "There is no reader."))
}

fn attribute(c: &Call<'_>) -> Outcome<Option<Node>> {
    let Some(stop) = reader(c.this)?.stop() else { return Ok(None) };
    Ok(match c.arg(0) {
        Value::Str(name) => stop.node.attribute(name),
        _ => usize::try_from(c.int(0)).ok().and_then(|at| stop.node.attributes().get(at).cloned()),
    })
}

fn get_attribute(c: &mut Call<'_>) -> Outcome<Value> {
    Ok(attribute(c)?.map_or(Value::Null, |attribute| Value::Str(attribute.value())))
}

fn move_to(reader: &Reader, attribute: Option<Node>) -> Value {
    let there = attribute.is_some();
    if there {
        reader.attribute.replace(attribute);
    }
    Value::Bool(there)
}

/// Reads on to an element of a name; only among what is inside or beside, as asked.
fn read_to(c: &Call<'_>, least_depth: usize, skips: bool) -> Outcome<Value> {
    let reader = reader(c.this)?;
    loop {
        match skips && reader.stop().is_some() {
            true => reader.skip(),
            false => drop(reader.step()),
        }
        let Some(stop) = reader.stop() else { return Ok(Value::Bool(false)) };
        if stop.depth < least_depth {
            return Ok(Value::Bool(false));
        }
        if !stop.end && stop.node.kind() == NodeKind::Element && stop.node.full_name().as_str() == c.text(0) {
            return Ok(Value::Bool(true));
        }
    }
}

/// The text of the element it stands on; then the reader is behind it.
fn element_content(c: &mut Call<'_>) -> Outcome<String> {
    let reader = reader(c.this)?;
    let text = reader.stop().map(|stop| stop.node.inner_text()).unwrap_or_default();
    reader.skip();
    Ok(text)
}

const METHODS: &[Row] = &[
    ("bool Read()", |c| Ok(Value::Bool(reader(c.this)?.step()))),
    ("void Skip()", |c| {
        reader(c.this)?.skip();
        Ok(Value::Nothing)
    }),
    ("string GetAttribute(string name)", get_attribute),
    ("string GetAttribute(int i)", get_attribute),
    ("bool MoveToAttribute(string name)", |c| {
        let found = attribute(c)?;
        Ok(move_to(reader(c.this)?, found))
    }),
    ("bool MoveToFirstAttribute()", |c| {
        let reader = reader(c.this)?;
        let first = reader.stop().and_then(|stop| stop.node.attributes().into_iter().next());
        Ok(move_to(reader, first))
    }),
    ("bool MoveToNextAttribute()", |c| {
        let reader = reader(c.this)?;
        let all = reader.stop().map(|stop| stop.node.attributes()).unwrap_or_default();
        let current = reader.attribute.borrow().clone();
        let next = match current {
            None => all.into_iter().next(),
            Some(current) => all.into_iter().skip_while(|other| *other != current).nth(1),
        };
        Ok(move_to(reader, next))
    }),
    ("bool MoveToElement()", |c| Ok(Value::Bool(reader(c.this)?.attribute.replace(None).is_some()))),
    ("System.Xml.XmlNodeType MoveToContent()", |c| {
        let reader = reader(c.this)?;
        let content = |stop: &Stop| matches!(stop.node.kind(), NodeKind::Element | NodeKind::Text | NodeKind::CData);
        while !reader.stop().is_some_and(|stop| content(&stop)) && reader.step() {}
        Ok(TypeRef::XML_NODE_TYPE.enum_of(node_type(reader)))
    }),
    ("bool ReadToFollowing(string name)", |c| read_to(c, 0, false)),
    ("bool ReadToDescendant(string name)", |c| {
        let depth = reader(c.this)?.stop().map_or(0, |stop| stop.depth + 1);
        read_to(c, depth, false)
    }),
    ("bool ReadToNextSibling(string name)", |c| {
        let depth = reader(c.this)?.stop().map_or(0, |stop| stop.depth);
        read_to(c, depth, true)
    }),
    ("bool IsStartElement()", |c| Ok(Value::Bool(node_type(reader(c.this)?) == NodeKind::Element.number()))),
    ("bool IsStartElement(string name)", |c| {
        let reader = reader(c.this)?;
        let named = reader.current().is_some_and(|node| node.full_name().as_str() == c.text(0));
        Ok(Value::Bool(node_type(reader) == NodeKind::Element.number() && named))
    }),
    ("void ReadStartElement()", |c| {
        reader(c.this)?.step();
        Ok(Value::Nothing)
    }),
    ("void ReadStartElement(string name)", |c| {
        reader(c.this)?.step();
        Ok(Value::Nothing)
    }),
    ("void ReadEndElement()", |c| {
        reader(c.this)?.step();
        Ok(Value::Nothing)
    }),
    ("string ReadElementContentAsString()", |c| element_content(c).map(Value::from)),
    ("string ReadElementString()", |c| element_content(c).map(Value::from)),
    ("int ReadElementContentAsInt()", |c| {
        let text = element_content(c)?;
        convert::to(c.engine, &Value::from(text), TypeRef::INT32)
    }),
    ("string ReadInnerXml()", |c| {
        let reader = reader(c.this)?;
        let text = reader.stop().map(|stop| write::inner(&stop.node)).unwrap_or_default();
        reader.skip();
        Ok(Value::from(text))
    }),
    ("string ReadOuterXml()", |c| {
        let reader = reader(c.this)?;
        let text = reader.stop().map(|stop| write::outer(&stop.node)).unwrap_or_default();
        reader.skip();
        Ok(Value::from(text))
    }),
    ("string ReadString()", |c| {
        Ok(reader(c.this)?.current().map_or(Value::Null, |node| Value::from(node.inner_text())))
    }),
    ("void Close()", |_| Ok(Value::Nothing)),
    ("void Dispose()", |_| Ok(Value::Nothing)),
];

/// `XmlNodeType` of what it stands on; an end tag has its own.
fn node_type(reader: &Reader) -> i64 {
    const END_ELEMENT: i64 = 15;
    match (reader.attribute.borrow().is_some(), reader.stop()) {
        (true, _) => NodeKind::Attribute.number(),
        (false, Some(stop)) if stop.end => END_ELEMENT,
        (false, Some(stop)) => stop.node.kind().number(),
        (false, None) => 0,
    }
}

fn look(value: &Value, read: impl FnOnce(&Node) -> Value) -> Outcome<Value> {
    Ok(reader(value)?.current().map_or_else(|| Value::from(""), |node| read(&node)))
}

pub(super) static READER: Table = Table {
    methods: METHODS,
    statics: &[
        ("static System.Xml.XmlReader Create(string inputUri)", |c| opened(c, TypeRef::XMLREADER)),
        ("static System.Xml.XmlReader Create(System.Object input)", |c| opened(c, TypeRef::XMLREADER)),
        ("static System.Xml.XmlReader Create(System.Object input, System.Object settings)", |c| {
            opened(c, TypeRef::XMLREADER)
        }),
    ],
    properties: &[
        get("NodeType", "System.Xml.XmlNodeType", |_, v| Ok(TypeRef::XML_NODE_TYPE.enum_of(node_type(reader(v)?)))),
        get("Name", "string", |_, v| {
            look(v, |node| match node.kind() {
                kind if kind.is_text() || kind == NodeKind::Comment => Value::from(""),
                _ => Value::Str(node.full_name()),
            })
        }),
        get("LocalName", "string", |_, v| {
            look(v, |node| match node.kind() {
                kind if kind.is_text() || kind == NodeKind::Comment => Value::from(""),
                _ => Value::Str(node.local_name()),
            })
        }),
        get("NamespaceURI", "string", |_, v| look(v, |node| Value::Str(node.name().namespace))),
        get("Prefix", "string", |_, v| look(v, |node| Value::Str(node.name().prefix))),
        get("Value", "string", |_, v| {
            look(v, |node| match node.kind() {
                NodeKind::Element => Value::from(""),
                _ => Value::Str(node.value()),
            })
        }),
        get("HasValue", "bool", |_, v| {
            Ok(Value::Bool(reader(v)?.current().is_some_and(|node| node.kind() != NodeKind::Element)))
        }),
        get("IsEmptyElement", "bool", |_, v| {
            Ok(Value::Bool(
                reader(v)?.current().is_some_and(|node| node.kind() == NodeKind::Element && node.is_empty()),
            ))
        }),
        get("HasAttributes", "bool", |_, v| {
            Ok(Value::Bool(reader(v)?.stop().is_some_and(|stop| !stop.end && !stop.node.attributes().is_empty())))
        }),
        get("AttributeCount", "int", |_, v| {
            let count = reader(v)?.stop().filter(|stop| !stop.end).map_or(0, |stop| stop.node.attributes().len());
            Ok(Value::I32(count as i32))
        }),
        get("Depth", "int", |_, v| {
            let reader = reader(v)?;
            let inner = usize::from(reader.attribute.borrow().is_some());
            Ok(Value::I32(reader.stop().map_or(0, |stop| stop.depth + inner) as i32))
        }),
        get("EOF", "bool", |_, v| {
            let reader = reader(v)?;
            Ok(Value::Bool(reader.next.get() > reader.stops.len()))
        }),
    ],
    ..Table::EMPTY
};

pub(super) static TEXT_READER: Table = Table {
    constructors: &[
        ("XmlTextReader(string url)", |c| opened(c, TypeRef::XMLTEXTREADER)),
        ("XmlTextReader(System.Object input)", |c| opened(c, TypeRef::XMLTEXTREADER)),
    ],
    ..Table::EMPTY
};

pub(super) static NODE_READER: Table = Table {
    constructors: &[("XmlNodeReader(System.Xml.XmlNode node)", |c| {
        let node = node_argument(c, 0)?;
        Ok(over(TypeRef::XMLNODEREADER, &node))
    })],
    ..Table::EMPTY
};
