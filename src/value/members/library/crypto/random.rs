//! `RandomNumberGenerator` and comparison of secrets in constant time.

use super::super::super::table::{Call, Table};
use super::super::super::thrown;
use super::super::array;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use rand::Rng;
use std::any::Any;

pub(super) static TABLES: &[(TypeRef, &Table)] =
    &[(TypeRef::RANDOM_NUMBER_GENERATOR, &GENERATOR), (TypeRef::CRYPTOGRAPHIC_OPERATIONS, &OPERATIONS)];

/// The most bytes that are drawn at once.
const MOST: i64 = 1 << 26;

struct Generator;

impl NativeObject for Generator {
    fn kind(&self) -> TypeRef {
        TypeRef::RANDOM_IMPLEMENTATION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Random bytes fit for keys.
pub(crate) fn bytes(count: usize) -> Vec<u8> {
    let mut source = rand::rng();
    (0..count).map(|_| source.random()).collect()
}

/// A count of bytes that can be drawn.
fn count(c: &Call<'_>, argument: usize) -> Outcome<usize> {
    let wanted = c.int(argument);
    usize::try_from(wanted).ok().filter(|_| wanted <= MOST).ok_or_else(|| {
        thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, format!("{wanted} is no count of bytes from 0 to {MOST}."))
    })
}

/// Fills the array that is the argument.
fn fill(c: &Call<'_>, draw: fn() -> u8) -> Outcome<Value> {
    let Value::Array(target) = c.arg(0) else {
        return Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no array to fill."));
    };
    for place in target.items_mut().iter_mut() {
        *place = Value::U8(draw());
    }
    Ok(Value::Nothing)
}

fn any() -> u8 {
    rand::rng().random()
}

fn whole(least: i64, most: i64) -> Outcome<Value> {
    match least < most {
        true => Ok(Value::I32(rand::rng().random_range(least..most) as i32)),
        false => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is empty.")),
    }
}

fn hexadecimal(c: &Call<'_>, lower: bool) -> Outcome<Value> {
    let length = count(c, 0)?;
    let digits: &[u8; 16] = if lower { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
    let text = bytes(length).into_iter().map(|byte| char::from(digits[usize::from(byte & 15)]));
    Ok(Value::from(text.collect::<String>()))
}

static GENERATOR: Table = Table {
    methods: &[
        ("void GetBytes(byte[] data)", |c| fill(c, any)),
        ("void GetNonZeroBytes(byte[] data)", |c| fill(c, || rand::rng().random_range(1..=u8::MAX))),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    statics: &[
        ("static System.Security.Cryptography.RandomNumberGenerator Create()", |_| Ok(Native::value(Generator))),
        ("static byte[] GetBytes(int count)", |c| Ok(array::bytes(bytes(count(c, 0)?)))),
        ("static void Fill(byte[] data)", |c| fill(c, any)),
        ("static int GetInt32(int toExclusive)", |c| whole(0, c.int(0))),
        ("static int GetInt32(int fromInclusive, int toExclusive)", |c| whole(c.int(0), c.int(1))),
        ("static string GetHexString(int stringLength)", |c| hexadecimal(c, false)),
        ("static string GetHexString(int stringLength, bool lowercase)", |c| hexadecimal(c, c.flag(1))),
        ("static string GetString(string choices, int length)", |c| {
            let choices: Vec<char> = c.text(0).chars().collect();
            let length = count(c, 1)?;
            if choices.is_empty() {
                return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "There are no characters to choose from."));
            }
            let mut source = rand::rng();
            let drawn = (0..length).filter_map(|_| choices.get(source.random_range(0..choices.len())));
            Ok(Value::from(drawn.collect::<String>()))
        }),
    ],
    ..Table::EMPTY
};

static OPERATIONS: Table = Table {
    statics: &[
        ("static bool FixedTimeEquals(byte[] left, byte[] right)", |c| {
            let (left, right) = (array::bytes_of(c.arg(0)), array::bytes_of(c.arg(1)));
            let differing = left.iter().zip(&right).fold(0u8, |found, (a, b)| found | (a ^ b));
            Ok(Value::Bool(left.len() == right.len() && differing == 0))
        }),
        ("static void ZeroMemory(byte[] buffer)", |c| fill(c, || 0)),
    ],
    ..Table::EMPTY
};
