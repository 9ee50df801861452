//! `HashAlgorithm` and the classes below it, keyed ones included.

use super::super::super::table::{Call, Row, Table, get, set};
use super::super::super::thrown;
use super::super::array;
use super::digest::{self, Family};
use super::{failed, state};
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::HASHALGORITHM, &HASH),
    (TypeRef::SHA1, &ALGORITHM),
    (TypeRef::SHA256, &ALGORITHM),
    (TypeRef::SHA384, &ALGORITHM),
    (TypeRef::SHA512, &ALGORITHM),
    (TypeRef::MD5, &ALGORITHM),
    (TypeRef::SHA1_MANAGED, &PROVIDER),
    (TypeRef::SHA256_MANAGED, &PROVIDER),
    (TypeRef::SHA384_MANAGED, &PROVIDER),
    (TypeRef::SHA512_MANAGED, &PROVIDER),
    (TypeRef::MD5_PROVIDER, &PROVIDER),
    (TypeRef::SHA1_PROVIDER, &PROVIDER),
    (TypeRef::SHA256_PROVIDER, &PROVIDER),
    (TypeRef::SHA512_PROVIDER, &PROVIDER),
    (TypeRef::KEYED_HASH_ALGORITHM, &KEYED),
    (TypeRef::HMAC, &HMAC),
    (TypeRef::HMACSHA1, &KEYED_ALGORITHM),
    (TypeRef::HMACSHA256, &KEYED_ALGORITHM),
    (TypeRef::HMACSHA384, &KEYED_ALGORITHM),
    (TypeRef::HMACSHA512, &KEYED_ALGORITHM),
    (TypeRef::HMACMD5, &KEYED_ALGORITHM),
];

/// A hash algorithm: its type says which.
struct Algorithm {
    kind: TypeRef,
    family: &'static Family,
    key: Option<RefCell<Vec<u8>>>,
    /// What `TransformBlock` was given.
    pending: RefCell<Vec<u8>>,
    /// The last digest.
    hash: RefCell<Option<Vec<u8>>>,
}

impl NativeObject for Algorithm {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Algorithm {
    fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        let digest = match &self.key {
            Some(key) => (self.family.keyed)(&key.borrow(), bytes),
            None => (self.family.hash)(bytes),
        };
        self.hash.replace(Some(digest.clone()));
        digest
    }
}

fn made(kind: TypeRef, key: Option<Vec<u8>>) -> Outcome<Value> {
    let family = digest::of_class(kind)
        .ok_or_else(|| thrown(TypeRef::NOT_SUPPORTED_EXCEPTION, format!("[{kind}] is not supported.")))?;
    let (pending, hash) = (RefCell::default(), RefCell::default());
    Ok(Native::value(Algorithm { kind, family, key: key.map(RefCell::new), pending, hash }))
}

/// What `Create` of an abstract class makes.
fn created(kind: TypeRef) -> Outcome<Value> {
    made(digest::of_class(kind).map_or(kind, |family| family.made), None)
}

/// The bytes of a buffer or of what is left of a stream.
fn source(value: &Value) -> Outcome<Vec<u8>> {
    match value {
        Value::Null => Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is nothing to hash.")),
        Value::Native(_) if TypeRef::STREAM.is_assignable_from(TypeRef::of(value)) => {
            super::super::io::read_stream(value, usize::MAX)
        }
        other => Ok(array::bytes_of(other)),
    }
}

