//! Addresses and credentials: `Uri`, `UriBuilder`, `WebUtility`, `IPAddress`, `MailAddress`, `SecureString` and what holds one.

use super::super::table::{Call, PropertyRow, Table, get, set};
use super::super::thrown;
use super::psobject::set_reference;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::cell::RefCell;
use std::net::IpAddr;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::URI, &URI),
    (TypeRef::URIBUILDER, &BUILDER),
    (TypeRef::WEBUTILITY, &WEB),
    (TypeRef::HTTPUTILITY, &WEB),
    (TypeRef::IPADDRESS, &IP),
    (TypeRef::MAILADDRESS, &MAIL),
    (TypeRef::SECURESTRING, &SECURE),
    (TypeRef::PSCREDENTIAL, &CREDENTIAL),
    (TypeRef::NETWORKCREDENTIAL, &NETWORK),
];

/// A URI: as written, and taken apart where it is absolute.
pub struct Uri {
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

/// Decodes those `%XX` whose byte is wanted.
fn percent_decode(text: &str, wanted: impl Fn(u8) -> bool) -> Vec<u8> {
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

fn escaped(text: &str, kept: impl Fn(u8) -> bool) -> String {
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
    get("Segments", "string[]", |_, v| part(v, |url| super::array::strings(segments(url)))),
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

static URI: Table = Table {
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

static BUILDER: Table = Table {
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
                builder(v, |parts| parts.port = super::super::integer_of(&new).unwrap_or(-1) as i32);
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

static WEB: Table = Table {
    statics: &[
        ("static string HtmlEncode(string value)", |c| Ok(Value::from(html_encoded(c.text(0))))),
        ("static string HtmlDecode(string value)", |c| Ok(Value::from(html_decoded(c.text(0))))),
        ("static string UrlEncode(string value)", |c| {
            Ok(Value::from(escaped(c.text(0), |byte| b"-_.!*() ".contains(&byte)).replace(' ', "+")))
        }),
        ("static string UrlDecode(string encodedValue)", |c| {
            let spaced = c.text(0).replace('+', " ");
            Ok(Value::from(String::from_utf8_lossy(&percent_decode(&spaced, |_| true)).into_owned()))
        }),
    ],
    ..Table::EMPTY
};

/// An IP address.
struct Address(IpAddr);

fn is_v6(value: &Value, test: fn(&std::net::Ipv6Addr) -> bool) -> Outcome<Value> {
    Ok(Value::Bool(matches!(address(value), IpAddr::V6(v6) if test(&v6))))
}

impl NativeObject for Address {
    fn kind(&self) -> TypeRef {
        TypeRef::IPADDRESS
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.to_string()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0 == other.0)
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(self.text().into_bytes().into_boxed_slice())
    }
}

/// As .NET reads them: a plain number and short forms such as `10.1` too.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if text.contains(':') {
        return text.trim_start_matches('[').trim_end_matches(']').split('%').next()?.parse().ok();
    }
    let parts: Vec<u64> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (last, front) = parts.split_last()?;
    let room = 4usize.checked_sub(front.len())?;
    let fits = front.iter().all(|part| *part < 256) && room > 0 && *last < 1u64 << (8 * room);
    let high = front.iter().enumerate().fold(0u64, |sum, (at, part)| sum | part << (24 - 8 * at));
    fits.then(|| IpAddr::from(((high | last) as u32).to_be_bytes()))
}

fn address(value: &Value) -> IpAddr {
    match value {
        Value::Native(native) => native.downcast::<Address>().map_or(IpAddr::from([0, 0, 0, 0]), |found| found.0),
        _ => IpAddr::from([0, 0, 0, 0]),
    }
}

fn address_bytes(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn made_address(octets: [u8; 4]) -> Value {
    Native::value(Address(IpAddr::from(octets)))
}

static IP: Table = Table {
    methods: &[
        ("byte[] GetAddressBytes()", |c| Ok(super::array::bytes(address_bytes(address(c.this))))),
        ("string ToString()", |c| Ok(Value::from(address(c.this).to_string()))),
        ("ipaddress MapToIPv4()", |c| {
            let found = match address(c.this) {
                IpAddr::V6(v6) => v6.to_ipv4().map_or(IpAddr::V6(v6), IpAddr::V4),
                v4 => v4,
            };
            Ok(Native::value(Address(found)))
        }),
    ],
    statics: &[
        ("static ipaddress Parse(string ipString)", |c| {
            let broken = || thrown(TypeRef::FORMAT_EXCEPTION, format!("'{}' is not an IP address.", c.text(0)));
            read_address(c.text(0)).map(|found| Native::value(Address(found))).ok_or_else(broken)
        }),
        ("static bool TryParse(string ipString, [ref] ipaddress address)", |c| {
            let found = read_address(c.text(0));
            set_reference(c.arg(1), found.map_or(Value::Null, |found| Native::value(Address(found))))?;
            Ok(Value::Bool(found.is_some()))
        }),
        ("static bool IsLoopback(ipaddress address)", |c| Ok(Value::Bool(address(c.arg(0)).is_loopback()))),
        ("static int HostToNetworkOrder(int host)", |c| Ok(Value::I32((c.int(0) as i32).to_be()))),
        ("static int NetworkToHostOrder(int network)", |c| Ok(Value::I32(i32::from_be(c.int(0) as i32)))),
    ],
    constructors: &[
        ("ipaddress(byte[] address)", |c| {
            let bytes = super::array::bytes_of(c.arg(0));
            let found = match bytes.len() {
                4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
                16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
                _ => None,
            };
            let broken = || thrown(TypeRef::ARGUMENT_EXCEPTION, "An address has 4 or 16 bytes.");
            found.map(|found| Native::value(Address(found))).ok_or_else(broken)
        }),
        ("ipaddress(long newAddress)", |c| Ok(made_address((c.int(0) as u32).to_le_bytes()))),
    ],
    properties: &[
        get("AddressFamily", "System.Net.Sockets.AddressFamily", |_, v| {
            Ok(TypeRef::ADDRESS_FAMILY.enum_of(if address(v).is_ipv4() { 2 } else { 23 }))
        }),
        get("ScopeId", "long", |_, v| Ok(if address(v).is_ipv4() { Value::Null } else { Value::I64(0) })),
        get("IsIPv6Multicast", "bool", |_, v| is_v6(v, |v6| v6.is_multicast())),
        get("IsIPv6LinkLocal", "bool", |_, v| is_v6(v, |v6| v6.segments()[0] & 0xffc0 == 0xfe80)),
        get("IsIPv6SiteLocal", "bool", |_, v| is_v6(v, |v6| v6.segments()[0] & 0xffc0 == 0xfec0)),
        get("IsIPv6Teredo", "bool", |_, v| is_v6(v, |v6| v6.segments()[..2] == [0x2001, 0])),
        get("IsIPv6UniqueLocal", "bool", |_, v| is_v6(v, |v6| v6.segments()[0] & 0xfe00 == 0xfc00)),
        get("IsIPv4MappedToIPv6", "bool", |_, v| is_v6(v, |v6| v6.to_ipv4_mapped().is_some())),
        get("Address", "long", |_, v| match address(v) {
            IpAddr::V4(v4) => Ok(Value::I64(i64::from(u32::from_le_bytes(v4.octets())))),
            IpAddr::V6(_) => Ok(Value::Null),
        }),
        get("IPAddressToString", "string", |_, v| Ok(Value::from(address(v).to_string()))),
    ],
    static_properties: &[
        get("Any", "ipaddress", |_, _| Ok(made_address([0, 0, 0, 0]))),
        get("Loopback", "ipaddress", |_, _| Ok(made_address([127, 0, 0, 1]))),
        get("Broadcast", "ipaddress", |_, _| Ok(made_address([255, 255, 255, 255]))),
        get("None", "ipaddress", |_, _| Ok(made_address([255, 255, 255, 255]))),
        get("IPv6Loopback", "ipaddress", |_, _| Ok(Native::value(Address(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST))))),
        get("IPv6Any", "ipaddress", |_, _| Ok(Native::value(Address(IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED))))),
    ],
};

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

static MAIL: Table = Table {
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

/// `SecureString`: kept as text in memory, as .NET does away from Windows.
pub struct SecureString {
    text: RefCell<String>,
    read_only: std::cell::Cell<bool>,
}

impl NativeObject for SecureString {
    fn kind(&self) -> TypeRef {
        TypeRef::SECURESTRING
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A secure string as a value.
pub fn secure(text: &str) -> Value {
    Native::value(SecureString { text: RefCell::new(text.to_owned()), read_only: false.into() })
}

/// The plain text of a secure string.
pub fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Native(native) => native.downcast::<SecureString>().map(|secure| secure.text.borrow().clone()),
        _ => None,
    }
}

fn with_secure<R: Default>(value: &Value, look: impl FnOnce(&SecureString) -> R) -> R {
    match value {
        Value::Native(native) => native.downcast::<SecureString>().map(look).unwrap_or_default(),
        _ => R::default(),
    }
}

fn change_secure(c: &Call<'_>, change: impl FnOnce(&mut String)) -> Outcome<Value> {
    if with_secure(c.this, |secure| secure.read_only.get()) {
        return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The secure string was made read-only."));
    }
    with_secure(c.this, |secure| change(&mut secure.text.borrow_mut()));
    Ok(Value::Nothing)
}

static SECURE: Table = Table {
    methods: &[
        ("void AppendChar(char c)", |c| change_secure(c, |text| text.push(c.character(0)))),
        ("void Clear()", |c| change_secure(c, String::clear)),
        ("void MakeReadOnly()", |c| {
            with_secure(c.this, |secure| secure.read_only.set(true));
            Ok(Value::Nothing)
        }),
        ("bool IsReadOnly()", |c| Ok(Value::Bool(with_secure(c.this, |secure| secure.read_only.get())))),
        ("securestring Copy()", |c| Ok(secure(&plain_text(c.this).unwrap_or_default()))),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    constructors: &[("securestring()", |_| Ok(secure("")))],
    properties: &[get("Length", "int", |_, v| {
        Ok(Value::I32(plain_text(v).map_or(0, |text| text.encode_utf16().count() as i32)))
    })],
    ..Table::EMPTY
};

/// `PSCredential` and `NetworkCredential`.
struct Credential {
    kind: TypeRef,
    user: String,
    password: Value,
    domain: String,
}

impl NativeObject for Credential {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn credential<R: Default>(value: &Value, look: impl FnOnce(&Credential) -> R) -> R {
    match value {
        Value::Native(native) => native.downcast::<Credential>().map(look).unwrap_or_default(),
        _ => R::default(),
    }
}

/// The user name and the plain password of a `PSCredential` or `NetworkCredential`; `None` for anything else.
pub fn user_and_password(value: &Value) -> Option<(String, String)> {
    credential(value, |held| Some((held.user.clone(), plain_text(&held.password).unwrap_or_default())))
}

fn no_user() -> Unwind {
    thrown(TypeRef::PSARGUMENT_EXCEPTION, "A credential needs a user name.")
}

fn network(user: &str, password: Value, domain: &str) -> Value {
    let (user, domain) = (user.to_owned(), domain.to_owned());
    Native::value(Credential { kind: TypeRef::NETWORKCREDENTIAL, user, password, domain })
}

static CREDENTIAL: Table = Table {
    methods: &[("System.Net.NetworkCredential GetNetworkCredential()", |c| {
        let (name, password) = credential(c.this, |held| (held.user.clone(), held.password.clone()));
        Ok(match name.split_once('\\') {
            Some((domain, user)) => network(user, password, domain),
            None => network(&name, password, ""),
        })
    })],
    constructors: &[("pscredential(string userName, securestring password)", |c| {
        if c.text(0).is_empty() {
            return Err(no_user());
        }
        let (user, password) = (c.text(0).to_owned(), c.take(1));
        Ok(Native::value(Credential { kind: TypeRef::PSCREDENTIAL, user, password, domain: String::new() }))
    })],
    properties: &[
        get("UserName", "string", |_, v| Ok(Value::from(credential(v, |held| held.user.clone())))),
        get("Password", "securestring", |_, v| Ok(credential(v, |held| held.password.clone()))),
    ],
    static_properties: &[get("Empty", "pscredential", |_, _| Ok(Value::Null))],
    ..Table::EMPTY
};

static NETWORK: Table = Table {
    constructors: &[
        ("NetworkCredential(string userName, string password)", |c| Ok(network(c.text(0), secure(c.text(1)), ""))),
        ("NetworkCredential(string userName, securestring password)", |c| {
            let password = c.take(1);
            Ok(network(c.text(0), password, ""))
        }),
        ("NetworkCredential(string userName, string password, string domain)", |c| {
            Ok(network(c.text(0), secure(c.text(1)), c.text(2)))
        }),
    ],
    properties: &[
        get("UserName", "string", |_, v| Ok(Value::from(credential(v, |held| held.user.clone())))),
        get("Password", "string", |_, v| {
            Ok(Value::from(plain_text(&credential(v, |held| held.password.clone())).unwrap_or_default()))
        }),
        get("SecurePassword", "securestring", |_, v| Ok(credential(v, |held| held.password.clone()))),
        get("Domain", "string", |_, v| Ok(Value::from(credential(v, |held| held.domain.clone())))),
    ],
    ..Table::EMPTY
};
