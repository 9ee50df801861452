//! The core functions of XPath 1.0, and those of XSLT 1.0.

use super::evaluate::{Context, Found};
use super::parse::Expression;
use super::{Dialect, Refused};
use crate::value::xml::Node;

/// Names, with the least and the greatest number of arguments.
const FUNCTIONS: [(&str, usize, usize); 27] = [
    ("last", 0, 0),
    ("position", 0, 0),
    ("count", 1, 1),
    ("id", 1, 1),
    ("local-name", 0, 1),
    ("namespace-uri", 0, 1),
    ("name", 0, 1),
    ("string", 0, 1),
    ("concat", 2, usize::MAX),
    ("starts-with", 2, 2),
    ("contains", 2, 2),
    ("substring-before", 2, 2),
    ("substring-after", 2, 2),
    ("substring", 2, 3),
    ("string-length", 0, 1),
    ("normalize-space", 0, 1),
    ("translate", 3, 3),
    ("boolean", 1, 1),
    ("not", 1, 1),
    ("true", 0, 0),
    ("false", 0, 0),
    ("lang", 1, 1),
    ("number", 0, 1),
    ("sum", 1, 1),
    ("floor", 1, 1),
    ("ceiling", 1, 1),
    ("round", 1, 1),
];

/// What style sheets have besides.
const STYLE_SHEET_FUNCTIONS: [(&str, usize, usize); 3] =
    [("current", 0, 0), ("generate-id", 0, 1), ("format-number", 2, 2)];

/// A call, where there is such a function and it takes so many arguments.
pub(super) fn checked(name: String, arguments: Vec<Expression>, dialect: Dialect) -> Result<Expression, Refused> {
    let more: &[_] = if dialect == Dialect::StyleSheet { &STYLE_SHEET_FUNCTIONS } else { &[] };
    match FUNCTIONS.iter().chain(more).find(|(known, ..)| *known == name) {
        None => Err(Refused::Unknown(format!("there is no function '{name}'"))),
        Some((_, least, most)) if arguments.len() < *least || arguments.len() > *most => {
            Err(Refused::Syntax(format!("'{name}' does not take {} arguments", arguments.len())))
        }
        Some(_) => Ok(Expression::Call(name, arguments)),
    }
}

/// The value of a call.
pub(super) fn call(context: &Context<'_>, name: &str, arguments: &[Expression]) -> Result<Found, Refused> {
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(context.evaluate(argument)?);
    }
    // What is left out is the context node.
    let first = values.first().cloned().unwrap_or_else(|| Found::Nodes(vec![context.node.clone()]));
    let text = |at: usize| values.get(at).map(Found::text).unwrap_or_default();
    let node = || match &first {
        Found::Nodes(nodes) => nodes.first().cloned(),
        _ => None,
    };
    let nodes = || match &first {
        Found::Nodes(nodes) => Ok(nodes.clone()),
        _ => Err(Refused::Syntax(format!("'{name}' takes nodes"))),
    };
    Ok(match name {
        "last" => Found::Number(context.size as f64),
        "position" => Found::Number(context.position as f64),
        "count" => Found::Number(nodes()?.len() as f64),
        "sum" => Found::Number(nodes()?.iter().map(|node| super::evaluate::text_number(&node.inner_text())).sum()),
        "id" => Found::Nodes(Vec::new()),
        "local-name" => Found::Text(node().map(|node| own_name(&node, |n| n.local_name())).unwrap_or_default()),
        "name" => Found::Text(node().map(|node| own_name(&node, Node::full_name)).unwrap_or_default()),
        "namespace-uri" => Found::Text(node().map(|node| node.name().namespace.to_string()).unwrap_or_default()),
        "string" => Found::Text(first.text()),
        "concat" => Found::Text(values.iter().map(Found::text).collect()),
        "starts-with" => Found::Flag(text(0).starts_with(&text(1))),
        "contains" => Found::Flag(text(0).contains(&text(1))),
        "substring-before" => {
            Found::Text(text(0).split_once(&text(1)).map(|(before, _)| before.to_owned()).unwrap_or_default())
        }
        "substring-after" => {
            Found::Text(text(0).split_once(&text(1)).map(|(_, after)| after.to_owned()).unwrap_or_default())
        }
        "substring" => Found::Text(substring(
            &text(0),
            values.get(1).map_or(f64::NAN, Found::number),
            values.get(2).map(Found::number),
        )),
        "string-length" => Found::Number(first.text().encode_utf16().count() as f64),
        "normalize-space" => Found::Text(first.text().split_whitespace().collect::<Vec<_>>().join(" ")),
        "translate" => Found::Text(translate(&text(0), &text(1), &text(2))),
        "boolean" => Found::Flag(first.flag()),
        "not" => Found::Flag(!first.flag()),
        "true" => Found::Flag(true),
        "false" => Found::Flag(false),
        "lang" => Found::Flag(speaks(&context.node, &text(0))),
        "number" => Found::Number(first.number()),
        "floor" => Found::Number(first.number().floor()),
        "ceiling" => Found::Number(first.number().ceil()),
        "current" => Found::Nodes(vec![context.current.clone()]),
        "generate-id" => Found::Text(node().map(|node| format!("n{}", node.id)).unwrap_or_default()),
        "format-number" => Found::Text(formatted(first.number(), &text(1))),
        _ => Found::Number((first.number() + 0.5).floor()),
    })
}

