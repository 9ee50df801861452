//! `Rfc2898DeriveBytes` (PBKDF2) and `HashAlgorithmName`.

use super::super::super::table::{Call, PropertyRow, Table, get};
use super::super::super::thrown;
use super::super::array;
use super::digest::{self, Family};
use super::{failed, state};
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value, convert};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] =
    &[(TypeRef::RFC2898_DERIVE_BYTES, &DERIVE), (TypeRef::HASH_ALGORITHM_NAME, &NAME)];

/// The name of a hash algorithm.
struct AlgorithmName(String);

impl NativeObject for AlgorithmName {
    fn kind(&self) -> TypeRef {
        TypeRef::HASH_ALGORITHM_NAME
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.clone()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0 == other.0)
    }
}

const fn named(name: &'static str, read: super::super::super::table::Getter) -> PropertyRow {
    get(name, "System.Security.Cryptography.HashAlgorithmName", read)
}

fn algorithm(name: &str) -> Outcome<Value> {
    Ok(Native::value(AlgorithmName(name.to_owned())))
}

static NAME: Table = Table {
    constructors: &[("HashAlgorithmName(string name)", |c| algorithm(c.text(0)))],
    methods: &[("string ToString()", |c| Ok(state::<AlgorithmName>(c.this).map_or(Value::Null, |n| n.text().into())))],
    properties: &[get("Name", "string", |_, v| {
        Ok(state::<AlgorithmName>(v).map_or(Value::Null, |name| Value::from(name.text())))
    })],
    static_properties: &[
        named("MD5", |_, _| algorithm("MD5")),
        named("SHA1", |_, _| algorithm("SHA1")),
        named("SHA256", |_, _| algorithm("SHA256")),
        named("SHA384", |_, _| algorithm("SHA384")),
        named("SHA512", |_, _| algorithm("SHA512")),
    ],
    ..Table::EMPTY
};

/// Keys of a password: as many bytes as are asked for, one after another.
struct Derive {
    password: Vec<u8>,
    salt: Vec<u8>,
    iterations: usize,
    family: &'static Family,
    given: RefCell<usize>,
}

