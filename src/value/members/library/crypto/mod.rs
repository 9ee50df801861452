//! `System.Security.Cryptography`: hashes, keyed hashes, AES, keys from passwords, random bytes, certificates.

mod aes;
mod certificate;
mod chain;
mod derive;
mod digest;
mod hash;
mod random;

use super::super::table::Table;
use super::super::thrown;
use crate::value::{TypeRef, Unwind, Value};

/// Every table of this family.
pub(super) const TABLES: [&[(TypeRef, &Table)]; 5] =
    [hash::TABLES, aes::TABLES, derive::TABLES, random::TABLES, certificate::TABLES];

/// The state behind a value of one of these types.
fn state<T: 'static>(value: &Value) -> Option<&T> {
    match value {
        Value::Native(native) => native.downcast::<T>(),
        _ => None,
    }
}

/// What went wrong with keys, blocks or bytes.
fn failed(message: impl Into<String>) -> Unwind {
    thrown(TypeRef::CRYPTOGRAPHIC_EXCEPTION, message)
}