/// `0.00`, `#,##0`, `000`: as many digits as there are zeros, and groups of three where a comma stands.
fn formatted(number: f64, pattern: &str) -> String {
    let (whole, fraction) = pattern.split_once('.').unwrap_or((pattern, ""));
    let text = format!("{:.*}", fraction.chars().count(), number.abs());
    let (digits, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let least = whole.chars().filter(|letter| *letter == '0').count();
    let padded = format!("{digits:0>least$}");
    let length = padded.len();
    let comma = |at: usize| whole.contains(',') && at > 0 && (length - at).is_multiple_of(3);
    let digits = padded.chars().enumerate();
    let grouped: String = digits.flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit])).collect();
    let needed = fraction.chars().filter(|letter| *letter == '0').count();
    let spare = decimals.len().saturating_sub(needed);
    let decimals = &decimals[..decimals.len() - decimals.bytes().rev().take(spare).take_while(|b| *b == b'0').count()];
    let sign = if number < 0.0 { "-" } else { "" };
    if decimals.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{decimals}") }
}

/// The name of elements, attributes and instructions; nothing for text and the like.
fn own_name(node: &Node, name: impl Fn(&Node) -> crate::value::Str) -> String {
    let name = name(node);
    if name.starts_with('#') { String::new() } else { name.to_string() }
}

/// Places count from 1 and are rounded; those outside fall away.
fn substring(text: &str, start: f64, length: Option<f64>) -> String {
    let round = |number: f64| (number + 0.5).floor();
    let from = round(start);
    let to = length.map_or(f64::INFINITY, |length| from + round(length));
    let inside = |at: usize| ((at + 1) as f64) >= from && ((at + 1) as f64) < to;
    text.chars().enumerate().filter(|(at, _)| inside(*at)).map(|(_, c)| c).collect()
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let targets: Vec<char> = to.chars().collect();
    let translated = |c: char| match from.chars().position(|known| known == c) {
        Some(at) => targets.get(at).copied(),
        None => Some(c),
    };
    text.chars().filter_map(translated).collect()
}

/// `xml:lang` here or further up, the language or a dialect of it.
fn speaks(node: &Node, language: &str) -> bool {
    let own = std::iter::successors(Some(node.clone()), Node::parent).find_map(|node| node.attribute("xml:lang"));
    own.is_some_and(|attribute| {
        let value = attribute.value().to_lowercase();
        let language = language.to_lowercase();
        value == language || value.strip_prefix(&language).is_some_and(|rest| rest.starts_with('-'))
    })
}
