//! Documents at several widths, through the public face.

use super::*;
use crate::value::{Array, Engine, PsObject, ScriptBlock, Shape as Properties, Str, TypeRef};

struct NoEngine;

impl Engine for NoEngine {
    fn invoke(&mut self, _: &Rc<ScriptBlock>, _: &[Value], _: Option<Value>) -> Outcome<Value> {
        Ok(Value::Null)
    }
    fn call_class_method(&mut self, _: TypeRef, _: &str, _: Option<&Value>, _: &[Value]) -> Outcome<Value> {
        Ok(Value::Null)
    }
    fn new_class_instance(&mut self, _: TypeRef, _: &[Value]) -> Outcome<Value> {
        Ok(Value::Null)
    }
    fn current_directory(&self) -> std::path::PathBuf {
        std::path::PathBuf::new()
    }
    fn resolve_type(&mut self, _: &str) -> Option<TypeRef> {
        None
    }
}

fn object(properties: &[(&str, Value)]) -> Value {
    let names = properties.iter().map(|(name, _)| Str::from(*name)).collect();
    let values = properties.iter().map(|(_, value)| value.clone()).collect();
    Value::Object(PsObject::custom(Rc::new(Properties { names }), values))
}

fn settings() -> Settings {
    Settings { views: Rc::new(ViewTable::default()), enumeration_limit: 4 }
}

fn shown(values: &[Value], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut formatter = Formatter::new(settings(), Layout { width, ..Layout::default() });
    for value in values {
        formatter.process(&mut NoEngine, value, &mut lines).expect("formats");
    }
    formatter.finish(&mut lines).expect("formats");
    lines
}

fn requested(values: &[Value], width: usize, request: Request) -> Vec<String> {
    let mut shaper = Shaper::new(settings(), Rc::new(request));
    let mut packets = Vec::new();
    for value in values {
        shaper.process(&mut NoEngine, value, &mut packets).expect("formats");
    }
    shaper.finish(&mut packets);
    let packets: Vec<Value> = packets.into_iter().map(Packet::value).collect();
    shown(&packets, width)
}

fn rows() -> Vec<Value> {
    [("alpha", 1, "a rather long topic line that is cut"), ("beta", 1000, "x")]
        .map(|(name, id, text)| object(&[("Id", Value::I32(id)), ("Name", name.into()), ("Text", text.into())]))
        .to_vec()
}

#[test]
fn a_table_fits_its_display() {
    for (width, expected) in [
        (
            79,
            vec![
                "",
                "  Id Name  Text",
                "  -- ----  ----",
                "   1 alpha a rather long topic line that is cut",
                "1000 beta  x",
                "",
            ],
        ),
        (20, vec!["", "  Id Name  Text", "  -- ----  ----", "   1 alpha a rather…", "1000 beta  x", ""]),
        (10, vec!["", "  Id Name", "  -- ---- ", "   1 alpha", "1000 beta ", ""]),
    ] {
        assert_eq!(shown(&rows(), width), expected, "at {width}");
    }
}

#[test]
fn no_line_is_too_wide() {
    for width in [20, 40, 80, 120, 200] {
        for request in [Request::of(ShapeKind::Table), Request::of(ShapeKind::List), Request::of(ShapeKind::Wide)] {
            for line in requested(&rows(), width, request) {
                assert!(cells::width(&line) <= width, "{line:?} at {width}");
            }
        }
    }
}

#[test]
fn text_stands_among_rows() {
    let values = [
        Value::from("head"),
        object(&[("A", 1.into()), ("B", 2.into())]),
        Value::from("mid"),
        object(&[("A", 3.into())]),
    ];
    assert_eq!(shown(&values, 79), ["head", "", "A B", "- -", "1 2", "mid", "3  ", ""]);
}

#[test]
fn lists_have_a_blank_line_after_each_object() {
    let many = object(&[("A", 1.into()), ("Bcd", 2.into()), ("C", 3.into()), ("D", 4.into()), ("E", Value::Null)]);
    let expected = [
        "", "A   : 1", "Bcd : 2", "C   : 3", "D   : 4", "E   : ", "", "A   : 1", "Bcd : 2", "C   : 3", "D   : 4",
        "E   : ", "",
    ];
    assert_eq!(shown(&[many.clone(), many], 79), expected);
}

#[test]
fn collections_are_shown_up_to_a_limit() {
    let list = Value::Array(Array::objects((1..7).map(Value::I32).collect()));
    assert_eq!(shown(&[object(&[("L", list)])], 79), ["", "L", "-", "{1, 2, 3, 4…}", ""]);
}

#[test]
fn nested_objects_are_browsed() {
    let inner = object(&[("X", 1.into())]);
    let outer = object(&[("Name", "n".into()), ("Inner", inner)]);
    let expected = [
        "",
        "class PSCustomObject",
        "{",
        "  Name = n",
        "  Inner = ",
        "    class PSCustomObject",
        "    {",
        "      X = 1",
        "    }",
        "}",
        "",
        "",
    ];
    assert_eq!(requested(&[outer], 79, Request::of(ShapeKind::Custom)), expected);
}

#[test]
fn wide_cells_stand_side_by_side() {
    let request = Request { columns: 3, ..Request::of(ShapeKind::Wide) };
    let values: Vec<Value> = ["a", "b", "c", "d"].iter().map(|name| object(&[("Name", (*name).into())])).collect();
    let lines = requested(&values, 29, request);
    assert_eq!(lines, ["", "a         b         c", "d                   ", ""]);
}
