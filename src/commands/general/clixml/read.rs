//! CLIXML to objects: known types come back as they were, others as property bags named `Deserialized.…`.

use crate::value::culture::INVARIANT;
use crate::value::date_text::{Styles, parse_date};
use crate::value::number;
use crate::value::{
    Array, Engine, ErrorCategory, ExtensionSlot, Fault, Hashtable, Member, Outcome, PsObject, Shape, Str, TimeSpan,
    TypeRef, Value, Wrapped, calendar, convert, members,
};
use base64::Engine as _;
use roxmltree::{Document, Node};
use rustc_hash::FxHashMap;
use std::rc::Rc;

pub(super) struct Reader<'a> {
    engine: &'a mut dyn Engine,
    /// Type names by the number they were first given under.
    types: FxHashMap<String, Vec<Str>>,
    objects: FxHashMap<String, Value>,
}

fn broken(why: &str) -> Fault {
    Fault::new("System.Xml.XmlException", format!("The text is not CLIXML: {why}."))
        .exception("System.Xml.XmlException")
        .category(ErrorCategory::NotSpecified)
}

/// The objects of a document.
pub(super) fn read(engine: &mut dyn Engine, text: &str) -> Outcome<Vec<Value>> {
    let document = Document::parse(text.trim_start_matches('\u{feff}')).map_err(|why| broken(&why.to_string()))?;
    let root = document.root_element();
    if root.tag_name().name() != "Objs" {
        return broken("its root is not Objs").err();
    }
    let mut reader = Reader { engine, types: FxHashMap::default(), objects: FxHashMap::default() };
    root.children().filter(Node::is_element).map(|node| reader.value(node)).collect()
}

/// Text with `_xHHHH_` taken back to the characters.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut high = None;
    while let Some(at) = rest.find("_x") {
        plain.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 2..).unwrap_or("");
        let code = after.get(..4).filter(|_| after.as_bytes().get(4) == Some(&b'_'));
        match code.and_then(|code| u16::from_str_radix(code, 16).ok()) {
            // The first half of a character waits for the second.
            Some(unit) if (0xD800..0xDC00).contains(&unit) => {
                high = Some(unit);
                rest = after.get(5..).unwrap_or("");
            }
            Some(unit) => {
                let units = high.take().into_iter().chain([unit]);
                plain.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
                rest = after.get(5..).unwrap_or("");
            }
            None => {
                plain.push_str("_x");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Types whose text is converted back.
const CONVERTED: [(&str, TypeRef); 17] = [
    ("I32", TypeRef::INT32),
    ("I64", TypeRef::INT64),
    ("B", TypeRef::BOOLEAN),
    ("Db", TypeRef::DOUBLE),
    ("D", TypeRef::DECIMAL),
    ("Sg", TypeRef::SINGLE),
    ("By", TypeRef::BYTE),
    ("SB", TypeRef::SBYTE),
    ("I16", TypeRef::INT16),
    ("U16", TypeRef::UINT16),
    ("U32", TypeRef::UINT32),
    ("U64", TypeRef::UINT64),
    ("G", TypeRef::GUID),
    ("URI", TypeRef::URI),
    ("Version", TypeRef::VERSION),
    ("SemanticVersion", TypeRef::SEMANTIC_VERSION),
    ("XD", TypeRef::XMLDOCUMENT),
];

impl Reader<'_> {
    fn value(&mut self, node: Node<'_, '_>) -> Outcome<Value> {
        let text = || node.text().unwrap_or("");
        match node.tag_name().name() {
            "S" => Ok(Value::from(unescape(text()))),
            "Nil" => Ok(Value::Null),
            "B" => Ok(Value::Bool(text() == "true")),
            "C" => Ok(Value::Char(text().parse().unwrap_or(0))),
            "D" => Ok(number::decimal(text()).map_or(Value::Null, |exact| Value::Decimal(Rc::new(exact)))),
            "SBK" => Ok(Value::from(unescape(text()))),
            "DT" => Ok(parse_date(text(), &INVARIANT, Styles(Styles::ROUND_TRIP)).map_or(Value::Null, Value::DateTime)),
            "TS" => Ok(Value::TimeSpan(duration(text()))),
            "BA" => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(text()).unwrap_or_default();
                Ok(Value::Array(Array::bytes(bytes)))
            }
            "Obj" => self.object(node),
            "Ref" => {
                let known = node.attribute("RefId").and_then(|number| self.objects.get(number));
                Ok(known.cloned().unwrap_or(Value::Null))
            }
            tag => match CONVERTED.iter().find(|(known, _)| *known == tag) {
                Some((_, kind)) => convert::to(self.engine, &Value::from(unescape(text())), *kind),
                None => Ok(Value::from(unescape(text()))),
            },
        }
    }

    fn type_names(&mut self, node: Node<'_, '_>) -> Vec<Str> {
        let child = |tag: &str| {
            node.children().find(|child| child.has_tag_name((node.tag_name().namespace().unwrap_or(""), tag)))
        };
        if let Some(list) = child("TN") {
            let names: Vec<Str> = list
                .children()
                .filter(Node::is_element)
                .map(|name| Str::from(unescape(name.text().unwrap_or(""))))
                .collect();
            self.types.insert(list.attribute("RefId").unwrap_or("").to_string(), names.clone());
            return names;
        }
        let number = child("TNRef").and_then(|reference| reference.attribute("RefId"));
        number.and_then(|number| self.types.get(number)).cloned().unwrap_or_default()
    }

    fn object(&mut self, node: Node<'_, '_>) -> Outcome<Value> {
        let names = self.type_names(node);
        let mut made = None;
        let mut text = None;
        let mut properties: Vec<(Str, Value)> = Vec::new();
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "TN" | "TNRef" => {}
                "ToString" => text = Some(Str::from(unescape(child.text().unwrap_or("")))),
                "MS" | "Props" => self.properties(child, &mut properties)?,
                "DCT" => made = Some(self.dictionary(child, &names)?),
                "LST" | "IE" | "STK" | "QUE" => made = Some(self.list(child)?),
                _ => made = Some(self.value(child)?),
            }
        }
        let value = match made {
            Some(base) if text.is_some() => with_text(base, text.unwrap_or_default(), &names),
            Some(base) if !properties.is_empty() => with_notes(base, properties),
            Some(base) => base,
            None => bag(&names, properties, text),
        };
        if let Some(number) = node.attribute("RefId") {
            self.objects.insert(number.to_string(), value.clone());
        }
        Ok(value)
    }

    fn properties(&mut self, node: Node<'_, '_>, into: &mut Vec<(Str, Value)>) -> Outcome<()> {
        for child in node.children().filter(Node::is_element) {
            let name = Str::from(unescape(child.attribute("N").unwrap_or("")));
            into.push((name, self.value(child)?));
        }
        Ok(())
    }

    fn dictionary(&mut self, node: Node<'_, '_>, names: &[Str]) -> Outcome<Value> {
        let ordered = names.first().is_some_and(|name| name.contains("OrderedDictionary"));
        let table = Hashtable::empty(ordered, false);
        for entry in node.children().filter(Node::is_element) {
            let mut parts = entry.children().filter(Node::is_element);
            if let (Some(key), Some(value)) = (parts.next(), parts.next()) {
                let key = self.value(key)?;
                let value = self.value(value)?;
                table.insert(key, value);
            }
        }
        Ok(Value::Hashtable(table))
    }

    fn list(&mut self, node: Node<'_, '_>) -> Outcome<Value> {
        let mut items = Vec::new();
        for child in node.children().filter(Node::is_element) {
            items.push(self.value(child)?);
        }
        members::construct(self.engine, TypeRef::ARRAYLIST, vec![Value::array(items)])
    }
}

