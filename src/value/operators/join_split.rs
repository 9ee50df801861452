//! `-join` and `-split`.

use crate::value::convert;
use crate::value::culture::Culture;
use crate::value::pattern::{Found, Options, Pattern, next_start};
use crate::value::{
    Array, Engine, ErrorCategory, Fault, Outcome, ScriptBlock, Str, TypeRef, Value, enumerate, format_text,
    is_enumerable, simple_exception,
};
use std::collections::VecDeque;
use std::rc::Rc;

/// `-join`.
pub(crate) fn join(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    let separator = convert::to_text_with(engine, right, None)?;
    let items = match left {
        Value::Array(array) => array.values(),
        // An enumerator is no collection to this operator: its text is joined.
        Value::Native(native) if native.data.kind() == TypeRef::IENUMERATOR => {
            return convert::to_text_with(engine, left, None).map(Value::Str);
        }
        other => match enumerate(other) {
            Some(items) => items,
            // One thing is text as in a string, whatever the culture.
            None => return convert::to_text_with(engine, left, None).map(Value::Str),
        },
    };
    let mut text = String::with_capacity(items.len() * 8);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(&separator);
        }
        push_item(engine, item, &mut text)?;
    }
    Ok(Value::Str(Str::from(text)))
}

/// An item of `-join`: in the current culture, lists by their type.
fn push_item(engine: &mut dyn Engine, item: &Value, text: &mut String) -> Outcome<()> {
    match item {
        Value::Str(part) => text.push_str(part),
        Value::DateTime(_) => text.push_str(&format_text::format_value(item, None, Culture::current())?),
        Value::Array(array) => text.push_str(&convert::array_type_name(array)),
        Value::Native(native) if native.data.is_enumerable() => text.push_str(&native.data.text()),
        Value::Object(_) | Value::Wrapped(_) => text.push_str(&convert::to_text_with(engine, item, None)?),
        other => convert::write_text(other, text),
    }
    Ok(())
}

/// `-split x`: at blanks.
pub(crate) fn unary_split(engine: &mut dyn Engine, operand: &Value) -> Outcome<Value> {
    let mut parts = Vec::new();
    for text in texts(engine, operand)? {
        let words = text.split_whitespace().map(Value::from);
        parts.extend(words);
    }
    Ok(strings(parts))
}

fn strings(parts: Vec<Value>) -> Value {
    Value::Array(Array::typed(TypeRef::STRING, parts))
}