impl NativeObject for Derive {
    fn kind(&self) -> TypeRef {
        TypeRef::RFC2898_DERIVE_BYTES
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Derive {
    /// The first `count` bytes after those `from` the start (RFC 8018, section 5.2).
    fn bytes(&self, from: usize, count: usize) -> Vec<u8> {
        let size = usize::try_from(self.family.bits / 8).unwrap_or(1);
        let first = from / size;
        let last = (from + count).div_ceil(size);
        let mut all = Vec::with_capacity((last - first) * size);
        for block in first..last {
            all.extend(self.block(block as u32 + 1));
        }
        all.get(from - first * size..).unwrap_or_default().iter().take(count).copied().collect()
    }

    fn block(&self, number: u32) -> Vec<u8> {
        let mut message = self.salt.clone();
        message.extend(number.to_be_bytes());
        let mut last = (self.family.keyed)(&self.password, &message);
        let mut sum = last.clone();
        for _ in 1..self.iterations {
            last = (self.family.keyed)(&self.password, &last);
            sum.iter_mut().zip(&last).for_each(|(sum, byte)| *sum ^= byte);
        }
        sum
    }
}

/// Text as UTF-8, or bytes.
fn secret(value: &Value) -> Vec<u8> {
    match value {
        Value::Str(text) => text.as_bytes().to_vec(),
        other => array::bytes_of(other),
    }
}

fn derive(password: &Value, salt: &Value, iterations: i64, hash: &Value) -> Outcome<Derive> {
    let iterations = usize::try_from(iterations).ok().filter(|count| *count > 0).ok_or_else(|| {
        thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The number of iterations must be positive.")
    })?;
    let name = convert::to_text(hash);
    let family = digest::of_name(&name).ok_or_else(|| failed(format!("'{name}' is no known hash algorithm.")))?;
    let salt = match salt {
        Value::I32(length) => super::random::bytes(usize::try_from(*length).unwrap_or(0)),
        other => array::bytes_of(other),
    };
    Ok(Derive { password: secret(password), salt, iterations, family, given: RefCell::default() })
}

fn made(c: &Call<'_>) -> Outcome<Value> {
    let iterations = if c.args.len() > 2 { c.int(2) } else { 1000 };
    let hash = if c.args.len() > 3 { c.arg(3).clone() } else { Value::from("SHA1") };
    derive(c.arg(0), c.arg(1), iterations, &hash).map(Native::value)
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Derive> {
    state::<Derive>(c.this).ok_or_else(|| failed("There is no password to derive from."))
}

fn length(count: i64) -> Outcome<usize> {
    usize::try_from(count)
        .ok()
        .filter(|count| *count > 0 && *count <= 1 << 24)
        .ok_or_else(|| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The number of bytes must be positive."))
}

fn pbkdf2(c: &mut Call<'_>) -> Outcome<Value> {
    let derived = derive(c.arg(0), c.arg(1), c.int(2), c.arg(3))?;
    Ok(array::bytes(derived.bytes(0, length(c.int(4))?)))
}

static DERIVE: Table = Table {
    constructors: &[
        ("Rfc2898DeriveBytes(string password, byte[] salt)", |c| made(c)),
        ("Rfc2898DeriveBytes(string password, int saltSize)", |c| made(c)),
        ("Rfc2898DeriveBytes(string password, byte[] salt, int iterations)", |c| made(c)),
        ("Rfc2898DeriveBytes(string password, int saltSize, int iterations)", |c| made(c)),
        ("Rfc2898DeriveBytes(byte[] password, byte[] salt, int iterations)", |c| made(c)),
        (
            "Rfc2898DeriveBytes(string password, byte[] salt, int iterations, System.Security.Cryptography.HashAlgorithmName hashAlgorithm)",
            |c| made(c),
        ),
        (
            "Rfc2898DeriveBytes(string password, int saltSize, int iterations, System.Security.Cryptography.HashAlgorithmName hashAlgorithm)",
            |c| made(c),
        ),
        (
            "Rfc2898DeriveBytes(byte[] password, byte[] salt, int iterations, System.Security.Cryptography.HashAlgorithmName hashAlgorithm)",
            |c| made(c),
        ),
    ],
    methods: &[
        ("byte[] GetBytes(int cb)", |c| {
            let (derived, count) = (this(c)?, length(c.int(0))?);
            let from = derived.given.replace_with(|given| *given + count);
            Ok(array::bytes(derived.bytes(from, count)))
        }),
        ("void Reset()", |c| {
            this(c)?.given.replace(0);
            Ok(Value::Nothing)
        }),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    statics: &[
        (
            "static byte[] Pbkdf2(string password, byte[] salt, int iterations, System.Security.Cryptography.HashAlgorithmName hashAlgorithm, int outputLength)",
            pbkdf2,
        ),
        (
            "static byte[] Pbkdf2(byte[] password, byte[] salt, int iterations, System.Security.Cryptography.HashAlgorithmName hashAlgorithm, int outputLength)",
            pbkdf2,
        ),
    ],
    properties: &[
        get("HashAlgorithm", "System.Security.Cryptography.HashAlgorithmName", |_, v| {
            algorithm(state::<Derive>(v).map_or("", |derived| derived.family.name))
        }),
        get("Salt", "byte[]", |_, v| {
            Ok(state::<Derive>(v).map_or(Value::Null, |derived| array::bytes(derived.salt.clone())))
        }),
        get("IterationCount", "int", |_, v| {
            Ok(Value::I32(state::<Derive>(v).map_or(0, |derived| derived.iterations as i32)))
        }),
    ],
    ..Table::EMPTY
};
