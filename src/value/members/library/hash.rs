//! Hash algorithms and random bytes.

use super::super::table::{Call, Table};
use super::super::thrown;
use super::array;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use md5::Md5;
use rand::Rng;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::any::Any;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::HASHALGORITHM, &HASH),
    (TypeRef::SHA1, &ALGORITHM),
    (TypeRef::SHA256, &ALGORITHM),
    (TypeRef::SHA384, &ALGORITHM),
    (TypeRef::SHA512, &ALGORITHM),
    (TypeRef::MD5, &ALGORITHM),
    (TypeRef::RANDOM_NUMBER_GENERATOR, &RANDOM),
];

/// A hash algorithm: its type says which.
struct Algorithm(TypeRef);

impl NativeObject for Algorithm {
    fn kind(&self) -> TypeRef {
        self.0
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The hash of bytes by the algorithm that a type names.
fn digest(kind: TypeRef, bytes: &[u8]) -> Option<Vec<u8>> {
    type Hash = fn(&[u8]) -> Vec<u8>;
    const ALGORITHMS: [(TypeRef, Hash); 5] = [
        (TypeRef::SHA256, |bytes| Sha256::digest(bytes).to_vec()),
        (TypeRef::SHA1, |bytes| Sha1::digest(bytes).to_vec()),
        (TypeRef::SHA384, |bytes| Sha384::digest(bytes).to_vec()),
        (TypeRef::SHA512, |bytes| Sha512::digest(bytes).to_vec()),
        (TypeRef::MD5, |bytes| Md5::digest(bytes).to_vec()),
    ];
    ALGORITHMS.iter().find(|(known, _)| *known == kind).map(|(_, hash)| hash(bytes))
}

fn hashed(c: &Call<'_>, kind: TypeRef) -> Outcome<Value> {
    let found = digest(kind, &array::bytes_of(c.arg(0)));
    let missing = || thrown(TypeRef::NOT_SUPPORTED_EXCEPTION, format!("[{kind}] is not supported."));
    Ok(array::bytes(found.ok_or_else(missing)?))
}

static HASH: Table = Table {
    methods: &[
        ("byte[] ComputeHash(byte[] buffer)", |c| hashed(c, TypeRef::of(c.this))),
        ("void Dispose()", |_| Ok(Value::Nothing)),
        ("void Clear()", |_| Ok(Value::Nothing)),
    ],
    ..Table::EMPTY
};

static ALGORITHM: Table = Table {
    statics: &[
        ("static System.Security.Cryptography.HashAlgorithm Create()", |c| Ok(Native::value(Algorithm(c.kind)))),
        ("static byte[] HashData(byte[] source)", |c| hashed(c, c.kind)),
    ],
    ..Table::EMPTY
};

static RANDOM: Table = Table {
    statics: &[
        ("static byte[] GetBytes(int count)", |c| {
            let mut source = rand::rng();
            let count = usize::try_from(c.int(0)).unwrap_or(0).min(1 << 20);
            Ok(array::bytes((0..count).map(|_| source.random::<u8>()).collect::<Vec<_>>()))
        }),
        ("static int GetInt32(int toExclusive)", |c| match c.int(0) {
            most @ 1.. => Ok(Value::I32(rand::rng().random_range(0..most) as i32)),
            _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is empty.")),
        }),
        ("static int GetInt32(int fromInclusive, int toExclusive)", |c| match (c.int(0), c.int(1)) {
            (least, most) if least < most => Ok(Value::I32(rand::rng().random_range(least..most) as i32)),
            _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is empty.")),
        }),
    ],
    ..Table::EMPTY
};