fn texts(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Str>> {
    if !is_enumerable(value) {
        return Ok(vec![convert::to_text_with(engine, value, None)?]);
    }
    let mut all = Vec::new();
    for item in enumerate(value).unwrap_or_default() {
        all.push(convert::to_text_with(engine, &item, None)?);
    }
    Ok(all)
}

/// The exception of options that do not go together.
const PARSE_EXCEPTION: &str = "System.Management.Automation.ParseException";

/// `SplitOptions`, by their numbers.
mod flags {
    pub(super) const SIMPLE_MATCH: i64 = 1;
    pub(super) const IGNORE_CASE: i64 = 32;
    /// Each with the regular expression option it means.
    pub(super) const REGEX: [(i64, u32); 5] = [(4, 512), (8, 32), (16, 2), (64, 16), (128, 4)];
    pub(super) const NAMES: [(&str, i64); 8] = [
        ("SimpleMatch", 1),
        ("RegexMatch", 2),
        ("CultureInvariant", 4),
        ("IgnorePatternWhitespace", 8),
        ("Multiline", 16),
        ("IgnoreCase", 32),
        ("Singleline", 64),
        ("ExplicitCapture", 128),
    ];
}

/// Where to split.
enum Delimiter {
    Pattern(Rc<Pattern>),
    Script(Rc<ScriptBlock>),
}

/// Binary `-split`: a delimiter, a limit, options.
pub(crate) fn split(engine: &mut dyn Engine, left: &Value, right: &Value, case_sensitive: bool) -> Outcome<Value> {
    let operands = enumerate(right).unwrap_or_else(|| vec![right.clone()]);
    let limit = operands.get(1).map_or(Ok(0), convert::to_i32)?;
    let delimiter = match operands.first() {
        Some(Value::ScriptBlock(_)) if operands.get(2).is_some_and(|options| !options.is_null()) => {
            let message = "Options of -split are for patterns; a script block takes none.";
            return Fault::new("InvalidSplitOptionWithPredicate", message).exception(PARSE_EXCEPTION).err();
        }
        Some(Value::ScriptBlock(block)) => Delimiter::Script(block.clone()),
        Some(text) => delimiter(engine, text, operands.get(2), case_sensitive)?,
        None => return Ok(strings(Vec::new())),
    };
    let mut parts = Vec::new();
    for text in texts(engine, left)? {
        match &delimiter {
            Delimiter::Pattern(pattern) => split_by_pattern(&text, pattern, limit, &mut parts)?,
            Delimiter::Script(block) => split_by_script(engine, &text, block, limit, &mut parts)?,
        }
    }
    Ok(strings(parts))
}

fn delimiter(
    engine: &mut dyn Engine,
    text: &Value,
    options: Option<&Value>,
    case_sensitive: bool,
) -> Outcome<Delimiter> {
    let bits = options.map_or(Ok(0), split_options)?;
    let text = convert::to_text_with(engine, text, None)?;
    let ignore_case = !case_sensitive || bits & flags::IGNORE_CASE != 0;
    let mut regex_options = Options(u32::from(ignore_case));
    if bits & flags::SIMPLE_MATCH != 0 {
        return Pattern::cached(&crate::value::pattern::escape(&text), regex_options).map(Delimiter::Pattern);
    }
    for (flag, option) in flags::REGEX {
        if bits & flag != 0 {
            regex_options = regex_options.with(Options(option));
        }
    }
    Pattern::cached(&text, regex_options).map(Delimiter::Pattern)
}

fn split_options(value: &Value) -> Outcome<i64> {
    let Value::Str(text) = value else { return convert::to_i64(value) };
    let mut bits = 0;
    for name in text.split(',').map(str::trim) {
        let known = flags::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let Some((_, flag)) = known else {
            let names: Vec<&str> = flags::NAMES.iter().map(|(name, _)| *name).collect();
            let message = format!("'{name}' is no option of -split; they are {}.", names.join(", "));
            return Fault::new("RuntimeException", message.clone())
                .category(ErrorCategory::NotSpecified)
                .inner(simple_exception("System.Management.Automation.PSInvalidCastException", message))
                .err();
        };
        bits |= flag;
    }
    if bits & flags::SIMPLE_MATCH != 0 && bits & !(flags::SIMPLE_MATCH | flags::IGNORE_CASE) != 0 {
        let message = "SimpleMatch goes with IgnoreCase only; the other options are about patterns.";
        return Fault::new("InvalidSplitOptionCombination", message).exception(PARSE_EXCEPTION).err();
    }
    Ok(bits)
}

/// Texts between the matches, groups among them; a positive limit leaves the rest whole at the end, a negative one
/// at the beginning.
fn split_by_pattern(text: &str, pattern: &Pattern, limit: i32, parts: &mut Vec<Value>) -> Outcome<()> {
    if limit == 1 || limit == -1 {
        parts.push(Value::from(text));
        return Ok(());
    }
    let mut splitter = Splitter { text, start: 0, parts };
    let mut at = 0;
    if limit >= 0 {
        let most = if limit > 0 { limit as usize - 1 } else { usize::MAX };
        for _ in 0..most {
            let Some(found) = pattern.find_at(text, at)? else { break };
            at = next_start(text, found.span());
            splitter.cut(&found);
        }
        return splitter.end();
    }
    let mut cuts = VecDeque::new();
    let keep = limit.unsigned_abs() as usize - 1;
    while let Some(found) = pattern.find_at(text, at)? {
        at = next_start(text, found.span());
        cuts.push_back(found);
        if cuts.len() > keep {
            cuts.pop_front();
        }
    }
    cuts.iter().for_each(|found| splitter.cut(found));
    splitter.end()
}

/// Cuts a text into parts.
struct Splitter<'t> {
    text: &'t str,
    start: usize,
    parts: &'t mut Vec<Value>,
}

impl Splitter<'_> {
    fn cut(&mut self, found: &Found) {
        let (from, to) = found.span();
        self.parts.push(Value::from(self.text.get(self.start..from).unwrap_or("")));
        for group in 1..found.groups.len() {
            self.parts.extend(found.text(group, self.text).map(Value::from));
        }
        self.start = to;
    }

    fn end(self) -> Outcome<()> {
        self.parts.push(Value::from(self.text.get(self.start..).unwrap_or("")));
        Ok(())
    }
}

/// Splits at the characters for which a script is true.
fn split_by_script(
    engine: &mut dyn Engine,
    text: &Str,
    block: &Rc<ScriptBlock>,
    limit: i32,
    parts: &mut Vec<Value>,
) -> Outcome<()> {
    if limit < 0 {
        return split_by_script_from_end(engine, text, block, limit, parts);
    }
    let mut part = String::new();
    let mut made = 1;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let mut buffer = [0; 4];
        let this = Value::from(&*c.encode_utf8(&mut buffer));
        let is_limited = limit > 0 && made >= limit;
        if !is_limited && convert::to_bool(&engine.invoke(block, &[], Some(this))?) {
            parts.push(Value::from(std::mem::take(&mut part)));
            made += 1;
        } else {
            part.push(c);
            if is_limited {
                part.push_str(rest.as_str());
                break;
            }
        }
    }
    parts.push(Value::from(part));
    Ok(())
}

/// The same with a negative limit: what is left whole stands at the beginning.
fn split_by_script_from_end(
    engine: &mut dyn Engine,
    text: &Str,
    block: &Rc<ScriptBlock>,
    limit: i32,
    parts: &mut Vec<Value>,
) -> Outcome<()> {
    let most = limit.unsigned_abs() as usize;
    let (mut made, mut end) = (Vec::new(), text.len());
    for (at, c) in text.char_indices().rev() {
        if made.len() + 1 >= most {
            break;
        }
        let mut buffer = [0; 4];
        let this = Value::from(&*c.encode_utf8(&mut buffer));
        if convert::to_bool(&engine.invoke(block, &[], Some(this))?) {
            made.push(Value::from(text.get(at + c.len_utf8()..end).unwrap_or("")));
            end = at;
        }
    }
    made.push(Value::from(text.get(..end).unwrap_or("")));
    parts.extend(made.into_iter().rev());
    Ok(())
}
