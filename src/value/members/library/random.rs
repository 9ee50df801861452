//! `System.Random`.

use super::super::table::{Call, Table, get};
use super::super::thrown;
use crate::value::object::NativeObject;
use crate::value::random::Random;
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::RANDOM, &RANDOM)];

/// A source as an object.
struct Source(RefCell<Random>);

impl NativeObject for Source {
    fn kind(&self) -> TypeRef {
        TypeRef::RANDOM
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn value(source: Random) -> Value {
    Native::value(Source(RefCell::new(source)))
}

fn draw<R: Default>(c: &Call<'_>, draw: impl FnOnce(&mut Random) -> R) -> R {
    match c.this {
        Value::Native(native) => {
            native.downcast::<Source>().map(|source| draw(&mut source.0.borrow_mut())).unwrap_or_default()
        }
        _ => R::default(),
    }
}

/// Limits in the right order.
fn limits(least: i64, most: i64) -> Outcome<(i64, i64)> {
    match least <= most {
        true => Ok((least, most)),
        false => Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The least number is above the largest.")),
    }
}

fn between(c: &Call<'_>, least: i64, most: i64) -> Outcome<Value> {
    let (least, most) = limits(least, most)?;
    Ok(Value::I32(draw(c, |source| source.between(least, most)) as i32))
}

fn long(c: &Call<'_>, least: i64, most: i64) -> Outcome<Value> {
    let (least, most) = limits(least, most)?;
    Ok(Value::I64(draw(c, |source| source.long(least, most))))
}

static RANDOM: Table = Table {
    methods: &[
        ("int Next()", |c| Ok(Value::I32(draw(c, Random::whole)))),
        ("int Next(int maxValue)", |c| between(c, 0, c.int(0))),
        ("int Next(int minValue, int maxValue)", |c| between(c, c.int(0), c.int(1))),
        ("long NextInt64()", |c| Ok(Value::I64(draw(c, Random::any_long)))),
        ("long NextInt64(long maxValue)", |c| long(c, 0, c.int(0))),
        ("long NextInt64(long minValue, long maxValue)", |c| long(c, c.int(0), c.int(1))),
        ("float NextSingle()", |c| Ok(Value::F32(draw(c, Random::fraction) as f32))),
        ("double NextDouble()", |c| Ok(Value::F64(draw(c, Random::fraction)))),
        ("void NextBytes(byte[] buffer)", |c| {
            if let Value::Array(buffer) = c.arg(0) {
                for place in buffer.items_mut().iter_mut() {
                    *place = Value::U8(draw(c, Random::byte));
                }
            }
            Ok(Value::Nothing)
        }),
        ("void Shuffle(System.Object[] values)", |c| {
            if let Value::Array(array) = c.arg(0) {
                let mut items = array.items_mut();
                let count = items.len();
                for at in 0..count.saturating_sub(1) {
                    let other = draw(c, |source| source.between(at as i64, count as i64));
                    items.swap(at, usize::try_from(other).unwrap_or(at));
                }
            }
            Ok(Value::Nothing)
        }),
    ],
    constructors: &[
        ("System.Random()", |_| Ok(value(Random::default()))),
        ("System.Random(int Seed)", |c| Ok(value(Random::seeded(c.int(0) as i32)))),
    ],
    static_properties: &[get("Shared", "System.Random", |_, _| Ok(value(Random::default())))],
    ..Table::EMPTY
};
