//! `Uri` and `UriBuilder`.

use super::super::super::table::{PropertyRow, Table, get, set};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use super::web::{escaped, percent_decode};
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use std::cell::RefCell;
use std::net::IpAddr;

/// A URI: as written, and taken apart where it is absolute.
pub(crate) struct Uri {
    original: String,
    parsed: Option<url::Url>,
}

impl NativeObject for Uri {
    fn kind(&self) -> TypeRef {
        TypeRef::URI
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.parsed.as_ref().map_or_else(|| self.original.clone(), |url| unescaped_text(url.as_str()))
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.text() == other.text())
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(self.text().into_bytes().into_boxed_slice())
    }
}

/// `ToString` shows escaped characters as themselves where that is safe.
fn unescaped_text(text: &str) -> String {
    let spaced = text.replace("%20", " ");
    let bytes = percent_decode(&spaced, |byte| byte >= 0x80);
    String::from_utf8(bytes).unwrap_or(spaced)
}

fn uri(value: &Value) -> Option<&Uri> {
    match value {
        Value::Native(native) => native.downcast::<Uri>(),
        _ => None,
    }
}

/// Reads a URI of a kind: 0 either, 1 absolute, 2 relative.
fn read_uri(text: &str, kind: i64) -> Option<Value> {
    let trimmed = text.trim();
    let rooted = if trimmed.starts_with('/') { format!("file://{trimmed}") } else { trimmed.to_owned() };
    let parsed = url::Url::parse(&rooted).ok();
    let fits = match kind {
        1 => parsed.is_some(),
        2 => parsed.is_none(),
        _ => true,
    };
    fits.then(|| Native::value(Uri { original: text.to_owned(), parsed }))
}

fn required_uri(text: &str, kind: i64) -> Outcome<Value> {
    read_uri(text, kind).ok_or_else(|| thrown(TypeRef::URI_FORMAT_EXCEPTION, format!("'{text}' is not such a URI.")))
}

/// A part that only absolute URIs have.
fn part(value: &Value, look: impl FnOnce(&url::Url) -> Value) -> Outcome<Value> {
    match uri(value).and_then(|uri| uri.parsed.as_ref()) {
        Some(url) => Ok(look(url)),
        None => Ok(Value::Null),
    }
}

fn default_port(url: &url::Url) -> Option<u16> {
    const PORTS: [(&str, u16); 6] = [("http", 80), ("https", 443), ("ftp", 21), ("ssh", 22), ("ldap", 389), ("ws", 80)];
    PORTS.iter().find(|(scheme, _)| *scheme == url.scheme()).map(|(_, port)| *port)
}

