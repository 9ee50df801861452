//! Addresses, names, connections and credentials: `System.Net`, `Uri`, `SecureString` and what holds one.

mod address;
mod credential;
mod mail;
mod names;
mod network;
mod socket;
mod uri;
mod web;

pub(crate) use credential::{plain_text, secure, user_and_password};
pub(crate) use web::{form_escaped, form_unescaped};

use super::super::table::Table;
use crate::value::{TypeRef, Value};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::URI, &uri::URI),
    (TypeRef::URIBUILDER, &uri::BUILDER),
    (TypeRef::WEBUTILITY, &web::WEB),
    (TypeRef::HTTPUTILITY, &web::HTTP),
    (TypeRef::IPADDRESS, &address::IP),
    (TypeRef::IPNETWORK, &network::NETWORK),
    (TypeRef::DNS, &names::DNS),
    (TypeRef::IPHOSTENTRY, &names::ENTRY),
    (TypeRef::TCP_CLIENT, &socket::CLIENT),
    (TypeRef::TCP_LISTENER, &socket::LISTENER),
    (TypeRef::IPENDPOINT, &socket::END_POINT),
    (TypeRef::MAILADDRESS, &mail::MAIL),
    (TypeRef::SECURESTRING, &credential::SECURE),
    (TypeRef::PSCREDENTIAL, &credential::CREDENTIAL),
    (TypeRef::NETWORKCREDENTIAL, &credential::NETWORK),
];

/// The state behind a value of one of these types.
fn state<T: 'static>(value: &Value) -> Option<&T> {
    match value {
        Value::Native(native) => native.downcast::<T>(),
        _ => None,
    }
}