/// A simple value with members of its own.
fn with_notes(base: Value, notes: Vec<(Str, Value)>) -> Value {
    let wrapped = Wrapped { base, extension: ExtensionSlot::default() };
    let notes = notes.into_iter().map(|(name, value)| (name, Member::Note(value)));
    wrapped.extension.make().borrow_mut().members.extend(notes);
    Value::Wrapped(Rc::new(wrapped))
}

/// A value type that came with a text of its own: an enumeration's number and name.
fn with_text(base: Value, text: Str, names: &[Str]) -> Value {
    if !matches!(base, Value::I32(_) | Value::I64(_) | Value::U8(_) | Value::U32(_)) {
        return base;
    }
    let wrapped = Wrapped { base, extension: ExtensionSlot::default() };
    {
        let mut extension = wrapped.extension.make().borrow_mut();
        extension.members.insert(Str::from("Value"), Member::Note(Value::Str(text.clone())));
        extension.text = Some(text);
        extension.type_names = Some(deserialized(names));
    }
    Value::Wrapped(Rc::new(wrapped))
}

fn deserialized(names: &[Str]) -> Vec<Str> {
    names.iter().map(|name| Str::from(format!("Deserialized.{name}"))).collect()
}

fn bag(names: &[Str], properties: Vec<(Str, Value)>, text: Option<Str>) -> Value {
    let custom = names.iter().any(|name| name.as_str() == "System.Management.Automation.PSCustomObject");
    let (names_of, values): (Vec<Str>, Vec<Value>) = properties.into_iter().unzip();
    let object = PsObject {
        kind: if custom { TypeRef::PSCUSTOMOBJECT } else { TypeRef::PSOBJECT },
        shape: Rc::new(Shape { names: names_of }).into(),
        values: values.into(),
        extension: ExtensionSlot::default(),
    };
    {
        let mut extension = object.extension.make().borrow_mut();
        extension.type_names = Some(deserialized(names));
        extension.text = text.filter(|_| !custom);
    }
    Value::Object(Rc::new(object))
}

/// A duration as XML Schema writes it.
fn duration(text: &str) -> TimeSpan {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut ticks = 0f64;
    let mut whole = 0i64;
    let mut digits = String::new();
    let mut in_time = false;
    for c in body.chars().skip(1) {
        let unit = match c {
            'T' => {
                in_time = true;
                continue;
            }
            'D' => calendar::TICKS_PER_DAY,
            'H' => calendar::TICKS_PER_HOUR,
            'M' if in_time => calendar::TICKS_PER_MINUTE,
            'S' => calendar::TICKS_PER_SECOND,
            _ => {
                digits.push(c);
                continue;
            }
        };
        match digits.parse::<i64>() {
            Ok(count) => whole = whole.saturating_add(count.saturating_mul(unit)),
            Err(_) => ticks += digits.parse::<f64>().unwrap_or(0.0) * unit as f64,
        }
        digits.clear();
    }
    let total = whole.saturating_add(ticks.round() as i64);
    TimeSpan(if negative { -total } else { total })
}
