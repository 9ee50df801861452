//! `IPNetwork`: a range of addresses by its first one and the length of what they share.

use super::super::psobject::set_reference;
use super::address::{Address, address, read_address};
use super::state;
use crate::value::members::table::{Call, Table, get};
use crate::value::members::thrown;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::net::IpAddr;

struct Network {
    base: IpAddr,
    length: u32,
}

impl NativeObject for Network {
    fn kind(&self) -> TypeRef {
        TypeRef::IPNETWORK
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format!("{}/{}", self.base, self.length)
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.text() == other.text())
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(self.text().into_bytes().into_boxed_slice())
    }
}

/// An address as a number, with the count of its bits.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    }
}

/// The part of an address that all of a network share.
fn shared(address: IpAddr, length: u32) -> Option<u128> {
    let (number, width) = bits(address);
    let free = width.checked_sub(length)?;
    Some(number.checked_shr(free).unwrap_or(0))
}

impl Network {
    /// A network whose base has nothing set beyond its length.
    fn new(base: IpAddr, length: u32) -> Option<Network> {
        let (number, width) = bits(base);
        let free = width.checked_sub(length)?;
        let rest = number & 1u128.checked_shl(free).map_or(u128::MAX, |bound| bound - 1);
        (rest == 0).then_some(Network { base, length })
    }

    fn contains(&self, other: IpAddr) -> bool {
        self.base.is_ipv4() == other.is_ipv4() && shared(self.base, self.length) == shared(other, self.length)
    }
}

fn read(text: &str) -> Option<Network> {
    let (base, length) = text.split_once('/')?;
    Network::new(read_address(base)?, length.parse().ok()?)
}

fn look(value: &Value, look: impl FnOnce(&Network) -> Value) -> Outcome<Value> {
    Ok(state::<Network>(value).map_or(Value::Null, look))
}

fn made(c: &mut Call<'_>) -> Outcome<Value> {
    let length = u32::try_from(c.int(1)).unwrap_or(u32::MAX);
    let wrong = || thrown(TypeRef::ARGUMENT_EXCEPTION, "The address has bits set beyond the network's length.");
    Network::new(address(c.arg(0)), length).map(Native::value).ok_or_else(wrong)
}

pub(super) static NETWORK: Table = Table {
    constructors: &[("IPNetwork(ipaddress baseAddress, int prefixLength)", made)],
    methods: &[
        ("bool Contains(ipaddress address)", |c| {
            let other = address(c.arg(0));
            look(c.this, |network| Value::Bool(network.contains(other)))
        }),
        ("string ToString()", |c| look(c.this, |network| Value::from(network.text()))),
    ],
    statics: &[
        ("static System.Net.IPNetwork Parse(string s)", |c| {
            let broken = || thrown(TypeRef::FORMAT_EXCEPTION, format!("'{}' is not a network.", c.text(0)));
            read(c.text(0)).map(Native::value).ok_or_else(broken)
        }),
        ("static bool TryParse(string s, [ref] System.Net.IPNetwork result)", |c| {
            let found = read(c.text(0));
            let there = found.is_some();
            set_reference(c.arg(1), found.map_or(Value::Null, Native::value))?;
            Ok(Value::Bool(there))
        }),
    ],
    properties: &[
        get("BaseAddress", "ipaddress", |_, v| look(v, |network| Native::value(Address(network.base)))),
        get("PrefixLength", "int", |_, v| look(v, |network| Value::I32(network.length as i32))),
    ],
    ..Table::EMPTY
};
