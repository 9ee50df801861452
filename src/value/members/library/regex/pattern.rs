//! `System.Text.RegularExpressions.Regex`.

use super::super::super::table::{Call, Row, Table, get};
use super::matches::{MatchList, match_value};
use crate::value::object::NativeObject;
use crate::value::pattern::{self, Captures, Found, Options, Pattern, Replacement, next_start};
use crate::value::{Array, Engine, Native, Outcome, ScriptBlock, Str, TimeSpan, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::rc::Rc;

/// A regular expression as an object.
pub(crate) struct RegexObject(pub(crate) Rc<Pattern>);

impl NativeObject for RegexObject {
    fn kind(&self) -> TypeRef {
        TypeRef::REGEX
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.source().to_string()
    }
    fn pattern(&self) -> Option<Rc<Pattern>> {
        Some(self.0.clone())
    }
}

/// A regular expression as a value.
pub(crate) fn regex_value(pattern: Rc<Pattern>) -> Value {
    Native::value(RegexObject(pattern))
}

/// A call's pattern and where its input stands among the arguments.
struct Site {
    pattern: Rc<Pattern>,
    /// Number of arguments a static method has more before those of the instance method.
    shift: usize,
}

fn options(value: &Value) -> Options {
    match value {
        Value::Enum(member) => Options(u32::try_from(member.bits).unwrap_or(0)),
        _ => Options::NONE,
    }
}

/// An unreadable pattern is .NET's argument exception.
fn compiled(text: &str, options: Options) -> Outcome<Rc<Pattern>> {
    Pattern::cached(text, options).map_err(|unwind| match unwind {
        Unwind::Fault(mut fault) => {
            fault.id = "RegexParseException".into();
            Unwind::Fault(fault)
        }
        other => other,
    })
}

fn own(c: &Call<'_>) -> Outcome<Site> {
    match c.this {
        Value::Native(native) => match native.downcast::<RegexObject>() {
            Some(regex) => Ok(Site { pattern: regex.0.clone(), shift: 0 }),
            None => compiled("", Options::NONE).map(|pattern| Site { pattern, shift: 0 }),
        },
        _ => compiled("", Options::NONE).map(|pattern| Site { pattern, shift: 0 }),
    }
}

/// The pattern of a static call: the second argument, with options at a place.
fn given(c: &Call<'_>, options_at: usize) -> Outcome<Site> {
    let pattern = compiled(c.text(1), options(c.arg(options_at)))?;
    Ok(Site { pattern, shift: 1 })
}

fn input(c: &Call<'_>) -> Str {
    match c.arg(0) {
        Value::Str(text) => text.clone(),
        _ => Str::from(""),
    }
}

/// A byte offset of a UTF-16 one.
fn byte_offset(text: &Str, units: i64) -> usize {
    let units = usize::try_from(units).unwrap_or(0);
    if text.is_ascii() {
        return units.min(text.len());
    }
    let mut passed = 0;
    text.char_indices()
        .find(|(_, c)| {
            let here = passed >= units;
            passed += c.len_utf16();
            here
        })
        .map_or(text.len(), |(at, _)| at)
}

fn found_value(site: &Site, input: &Str, found: Option<Found>) -> Value {
    let found = found.unwrap_or_default();
    match_value(Captures { input: input.clone(), pattern: site.pattern.clone(), found })
}

fn is_match(c: &Call<'_>, site: Site, start: i64) -> Outcome<Value> {
    let text = input(c);
    let start = byte_offset(&text, start);
    if start == 0 {
        return site.pattern.is_match(&text).map(Value::Bool);
    }
    Ok(Value::Bool(site.pattern.find_at(&text, start)?.is_some()))
}

fn one(c: &Call<'_>, site: Site, start: i64) -> Outcome<Value> {
    let text = input(c);
    let found = site.pattern.find_at(&text, byte_offset(&text, start))?;
    Ok(found_value(&site, &text, found))
}

fn all(c: &Call<'_>, site: Site, start: i64) -> Outcome<Value> {
    let text = input(c);
    let found = site.pattern.find_all(&text, byte_offset(&text, start), usize::MAX)?;
    let items = found.into_iter().map(|found| found_value(&site, &text, Some(found))).collect();
    Ok(Native::value(MatchList { kind: TypeRef::MATCH_COLLECTION, items }))
}

fn limit(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Replaces by a text or by what a script gives for each match.
fn replace(c: &mut Call<'_>, site: Site, count: i64, start: i64) -> Outcome<Value> {
    let text = input(c);
    let start = byte_offset(&text, start);
    let with = c.arg(1 + site.shift).clone();
    let replaced = match &with {
        Value::ScriptBlock(block) => by_script(c.engine, &site, &text, block, limit(count), start)?,
        other => {
            let replacement = Replacement::new(&convert::to_text(other), &site.pattern);
            site.pattern.replace(&text, &replacement, start, limit(count))?
        }
    };
    Ok(Value::Str(replaced.map_or(text, Str::from)))
}

fn by_script(
    engine: &mut dyn Engine,
    site: &Site,
    text: &Str,
    block: &Rc<ScriptBlock>,
    limit: usize,
    start: usize,
) -> Outcome<Option<String>> {
    let mut output = String::new();
    let (mut copied, mut at, mut count) = (0, start, 0);
    while count < limit {
        let Some(found) = site.pattern.find_at(text, at)? else { break };
        let (from, to) = found.span();
        output.push_str(text.get(copied..from).unwrap_or(""));
        let argument = found_value(site, text, Some(found));
        let result = engine.invoke(block, std::slice::from_ref(&argument), Some(argument.clone()))?;
        output.push_str(&convert::to_text_with(engine, &result, None)?);
        copied = to;
        at = next_start(text, (from, to));
        count += 1;
    }
    output.push_str(text.get(copied..).unwrap_or(""));
    Ok((count > 0).then_some(output))
}

fn split(c: &Call<'_>, site: Site, count: i64) -> Outcome<Value> {
    let text = input(c);
    let most = if count > 0 { limit(count) - 1 } else { usize::MAX };
    let mut parts = Vec::new();
    let mut start = 0;
    for found in site.pattern.find_all(&text, 0, most)? {
        let (from, to) = found.span();
        parts.push(Value::from(text.get(start..from).unwrap_or("")));
        parts.extend((1..found.groups.len()).filter_map(|group| found.text(group, &text)).map(Value::from));
        start = to;
    }
    parts.push(Value::from(text.get(start..).unwrap_or("")));
    Ok(Value::Array(Array::typed(TypeRef::STRING, parts)))
}

fn names(c: &Call<'_>) -> Outcome<Vec<Str>> {
    Ok(own(c)?.pattern.group_names().to_vec())
}

const METHODS: &[Row] = &[
    ("string[] GetGroupNames()", |c| {
        let names = names(c)?.into_iter().map(Value::Str).collect();
        Ok(Value::Array(Array::typed(TypeRef::STRING, names)))
    }),
    ("int[] GetGroupNumbers()", |c| {
        let numbers = (0..names(c)?.len() as i32).map(Value::I32).collect();
        Ok(Value::Array(Array::typed(TypeRef::INT32, numbers)))
    }),
    ("string GroupNameFromNumber(int i)", |c| {
        let name = usize::try_from(c.int(0)).ok().and_then(|number| names(c).ok()?.get(number).cloned());
        Ok(Value::Str(name.unwrap_or_default()))
    }),
    ("int GroupNumberFromName(string name)", |c| {
        let number = own(c)?.pattern.group_number(c.text(0));
        Ok(Value::I32(number.map_or(-1, |number| number as i32)))
    }),
    ("bool IsMatch(string input)", |c| is_match(c, own(c)?, 0)),
    ("bool IsMatch(string input, int startat)", |c| is_match(c, own(c)?, c.int(1))),
    ("System.Text.RegularExpressions.Match Match(string input)", |c| one(c, own(c)?, 0)),
    ("System.Text.RegularExpressions.Match Match(string input, int startat)", |c| one(c, own(c)?, c.int(1))),
    ("System.Text.RegularExpressions.MatchCollection Matches(string input)", |c| all(c, own(c)?, 0)),
    ("System.Text.RegularExpressions.MatchCollection Matches(string input, int startat)", |c| {
        all(c, own(c)?, c.int(1))
    }),
    ("string Replace(string input, string replacement)", |c| replace_own(c, None, None)),
    ("string Replace(string input, string replacement, int count)", |c| replace_own(c, Some(2), None)),
    ("string Replace(string input, string replacement, int count, int startat)", |c| replace_own(c, Some(2), Some(3))),
    ("string Replace(string input, scriptblock evaluator)", |c| replace_own(c, None, None)),
    ("string Replace(string input, scriptblock evaluator, int count)", |c| replace_own(c, Some(2), None)),
    ("string Replace(string input, scriptblock evaluator, int count, int startat)", |c| {
        replace_own(c, Some(2), Some(3))
    }),
    ("string[] Split(string input)", |c| split(c, own(c)?, 0)),
    ("string[] Split(string input, int count)", |c| split(c, own(c)?, c.int(1))),
    ("string ToString()", |c| Ok(Value::Str(own(c)?.pattern.source().clone()))),
];

fn replace_own(c: &mut Call<'_>, count: Option<usize>, start: Option<usize>) -> Outcome<Value> {
    let site = own(c)?;
    let count = count.map_or(-1, |place| c.int(place));
    let start = start.map_or(0, |place| c.int(place));
    replace(c, site, count, start)
}

/// A place where no argument stands.
const NOWHERE: usize = usize::MAX;

fn replace_given(c: &mut Call<'_>, options_at: usize) -> Outcome<Value> {
    let site = given(c, options_at)?;
    replace(c, site, -1, 0)
}

const STATICS: &[Row] = &[
    ("static string Escape(string str)", |c| Ok(Value::from(pattern::escape(c.text(0))))),
    ("static string Unescape(string str)", |c| {
        pattern::unescape(c.text(0)).map(Value::from).ok_or_else(|| {
            super::super::super::thrown(TypeRef::ARGUMENT_EXCEPTION, "A backslash stands before nothing.")
        })
    }),
    ("static bool IsMatch(string input, string pattern)", |c| is_match(c, given(c, NOWHERE)?, 0)),
    ("static bool IsMatch(string input, string pattern, System.Text.RegularExpressions.RegexOptions options)", |c| {
        is_match(c, given(c, 2)?, 0)
    }),
    ("static System.Text.RegularExpressions.Match Match(string input, string pattern)", |c| {
        one(c, given(c, NOWHERE)?, 0)
    }),
    (
        "static System.Text.RegularExpressions.Match Match(string input, string pattern, System.Text.RegularExpressions.RegexOptions options)",
        |c| one(c, given(c, 2)?, 0),
    ),
    ("static System.Text.RegularExpressions.MatchCollection Matches(string input, string pattern)", |c| {
        all(c, given(c, NOWHERE)?, 0)
    }),
    (
        "static System.Text.RegularExpressions.MatchCollection Matches(string input, string pattern, System.Text.RegularExpressions.RegexOptions options)",
        |c| all(c, given(c, 2)?, 0),
    ),
    ("static string Replace(string input, string pattern, string replacement)", |c| replace_given(c, NOWHERE)),
    (
        "static string Replace(string input, string pattern, string replacement, System.Text.RegularExpressions.RegexOptions options)",
        |c| replace_given(c, 3),
    ),
    ("static string Replace(string input, string pattern, scriptblock evaluator)", |c| replace_given(c, NOWHERE)),
    (
        "static string Replace(string input, string pattern, scriptblock evaluator, System.Text.RegularExpressions.RegexOptions options)",
        |c| replace_given(c, 3),
    ),
    ("static string[] Split(string input, string pattern)", |c| split(c, given(c, NOWHERE)?, 0)),
    ("static string[] Split(string input, string pattern, System.Text.RegularExpressions.RegexOptions options)", |c| {
        split(c, given(c, 2)?, 0)
    }),
];

pub(super) static TABLE: Table = Table {
    methods: METHODS,
    statics: STATICS,
    constructors: &[
        ("regex(string pattern)", |c| compiled(c.text(0), Options::NONE).map(regex_value)),
        ("regex(string pattern, System.Text.RegularExpressions.RegexOptions options)", |c| {
            compiled(c.text(0), options(c.arg(1))).map(regex_value)
        }),
        ("regex(string pattern, System.Text.RegularExpressions.RegexOptions options, timespan matchTimeout)", |c| {
            compiled(c.text(0), options(c.arg(1))).map(regex_value)
        }),
    ],
    properties: &[
        get("Options", "System.Text.RegularExpressions.RegexOptions", |_, value| {
            let options = if let Value::Native(native) = value { native.data.pattern() } else { None };
            Ok(TypeRef::REGEX_OPTIONS.enum_of(i64::from(options.map_or(0, |pattern| pattern.options().0))))
        }),
        get("RightToLeft", "bool", |_, v| {
            let pattern = if let Value::Native(native) = v { native.data.pattern() } else { None };
            Ok(Value::Bool(pattern.is_some_and(|pattern| pattern.is_backward())))
        }),
        get("MatchTimeout", "timespan", |_, _| Ok(Value::TimeSpan(TimeSpan(-10_000)))),
    ],
    static_properties: &[get("InfiniteMatchTimeout", "timespan", |_, _| Ok(Value::TimeSpan(TimeSpan(-10_000))))],
};
