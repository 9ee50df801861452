//! `WebUtility` and `HttpUtility`: text for addresses, forms and pages.

use super::super::super::table::{Row, Table};
use crate::value::Value;

/// Decodes those `%XX` whose byte is wanted.
pub(super) fn percent_decode(text: &str, wanted: impl Fn(u8) -> bool) -> Vec<u8> {
    let source = text.as_bytes();
    let mut bytes = Vec::with_capacity(source.len());
    let mut at = 0;
    while let Some(byte) = source.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|byte| wanted(*byte)) {
            Some(decoded) => {
                bytes.push(decoded);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    bytes
}

/// Text with every byte escaped that is not kept.
pub(super) fn escaped(text: &str, kept: impl Fn(u8) -> bool) -> String {
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept(byte) {
            result.push(char::from(byte));
        } else {
            result.push_str(&format!("%{byte:02X}"));
        }
    }
    result
}

const ENTITIES: [(char, &str); 5] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];

fn html_encoded(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match ENTITIES.iter().find(|(known, _)| *known == c) {
            Some((_, entity)) => result.push_str(entity),
            None if ('\u{a0}'..='\u{ff}').contains(&c) => result.push_str(&format!("&#{};", c as u32)),
            None => result.push(c),
        }
    }
    result
}

fn html_decoded(text: &str) -> String {
    const NAMED: [(&str, char); 9] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("copy", '©'),
        ("euro", '€'),
        ("eacute", 'é'),
    ];
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        result.push_str(before);
        let end = after.find(';').filter(|end| *end < 12);
        let name = end.and_then(|end| after.get(..end)).unwrap_or("");
        let code = match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            }
            .and_then(char::from_u32),
            None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
        };
        match (code, end) {
            (Some(c), Some(end)) => {
                result.push(c);
                rest = after.get(end + 1..).unwrap_or("");
            }
            _ => {
                result.push('&');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

/// Text in a form: blanks as `+`, the rest escaped by lower-case digits as `HttpUtility` has it.
pub(crate) fn form_escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => result.push('+'),
            _ if byte.is_ascii_alphanumeric() || b"-_.!*()".contains(&byte) => result.push(char::from(byte)),
            _ => result.push_str(&format!("%{byte:02x}")),
        }
    }
    result
}

/// The text that a form's escaped text stands for.
pub(crate) fn form_unescaped(text: &str) -> String {
    String::from_utf8_lossy(&percent_decode(&text.replace('+', " "), |_| true)).into_owned()
}

const HTML: [Row; 3] = [
    ("static string HtmlEncode(string value)", |c| Ok(Value::from(html_encoded(c.text(0))))),
    ("static string HtmlDecode(string value)", |c| Ok(Value::from(html_decoded(c.text(0))))),
    ("static string UrlDecode(string encodedValue)", |c| Ok(Value::from(form_unescaped(c.text(0))))),
];

pub(super) static WEB: Table = Table {
    statics: &[
        HTML[0],
        HTML[1],
        HTML[2],
        ("static string UrlEncode(string value)", |c| {
            Ok(Value::from(escaped(c.text(0), |byte| b"-_.!*() ".contains(&byte)).replace(' ', "+")))
        }),
    ],
    ..Table::EMPTY
};

/// Text for a string of JavaScript.
fn script_escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '<' | '>' | '&' | '\'' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                result.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if u32::from(c) < 32 => result.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => result.push(c),
        }
    }
    result
}

pub(super) static HTTP: Table = Table {
    statics: &[
        HTML[0],
        HTML[1],
        HTML[2],
        ("static string UrlEncode(string str)", |c| Ok(Value::from(form_escaped(c.text(0))))),
        ("static string UrlPathEncode(string str)", |c| {
            let (path, query) =
                c.text(0).split_once('?').map_or((c.text(0), None), |(path, query)| (path, Some(query)));
            let path: String = path
                .bytes()
                .map(|byte| match byte {
                    33..=126 => char::from(byte).to_string(),
                    _ => format!("%{byte:02x}"),
                })
                .collect();
            Ok(Value::from(query.map_or(path.clone(), |query| format!("{path}?{query}"))))
        }),
        ("static string HtmlAttributeEncode(string s)", |c| {
            let text =
                c.text(0).replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace('<', "&lt;");
            Ok(Value::from(text))
        }),
        ("static string JavaScriptStringEncode(string value)", |c| Ok(Value::from(script_escaped(c.text(0))))),
        ("static string JavaScriptStringEncode(string value, bool addDoubleQuotes)", |c| {
            let text = script_escaped(c.text(0));
            Ok(Value::from(if c.flag(1) { format!("\"{text}\"") } else { text }))
        }),
        ("static System.Collections.Specialized.NameValueCollection ParseQueryString(string query)", |c| {
            Ok(super::super::name_value::query(c.text(0)))
        }),
    ],
    ..Table::EMPTY
};