fn authority(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or("");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn segments(url: &url::Url) -> Vec<String> {
    let path = url.path();
    path.split_inclusive('/').map(str::to_owned).collect()
}

const URI_PROPERTIES: &[PropertyRow] = &[
    get("AbsolutePath", "string", |_, v| part(v, |url| Value::from(url.path()))),
    get("AbsoluteUri", "string", |_, v| part(v, |url| Value::from(url.as_str()))),
    get("LocalPath", "string", |_, v| {
        part(v, |url| Value::from(String::from_utf8_lossy(&percent_decode(url.path(), |_| true)).into_owned()))
    }),
    get("Authority", "string", |_, v| part(v, |url| Value::from(authority(url)))),
    get("HostNameType", "System.UriHostNameType", |_, v| {
        part(v, |url| {
            TypeRef::URI_HOST_NAME_TYPE.enum_of(match url.host() {
                Some(url::Host::Domain(_)) => 2,
                Some(url::Host::Ipv4(_)) => 3,
                Some(url::Host::Ipv6(_)) => 4,
                None => 1,
            })
        })
    }),
    get("IsDefaultPort", "bool", |_, v| part(v, |url| Value::Bool(url.port().is_none()))),
    get("IsFile", "bool", |_, v| part(v, |url| Value::Bool(url.scheme() == "file"))),
    get("IsLoopback", "bool", |_, v| {
        part(v, |url| Value::Bool(matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))))
    }),
    get("PathAndQuery", "string", |_, v| part(v, |url| Value::from(format!("{}{}", url.path(), query(url))))),
    get("Segments", "string[]", |_, v| part(v, |url| super::super::array::strings(segments(url)))),
    get("IsUnc", "bool", |_, _| Ok(Value::Bool(false))),
    get("Host", "string", |_, v| part(v, |url| Value::from(url.host_str().unwrap_or("")))),
    get("Port", "int", |_, v| {
        part(v, |url| Value::I32(url.port().or_else(|| default_port(url)).map_or(-1, i32::from)))
    }),
    get("Query", "string", |_, v| part(v, |url| Value::from(query(url)))),
    get("Fragment", "string", |_, v| {
        part(v, |url| Value::from(url.fragment().map(|text| format!("#{text}")).unwrap_or_default()))
    }),
    get("Scheme", "string", |_, v| part(v, |url| Value::from(url.scheme()))),
    get("OriginalString", "string", |_, v| Ok(uri(v).map_or(Value::Null, |uri| Value::from(uri.original.as_str())))),
    get("DnsSafeHost", "string", |_, v| part(v, |url| Value::from(url.host_str().unwrap_or("")))),
    get("IdnHost", "string", |_, v| part(v, |url| Value::from(url.host_str().unwrap_or("")))),
    get("IsAbsoluteUri", "bool", |_, v| Ok(Value::Bool(uri(v).is_some_and(|uri| uri.parsed.is_some())))),
    get("UserEscaped", "bool", |_, _| Ok(Value::Bool(false))),
    get("UserInfo", "string", |_, v| {
        part(v, |url| {
            let password = url.password().map(|word| format!(":{word}")).unwrap_or_default();
            Value::from(format!("{}{password}", url.username()))
        })
    }),
];

fn query(url: &url::Url) -> String {
    url.query().map(|text| format!("?{text}")).unwrap_or_default()
}