/// The part of the first argument that the next two say.
fn part(c: &Call<'_>) -> Outcome<Vec<u8>> {
    let bytes = array::bytes_of(c.arg(0));
    let range = usize::try_from(c.int(1)).ok().zip(usize::try_from(c.int(2)).ok());
    let found = range.and_then(|(start, count)| bytes.get(start..start.checked_add(count)?));
    found.map(<[u8]>::to_vec).ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is outside the bytes."))
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Algorithm> {
    state::<Algorithm>(c.this).ok_or_else(|| failed("This is no hash algorithm."))
}

fn compute(c: &mut Call<'_>) -> Outcome<Value> {
    let bytes = if c.args.len() == 3 { part(c)? } else { source(c.arg(0))? };
    Ok(array::bytes(this(c)?.digest(&bytes)))
}

static HASH: Table = Table {
    methods: &[
        ("byte[] ComputeHash(byte[] buffer)", compute),
        ("byte[] ComputeHash(System.IO.Stream inputStream)", compute),
        ("byte[] ComputeHash(byte[] buffer, int offset, int count)", compute),
        (
            "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)",
            |c| {
                let bytes = part(c)?;
                this(c)?.pending.borrow_mut().extend_from_slice(&bytes);
                Ok(Value::I32(bytes.len() as i32))
            },
        ),
        ("byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)", |c| {
            let (algorithm, bytes) = (this(c)?, part(c)?);
            let mut all = algorithm.pending.take();
            all.extend_from_slice(&bytes);
            algorithm.digest(&all);
            Ok(array::bytes(bytes))
        }),
        ("void Initialize()", |c| {
            this(c)?.pending.borrow_mut().clear();
            Ok(Value::Nothing)
        }),
        ("void Clear()", |_| Ok(Value::Nothing)),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    statics: &[(
        "static System.Security.Cryptography.HashAlgorithm Create(string hashName)",
        |c| match digest::of_name(c.text(0)) {
            Some(family) => made(family.made, None),
            None => Ok(Value::Null),
        },
    )],
    properties: &[
        get("HashSize", "int", |_, v| Ok(state::<Algorithm>(v).map_or(Value::Null, |a| Value::I32(a.family.bits)))),
        get("Hash", "byte[]", |_, v| {
            let hash = state::<Algorithm>(v).and_then(|algorithm| algorithm.hash.borrow().clone());
            Ok(hash.map_or(Value::Null, array::bytes))
        }),
        get("InputBlockSize", "int", |_, _| Ok(Value::I32(1))),
        get("OutputBlockSize", "int", |_, _| Ok(Value::I32(1))),
        get("CanTransformMultipleBlocks", "bool", |_, _| Ok(Value::Bool(true))),
        get("CanReuseTransform", "bool", |_, _| Ok(Value::Bool(true))),
    ],
    ..Table::EMPTY
};

const HASH_DATA: [Row; 2] = [
    ("static byte[] HashData(byte[] source)", hash_data),
    ("static byte[] HashData(System.IO.Stream source)", hash_data),
];

fn hash_data(c: &mut Call<'_>) -> Outcome<Value> {
    let bytes = source(c.arg(0))?;
    let family = digest::of_class(c.kind).ok_or_else(|| failed("There is no such algorithm."))?;
    Ok(array::bytes((family.hash)(&bytes)))
}

static ALGORITHM: Table = Table {
    statics: &[
        ("static System.Security.Cryptography.HashAlgorithm Create()", |c| created(c.kind)),
        HASH_DATA[0],
        HASH_DATA[1],
    ],
    ..Table::EMPTY
};

/// The old classes that are made with `new`.
static PROVIDER: Table = Table { constructors: &[("provider()", |c| made(c.kind, None))], ..Table::EMPTY };

static KEYED: Table = Table {
    properties: &[set(
        "Key",
        "byte[]",
        |_, v| {
            let key = state::<Algorithm>(v).and_then(|algorithm| algorithm.key.as_ref());
            Ok(key.map_or(Value::Null, |key| array::bytes(key.borrow().clone())))
        },
        |_, v, new| {
            if let Some(key) = state::<Algorithm>(v).and_then(|algorithm| algorithm.key.as_ref()) {
                key.replace(array::bytes_of(&new));
            }
            Ok(())
        },
    )],
    ..Table::EMPTY
};

static HMAC: Table = Table {
    properties: &[get("HashName", "string", |_, v| {
        Ok(state::<Algorithm>(v).map_or(Value::Null, |algorithm| Value::from(algorithm.family.name)))
    })],
    ..Table::EMPTY
};

fn keyed_data(c: &mut Call<'_>) -> Outcome<Value> {
    let (key, bytes) = (array::bytes_of(c.arg(0)), source(c.arg(1))?);
    let family = digest::of_class(c.kind).ok_or_else(|| failed("There is no such algorithm."))?;
    Ok(array::bytes((family.keyed)(&key, &bytes)))
}

static KEYED_ALGORITHM: Table = Table {
    constructors: &[
        ("HMAC()", |c| {
            let length = digest::of_class(c.kind).map_or(64, |family| family.block);
            made(c.kind, Some(super::random::bytes(length)))
        }),
        ("HMAC(byte[] key)", |c| {
            let key = array::bytes_of(c.arg(0));
            made(c.kind, Some(key))
        }),
    ],
    statics: &[
        ("static byte[] HashData(byte[] key, byte[] source)", keyed_data),
        ("static byte[] HashData(byte[] key, System.IO.Stream source)", keyed_data),
    ],
    ..Table::EMPTY
};
