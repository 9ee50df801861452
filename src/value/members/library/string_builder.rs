//! `System.Text.StringBuilder`.

use super::super::table::{Call, Row, Table, get, set};
use super::super::{integer_of, thrown};
use crate::value::culture::Culture;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, Str, TypeRef, Value, convert, format_text};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::STRINGBUILDER, &TABLE)];

/// Text that grows.
pub(crate) struct StringBuilder {
    text: RefCell<String>,
}

impl NativeObject for StringBuilder {
    fn kind(&self) -> TypeRef {
        TypeRef::STRINGBUILDER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.text.borrow().clone()
    }
    fn take_text(&self, text: &str) -> Option<crate::value::Outcome<()>> {
        self.text.borrow_mut().push_str(text);
        Some(Ok(()))
    }
    fn holds_text(&self) -> bool {
        true
    }
}

static TABLE: Table = Table {
    methods: METHODS,
    constructors: &[
        ("StringBuilder()", |_| Ok(made(String::new()))),
        ("StringBuilder(int capacity)", |c| Ok(made(String::with_capacity(c.int(0).clamp(0, 1 << 20) as usize)))),
        ("StringBuilder(string value)", |c| Ok(made(c.text(0).to_owned()))),
        ("StringBuilder(string value, int capacity)", |c| Ok(made(c.text(0).to_owned()))),
    ],
    properties: &[
        set(
            "Capacity",
            "int",
            |_, value| Ok(Value::I32(read(value, |text| text.len().next_power_of_two().max(16)) as i32)),
            |_, _, _| Ok(()),
        ),
        get("MaxCapacity", "int", |_, _| Ok(Value::I32(i32::MAX))),
        set(
            "Length",
            "int",
            |_, value| Ok(Value::I32(read(value, length) as i32)),
            |_, value, new| {
                let wanted = usize::try_from(integer_of(&new).unwrap_or(0))
                    .map_err(|_| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The length is negative."))?;
                write(value, |text| resize(text, wanted));
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};

const METHODS: &[Row] = &[
    ("System.Text.StringBuilder Append(string value)", |c| append(c, |c, text| text.push_str(c.text(0)))),
    ("System.Text.StringBuilder Append(char value)", |c| append(c, |c, text| text.push(c.character(0)))),
    ("System.Text.StringBuilder Append(System.Object value)", |c| {
        append(c, |c, text| convert::write_text(c.arg(0), text))
    }),
    ("System.Text.StringBuilder Append(char[] value)", |c| {
        append(c, |c, text| text.push_str(&String::from_utf16_lossy(&super::string::units_of(c.arg(0)))))
    }),
    ("System.Text.StringBuilder Append(char value, int repeatCount)", |c| {
        append(c, |c, text| text.extend(std::iter::repeat_n(c.character(0), c.int(1).max(0) as usize)))
    }),
    ("System.Text.StringBuilder Append(string value, int startIndex, int count)", |c| {
        let source = Str::from(c.text(0));
        let (start, count) = super::string::span(source.utf16_len(), c.int(1), Some(c.int(2)))?;
        let part: Vec<u16> = source.encode_utf16().skip(start).take(count).collect();
        append(c, |_, text| text.push_str(&String::from_utf16_lossy(&part)))
    }),
    ("System.Text.StringBuilder AppendLine()", |c| append(c, |_, text| text.push('\n'))),
    ("System.Text.StringBuilder AppendLine(string value)", |c| {
        append(c, |c, text| {
            text.push_str(c.text(0));
            text.push('\n');
        })
    }),
    ("System.Text.StringBuilder AppendFormat(string format, params System.Object[] args)", |c| {
        let (template, args) = (c.text(0).to_owned(), c.items(1));
        let filled = format_text::composite(c.engine, &template, &args, Culture::current())
            .map_err(|_| thrown(TypeRef::FORMAT_EXCEPTION, "The format string does not fit its arguments."))?;
        append(c, |_, text| text.push_str(&filled))
    }),
    ("System.Text.StringBuilder AppendJoin(string separator, params System.Object[] values)", |c| {
        let items = c.items(1);
        append(c, |c, text| {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(c.text(0));
                }
                convert::write_text(item, text);
            }
        })
    }),
    ("System.Text.StringBuilder Insert(int index, string value)", insert),
    ("System.Text.StringBuilder Insert(int index, System.Object value)", insert),
    ("System.Text.StringBuilder Remove(int startIndex, int length)", |c| {
        let current = Str::from(read(c.this, str::to_owned));
        let (start, count) = super::string::span(current.utf16_len(), c.int(0), Some(c.int(1)))?;
        let (from, to) = (super::string::byte_of(&current, start), super::string::byte_of(&current, start + count));
        append(c, |_, text| drop(text.drain(from..to)))
    }),
    ("System.Text.StringBuilder Replace(char oldChar, char newChar)", |c| {
        append(c, |c, text| *text = text.replace(c.character(0), &c.character(1).to_string()))
    }),
    ("System.Text.StringBuilder Replace(string oldValue, string newValue)", |c| match c.text(0) {
        "" => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The text to replace is empty.")),
        _ => append(c, |c, text| *text = text.replace(c.text(0), c.text(1))),
    }),
    ("System.Text.StringBuilder Clear()", |c| append(c, |_, text| text.clear())),
    ("string ToString()", |c| Ok(Value::from(read(c.this, str::to_owned)))),
    ("string ToString(int startIndex, int length)", |c| {
        let text = Str::from(read(c.this, str::to_owned));
        let (start, count) = super::string::span(text.utf16_len(), c.int(0), Some(c.int(1)))?;
        Ok(super::string::text(text.encode_utf16().skip(start).take(count).collect()))
    }),
    ("int EnsureCapacity(int capacity)", |c| Ok(Value::I32(c.int(0) as i32))),
    ("bool Equals(System.Text.StringBuilder sb)", |c| {
        Ok(Value::Bool(read(c.this, str::to_owned) == read(c.arg(0), str::to_owned)))
    }),
    ("char Chars(int index)", unit),
    ("char get_Chars(int index)", unit),
    ("char get_Item(int index)", unit),
    ("void set_Item(int index, char value)", set_unit),
    ("void set_Chars(int index, char value)", set_unit),
];

fn made(text: String) -> Value {
    Native::value(StringBuilder { text: RefCell::new(text) })
}

fn read<R: Default>(value: &Value, look: impl FnOnce(&str) -> R) -> R {
    let Value::Native(native) = value else { return R::default() };
    native.downcast::<StringBuilder>().map(|builder| look(&builder.text.borrow())).unwrap_or_default()
}

fn write(value: &Value, change: impl FnOnce(&mut String)) {
    if let Value::Native(native) = value
        && let Some(builder) = native.downcast::<StringBuilder>()
    {
        change(&mut builder.text.borrow_mut());
    }
}

/// Changes the text and gives the builder back, so that calls can be chained.
fn append(c: &mut Call<'_>, change: impl FnOnce(&Call<'_>, &mut String)) -> Outcome<Value> {
    write(c.this, |text| change(c, text));
    Ok(c.this.clone())
}

fn insert(c: &mut Call<'_>) -> Outcome<Value> {
    let current = Str::from(read(c.this, str::to_owned));
    let (start, _) = super::string::span(current.utf16_len(), c.int(0), None)?;
    let at = super::string::byte_of(&current, start);
    let more = convert::to_text(c.arg(1));
    append(c, |_, text| text.insert_str(at, &more))
}

fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// Cuts, or fills with NUL characters, as .NET does.
fn resize(text: &mut String, wanted: usize) {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    units.resize(wanted, 0);
    *text = String::from_utf16_lossy(&units);
}

fn unit(c: &mut Call<'_>) -> Outcome<Value> {
    let text = Str::from(read(c.this, str::to_owned));
    let found = usize::try_from(c.int(0)).ok().and_then(|at| super::string::unit_at(&text, at));
    found.map(Value::Char).ok_or_else(|| thrown(TypeRef::INDEX_OUT_OF_RANGE_EXCEPTION, "The text is not that long."))
}

fn set_unit(c: &mut Call<'_>) -> Outcome<Value> {
    let mut units = super::string::units(&read(c.this, str::to_owned));
    let place = usize::try_from(c.int(0)).ok().and_then(|at| units.get_mut(at));
    let missing = || thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The text is not that long.");
    *place.ok_or_else(missing)? = integer_of(c.arg(1)).unwrap_or(0) as u16;
    write(c.this, |text| *text = String::from_utf16_lossy(&units));
    Ok(Value::Nothing)
}