pub(super) static URI: Table = Table {
    methods: &[
        ("string ToString()", |c| Ok(uri(c.this).map_or(Value::Null, |uri| Value::from(uri.text())))),
        ("bool IsBaseOf(uri uri)", |c| {
            let both = uri(c.this).zip(uri(c.arg(0)));
            Ok(Value::Bool(both.is_some_and(|(base, other)| other.text().starts_with(&base.text()))))
        }),
        ("uri MakeRelativeUri(uri uri)", |c| {
            let both = uri(c.this).and_then(|u| u.parsed.as_ref()).zip(uri(c.arg(0)).and_then(|u| u.parsed.as_ref()));
            let relative = both.and_then(|(base, other)| base.make_relative(other));
            required_uri(&relative.unwrap_or_default(), 0)
        }),
        ("string GetLeftPart(System.UriPartial part)", |c| {
            let wanted = c.int(0);
            part(c.this, |url| {
                Value::from(match wanted {
                    0 => format!("{}://", url.scheme()),
                    1 => format!("{}://{}", url.scheme(), authority(url)),
                    2 => format!("{}://{}{}", url.scheme(), authority(url), url.path()),
                    _ => format!("{}://{}{}{}", url.scheme(), authority(url), url.path(), query(url)),
                })
            })
        }),
    ],
    statics: &[
        ("static string EscapeDataString(string stringToEscape)", |c| {
            Ok(Value::from(escaped(c.text(0), |byte| b"-_.~".contains(&byte))))
        }),
        ("static string EscapeUriString(string stringToEscape)", |c| {
            Ok(Value::from(escaped(c.text(0), |byte| b"-_.~!*'();:@&=+$,/?#[]".contains(&byte))))
        }),
        ("static string UnescapeDataString(string stringToUnescape)", |c| {
            Ok(Value::from(String::from_utf8_lossy(&percent_decode(c.text(0), |_| true)).into_owned()))
        }),
        ("static bool IsWellFormedUriString(string uriString, System.UriKind uriKind)", |c| {
            let clean = !c.text(0).contains(char::is_whitespace);
            Ok(Value::Bool(clean && read_uri(c.text(0), c.int(1)).is_some()))
        }),
        ("static bool TryCreate(string uriString, System.UriKind uriKind, [ref] uri result)", |c| {
            let found = read_uri(c.text(0), c.int(1));
            let there = found.is_some();
            set_reference(c.arg(2), found.unwrap_or_default())?;
            Ok(Value::Bool(there))
        }),
        ("static bool CheckSchemeName(string schemeName)", |c| {
            let name = c.text(0);
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
            Ok(Value::Bool(starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))))
        }),
        ("static System.UriHostNameType CheckHostName(string name)", |c| {
            let number = match c.text(0).parse::<IpAddr>() {
                Ok(IpAddr::V4(_)) => 3,
                Ok(IpAddr::V6(_)) => 4,
                Err(_) if c.text(0).is_empty() || c.text(0).contains(' ') => 0,
                Err(_) => 2,
            };
            Ok(TypeRef::URI_HOST_NAME_TYPE.enum_of(number))
        }),
    ],
    constructors: &[
        ("uri(string uriString)", |c| required_uri(c.text(0), 1)),
        ("uri(string uriString, System.UriKind uriKind)", |c| required_uri(c.text(0), c.int(1))),
        ("uri(uri baseUri, string relativeUri)", |c| joined(c.arg(0), c.text(1))),
        ("uri(uri baseUri, uri relativeUri)", |c| {
            let relative = uri(c.arg(1)).map(NativeObject::text).unwrap_or_default();
            joined(c.arg(0), &relative)
        }),
    ],
    properties: URI_PROPERTIES,
    static_properties: &[
        get("SchemeDelimiter", "string", |_, _| Ok(Value::from("://"))),
        get("UriSchemeHttp", "string", |_, _| Ok(Value::from("http"))),
        get("UriSchemeHttps", "string", |_, _| Ok(Value::from("https"))),
        get("UriSchemeFile", "string", |_, _| Ok(Value::from("file"))),
    ],
};

fn joined(base: &Value, relative: &str) -> Outcome<Value> {
    let joined = uri(base).and_then(|uri| uri.parsed.as_ref()).and_then(|url| url.join(relative).ok());
    match joined {
        Some(url) => Ok(Native::value(Uri { original: url.to_string(), parsed: Some(url) })),
        None => Err(thrown(TypeRef::URI_FORMAT_EXCEPTION, "The two do not make a URI.")),
    }
}

/// `UriBuilder`: the parts apart.
#[derive(Default)]
struct Builder(RefCell<Parts>);

#[derive(Clone)]
struct Parts {
    scheme: String,
    host: String,
    port: i32,
    path: String,
    query: String,
    fragment: String,
    user: String,
    password: String,
}

impl Default for Parts {
    fn default() -> Self {
        Parts {
            scheme: "http".into(),
            host: "localhost".into(),
            port: -1,
            path: "/".into(),
            query: String::new(),
            fragment: String::new(),
            user: String::new(),
            password: String::new(),
        }
    }
}

impl Parts {
    fn of(url: &url::Url) -> Self {
        Parts {
            scheme: url.scheme().into(),
            host: url.host_str().unwrap_or("").into(),
            port: url.port().or_else(|| default_port(url)).map_or(-1, i32::from),
            path: url.path().into(),
            query: query(url),
            fragment: url.fragment().map(|text| format!("#{text}")).unwrap_or_default(),
            user: url.username().into(),
            password: url.password().unwrap_or("").into(),
        }
    }

