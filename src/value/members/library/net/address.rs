//! `IPAddress`.

use super::super::super::table::{Table, get};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::net::IpAddr;

/// An IP address.
pub(crate) struct Address(pub(crate) IpAddr);

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
pub(crate) fn read_address(text: &str) -> Option<IpAddr> {
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

/// The address that a value is; all zeros for anything else.
pub(crate) fn address(value: &Value) -> IpAddr {
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

pub(super) static IP: Table = Table {
    methods: &[
        ("byte[] GetAddressBytes()", |c| Ok(super::super::array::bytes(address_bytes(address(c.this))))),
        ("string ToString()", |c| Ok(Value::from(address(c.this).to_string()))),
        ("ipaddress MapToIPv6()", |c| {
            let found = match address(c.this) {
                IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
                v6 => v6,
            };
            Ok(Native::value(Address(found)))
        }),
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
        ("static bool IsValid(string ipString)", |c| Ok(Value::Bool(read_address(c.text(0)).is_some()))),
        ("static bool IsLoopback(ipaddress address)", |c| Ok(Value::Bool(address(c.arg(0)).is_loopback()))),
        ("static int HostToNetworkOrder(int host)", |c| Ok(Value::I32((c.int(0) as i32).to_be()))),
        ("static int NetworkToHostOrder(int network)", |c| Ok(Value::I32(i32::from_be(c.int(0) as i32)))),
    ],
    constructors: &[
        ("ipaddress(byte[] address)", |c| {
            let bytes = super::super::array::bytes_of(c.arg(0));
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
