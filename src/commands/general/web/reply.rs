//! What scripts see of a reply: the response object, its parts, JSON as objects, and the error that a status makes.

use super::exchange::Reply;
use crate::runtime::{Argument, Collector, Invocation, object};
use crate::value::encoding::TextEncoding;
use crate::value::{Array, ErrorCategory, Fault, Hashtable, Outcome, Str, TypeRef, Unwind, Value, convert, types};

/// The encoding that a reply names; UTF-8 where it names none.
fn encoding(reply: &Reply) -> TextEncoding {
    let kind = reply.header("Content-Type").unwrap_or_default();
    let named = kind.split(';').find_map(|part| part.trim().strip_prefix("charset="));
    named.and_then(|name| TextEncoding::by_name(name.trim_matches('"'))).unwrap_or(TextEncoding::Utf8)
}

/// The text of a reply's body.
pub(super) fn text(reply: &Reply) -> String {
    encoding(reply).decode_file(&reply.body).to_string()
}

/// The kind of a reply's body, without parameters, in lower case.
fn media(reply: &Reply) -> String {
    let kind = reply.header("Content-Type").unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_text(media: &str) -> bool {
    let known = ["json", "xml", "javascript", "x-www-form-urlencoded"];
    media.is_empty() || media.starts_with("text/") || known.iter().any(|part| media.contains(part))
}

/// Headers by name, each with all its values.
pub(super) fn headers(reply: &Reply) -> Value {
    let table = Hashtable::empty(true, false);
    for (name, value) in &reply.headers {
        let mut values = match table.get_text(name) {
            Some(Value::Array(known)) => known.values(),
            _ => Vec::new(),
        };
        values.push(Value::from(value.as_str()));
        table.insert_text(name.as_str(), Value::Array(Array::typed(TypeRef::STRING, values)));
    }
    Value::Hashtable(table)
}

fn status(reply: &Reply) -> Value {
    TypeRef::HTTP_STATUS_CODE.enum_of(i64::from(reply.status))
}

/// `HttpResponseMessage`.
fn message(reply: &Reply) -> Value {
    object(
        "System.Net.Http.HttpResponseMessage",
        vec![
            ("Version", Value::from(reply.version)),
            ("Content", Value::Null),
            ("StatusCode", status(reply)),
            ("ReasonPhrase", Value::from(reply.reason.as_str())),
            ("Headers", headers(reply)),
            ("RequestMessage", object("System.Net.Http.HttpRequestMessage", vec![("RequestUri", uri(&reply.uri))])),
            ("IsSuccessStatusCode", Value::Bool((200..300).contains(&reply.status))),
        ],
    )
}

fn uri(text: &str) -> Value {
    types::resolve("uri")
        .and_then(|kind| convert::to_plain(&Value::from(text), kind).ok())
        .unwrap_or_else(|| text.into())
}

/// The `rel` links of the `Link` header.
pub(super) fn relations(reply: &Reply) -> Value {
    let table = Hashtable::empty(false, false);
    for (_, value) in reply.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Link")) {
        for part in value.split(',') {
            let target = part.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
            let Some((address, rest)) = target else { continue };
            let relation = rest.split(';').find_map(|item| item.trim().strip_prefix("rel="));
            if let Some(relation) = relation {
                let base = url::Url::parse(&reply.uri).and_then(|base| base.join(address));
                let whole = base.map_or_else(|_| address.to_owned(), |url| url.to_string());
                table.insert_text(relation.trim_matches('"'), Value::from(whole));
            }
        }
    }
    Value::Hashtable(table)
}