    fn text(&self) -> String {
        let user = match (self.user.as_str(), self.password.as_str()) {
            ("", _) => String::new(),
            (user, "") => format!("{user}@"),
            (user, password) => format!("{user}:{password}@"),
        };
        let port = if self.port >= 0 { format!(":{}", self.port) } else { String::new() };
        let slash = if self.path.starts_with('/') { "" } else { "/" };
        format!("{}://{user}{}{port}{slash}{}{}{}", self.scheme, self.host, self.path, self.query, self.fragment)
    }
}

impl NativeObject for Builder {
    fn kind(&self) -> TypeRef {
        TypeRef::URIBUILDER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.borrow().text()
    }
}

fn builder<R: Default>(value: &Value, look: impl FnOnce(&mut Parts) -> R) -> R {
    match value {
        Value::Native(native) => {
            native.downcast::<Builder>().map(|builder| look(&mut builder.0.borrow_mut())).unwrap_or_default()
        }
        _ => R::default(),
    }
}

/// A text part of the builder; `$mark` is put in front where it is missing.
macro_rules! builder_part {
    ($name:literal, $field:ident, $mark:literal) => {
        set(
            $name,
            "string",
            |_, value| Ok(Value::from(builder(value, |parts| parts.$field.clone()))),
            |_, value, new| {
                let text = convert::to_text(&new);
                let marked = if text.is_empty() || text.starts_with($mark) {
                    text.to_string()
                } else {
                    format!("{}{text}", $mark)
                };
                builder(value, |parts| parts.$field = marked);
                Ok(())
            },
        )
    };
}

fn made_builder(parts: Parts) -> Value {
    Native::value(Builder(RefCell::new(parts)))
}

pub(super) static BUILDER: Table = Table {
    methods: &[("string ToString()", |c| Ok(Value::from(builder(c.this, |parts| parts.text()))))],
    constructors: &[
        ("System.UriBuilder()", |_| Ok(made_builder(Parts::default()))),
        ("System.UriBuilder(string uri)", |c| {
            let text = c.text(0);
            let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
            let broken = |_| thrown(TypeRef::URI_FORMAT_EXCEPTION, format!("'{text}' is not a URI."));
            Ok(made_builder(Parts::of(&url::Url::parse(&full).map_err(broken)?)))
        }),
        ("System.UriBuilder(uri uri)", |c| {
            let parts = uri(c.arg(0)).and_then(|uri| uri.parsed.as_ref()).map(Parts::of);
            Ok(made_builder(parts.unwrap_or_default()))
        }),
        ("System.UriBuilder(string schemeName, string hostName)", |c| {
            Ok(made_builder(Parts { scheme: c.text(0).into(), host: c.text(1).into(), ..Parts::default() }))
        }),
        ("System.UriBuilder(string scheme, string host, int portNumber)", |c| {
            let port = c.int(2) as i32;
            Ok(made_builder(Parts { scheme: c.text(0).into(), host: c.text(1).into(), port, ..Parts::default() }))
        }),
        ("System.UriBuilder(string scheme, string host, int port, string pathValue)", |c| {
            let (port, path) = (c.int(2) as i32, c.text(3).to_owned());
            Ok(made_builder(Parts { scheme: c.text(0).into(), host: c.text(1).into(), port, path, ..Parts::default() }))
        }),
    ],
    properties: &[
        builder_part!("Scheme", scheme, ""),
        builder_part!("UserName", user, ""),
        builder_part!("Password", password, ""),
        builder_part!("Host", host, ""),
        set(
            "Port",
            "int",
            |_, v| Ok(Value::I32(builder(v, |parts| parts.port))),
            |_, v, new| {
                builder(v, |parts| parts.port = super::super::super::integer_of(&new).unwrap_or(-1) as i32);
                Ok(())
            },
        ),
        builder_part!("Path", path, "/"),
        builder_part!("Query", query, "?"),
        builder_part!("Fragment", fragment, "#"),
        get("Uri", "uri", |_, v| required_uri(&builder(v, |parts| parts.text()), 1)),
    ],
    ..Table::EMPTY
};
