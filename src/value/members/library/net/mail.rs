//! `MailAddress`.

use super::super::super::table::{Table, get};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;

/// A mail address.
struct Mail {
    user: String,
    host: String,
    display: String,
}

impl NativeObject for Mail {
    fn kind(&self) -> TypeRef {
        TypeRef::MAILADDRESS
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        match self.display.as_str() {
            "" => format!("{}@{}", self.user, self.host),
            display => format!("\"{display}\" <{}@{}>", self.user, self.host),
        }
    }
}

fn read_mail(text: &str, display: Option<&str>) -> Option<Mail> {
    let text = text.trim();
    let (name, address) = match text.rsplit_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"').to_owned(), rest.strip_suffix('>')?),
        None => (String::new(), text),
    };
    let (user, host) = address.trim().split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@' || c == ',');
    let fits = plain(user) && plain(host) && !host.starts_with('.') && !host.ends_with('.');
    let display = display.map_or(name, str::to_owned);
    fits.then(|| Mail { user: user.to_owned(), host: host.to_owned(), display })
}

fn required_mail(text: &str, display: Option<&str>) -> Outcome<Value> {
    let broken = || thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is not a mail address."));
    read_mail(text, display).map(Native::value).ok_or_else(broken)
}

fn mail(value: &Value, look: impl FnOnce(&Mail) -> String) -> Outcome<Value> {
    Ok(match value {
        Value::Native(native) => native.downcast::<Mail>().map_or(Value::Null, |mail| Value::from(look(mail))),
        _ => Value::Null,
    })
}

pub(super) static MAIL: Table = Table {
    statics: &[("static bool TryCreate(string address, [ref] mailaddress result)", |c| {
        let found = read_mail(c.text(0), None);
        let there = found.is_some();
        set_reference(c.arg(1), found.map_or(Value::Null, Native::value))?;
        Ok(Value::Bool(there))
    })],
    constructors: &[
        ("mailaddress(string address)", |c| required_mail(c.text(0), None)),
        ("mailaddress(string address, string displayName)", |c| required_mail(c.text(0), Some(c.text(1)))),
    ],
    properties: &[
        get("DisplayName", "string", |_, v| mail(v, |mail| mail.display.clone())),
        get("User", "string", |_, v| mail(v, |mail| mail.user.clone())),
        get("Host", "string", |_, v| mail(v, |mail| mail.host.clone())),
        get("Address", "string", |_, v| mail(v, |mail| format!("{}@{}", mail.user, mail.host))),
    ],
    ..Table::EMPTY
};