/// What `Invoke-WebRequest` gives.
pub(super) fn response(reply: &Reply) -> Value {
    let is_text = is_text(&media(reply));
    let content = match is_text {
        true => Value::from(text(reply)),
        false => Value::Array(Array::typed(TypeRef::BYTE, reply.body.iter().map(|byte| Value::U8(*byte)).collect())),
    };
    let mut raw = format!("HTTP/{} {} {}\r\n", reply.version, reply.status, reply.reason);
    reply.headers.iter().for_each(|(name, value)| raw.push_str(&format!("{name}: {value}\r\n")));
    raw.push_str("\r\n");
    if is_text {
        raw.push_str(&text(reply));
    }
    let kind = match is_text {
        true => "Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject",
        false => "Microsoft.PowerShell.Commands.WebResponseObject",
    };
    object(
        kind,
        vec![
            ("StatusCode", Value::I32(i32::from(reply.status))),
            ("StatusDescription", Value::from(reply.reason.as_str())),
            ("Content", content),
            ("RawContent", Value::from(raw)),
            ("Headers", headers(reply)),
            ("Images", links(reply, "img")),
            ("InputFields", links(reply, "input")),
            ("Links", links(reply, "a")),
            ("RawContentLength", Value::I64(i64::try_from(reply.body.len()).unwrap_or(i64::MAX))),
            ("RelationLink", relations(reply)),
            ("BaseResponse", message(reply)),
        ],
    )
}

/// The elements of one kind in a page, with their attributes.
fn links(reply: &Reply, element: &str) -> Value {
    let media = media(reply);
    if !media.contains("html") {
        return Value::array(Vec::new());
    }
    let page = text(reply);
    let pattern = format!(r#"(?is)<{element}\s[^>]*>(?:.*?</{element}>)?"#);
    let (Ok(whole), Ok(attribute)) =
        (regex::Regex::new(&pattern), regex::Regex::new(r#"([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))"#))
    else {
        return Value::array(Vec::new());
    };
    let found = whole.find_iter(&page).map(|part| {
        let open = part.as_str().split_inclusive('>').next().unwrap_or_default();
        let mut rows = vec![
            ("outerHTML".to_owned(), Value::from(part.as_str())),
            ("tagName".to_owned(), Value::from(element.to_ascii_uppercase())),
        ];
        for capture in attribute.captures_iter(open) {
            let value = (2..5).find_map(|at| capture.get(at)).map_or("", |value| value.as_str());
            rows.push((capture.get(1).map_or("", |name| name.as_str()).to_owned(), Value::from(value)));
        }
        let rows = rows.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        object("System.Management.Automation.PSCustomObject", rows)
    });
    Value::array(found.collect())
}

/// What `Invoke-RestMethod` gives: JSON and XML as objects, anything else as text.
pub(super) fn content(run: &mut Invocation<'_>, reply: &Reply) -> Outcome<Value> {
    let media = media(reply);
    let text = text(reply);
    if media.contains("xml")
        && !media.contains("html")
        && let Some(kind) = types::resolve("xml")
        && let Ok(document) = convert::to(run.session, &Value::from(text.as_str()), kind)
    {
        return Ok(document);
    }
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    if media.contains("json") || (!media.contains("html") && looks_like_json) {
        let mut collected = Collector::default();
        let arguments = vec![Argument::named("InputObject", Value::from(text.as_str()))];
        if run.session.call_command("ConvertFrom-Json", arguments, &mut collected).is_ok() {
            return Ok(collected.into_value());
        }
    }
    Ok(Value::from(text))
}

/// The error of a status that says the request failed; the body is its details.
pub(super) fn failure(run: &mut Invocation<'_>, reply: &Reply) -> Outcome<Unwind> {
    let text = format!("'{}' answered {} ({}).", reply.uri, reply.status, reply.reason);
    let fault = Fault::new("WebCmdletWebResponseException", text)
        .category(ErrorCategory::InvalidOperation)
        .exception("Microsoft.PowerShell.Commands.HttpResponseException")
        .property("Response", message(reply))
        .property("StatusCode", status(reply));
    let record = run.session.record_of(fault.into())?;
    record.id.replace(Str::from(format!("WebCmdletWebResponseException,{}", run.spec.class)));
    record.activity.replace(Str::from(run.spec.name));
    let body = self::text(reply);
    if !body.is_empty() {
        record.details.replace(Some((Str::from(body), None)));
    }
    Ok(Unwind::Error(record))
}
