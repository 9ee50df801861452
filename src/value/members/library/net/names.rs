//! `Dns`: names and addresses of hosts, as this machine resolves them.

use super::super::array::strings;
use super::super::threading;
use super::address::{Address, address, read_address};
use super::state;
use crate::value::members::table::{Call, Table, get};
use crate::value::members::thrown;
use crate::value::object::NativeObject;
use crate::value::{Array, Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::net::{IpAddr, ToSocketAddrs};

/// A host's name and addresses.
struct Entry {
    name: String,
    addresses: Vec<IpAddr>,
}

impl NativeObject for Entry {
    fn kind(&self) -> TypeRef {
        TypeRef::IPHOSTENTRY
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The addresses of a name, each once; what the system says where there are none.
type Found = Result<Vec<IpAddr>, String>;

fn resolve(name: &str) -> Found {
    if let Some(address) = read_address(name) {
        return Ok(vec![address]);
    }
    let name = if name.is_empty() { host_name() } else { name.to_owned() };
    let found = (name.as_str(), 0).to_socket_addrs().map_err(|error| format!("'{name}' is not known: {error}"))?;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for found in found {
        if !addresses.contains(&found.ip()) {
            addresses.push(found.ip());
        }
    }
    Ok(addresses)
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_else(|_| "localhost".into());
    name.trim().to_owned()
}

fn addresses(found: Found) -> Outcome<Value> {
    let found = found.map_err(|text| thrown(TypeRef::SOCKET_EXCEPTION, text))?;
    let values = found.into_iter().map(|address| Native::value(Address(address))).collect();
    Ok(Value::Array(Array::typed(TypeRef::IPADDRESS, values)))
}

fn entry((name, found): (String, Found)) -> Outcome<Value> {
    let addresses = found.map_err(|text| thrown(TypeRef::SOCKET_EXCEPTION, text))?;
    Ok(Native::value(Entry { name, addresses }))
}

/// The name or address that an argument is.
fn wanted(c: &Call<'_>) -> String {
    match c.arg(0) {
        Value::Str(text) => text.to_string(),
        other => address(other).to_string(),
    }
}

fn get_entry(c: &mut Call<'_>) -> Outcome<Value> {
    let name = wanted(c);
    let found = resolve(&name);
    entry((name, found))
}

pub(super) static DNS: Table = Table {
    statics: &[
        ("static string GetHostName()", |_| Ok(Value::from(host_name()))),
        ("static ipaddress[] GetHostAddresses(string hostNameOrAddress)", |c| addresses(resolve(c.text(0)))),
        ("static System.Net.IPHostEntry GetHostEntry(string hostNameOrAddress)", get_entry),
        ("static System.Net.IPHostEntry GetHostEntry(ipaddress address)", get_entry),
        ("static System.Net.IPHostEntry GetHostByName(string hostName)", get_entry),
        ("static System.Threading.Tasks.Task GetHostAddressesAsync(string hostNameOrAddress)", |c| {
            let name = c.text(0).to_owned();
            let result = TypeRef::array_of(TypeRef::IPADDRESS);
            Ok(threading::background(Some(result), move || resolve(&name), addresses))
        }),
        ("static System.Threading.Tasks.Task GetHostEntryAsync(string hostNameOrAddress)", |c| {
            let name = c.text(0).to_owned();
            let work = move || {
                let found = resolve(&name);
                (name, found)
            };
            Ok(threading::background(Some(TypeRef::IPHOSTENTRY), work, entry))
        }),
    ],
    ..Table::EMPTY
};

fn look(value: &Value, look: impl FnOnce(&Entry) -> Outcome<Value>) -> Outcome<Value> {
    state::<Entry>(value).map_or(Ok(Value::Null), look)
}

pub(super) static ENTRY: Table = Table {
    properties: &[
        get("HostName", "string", |_, v| look(v, |entry| Ok(Value::from(entry.name.as_str())))),
        get("Aliases", "string[]", |_, _| Ok(strings(Vec::<&str>::new()))),
        get("AddressList", "ipaddress[]", |_, v| look(v, |entry| addresses(Ok(entry.addresses.clone())))),
    ],
    ..Table::EMPTY
};
