//! `System.Collections.BitArray`.

use super::super::table::{Call, Row, Table, get, set};
use super::super::{integer_of, thrown};

use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Unwind, Value};
use std::any::Any;
use std::cell::RefCell;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::BITARRAY, &TABLE)];

struct BitArray(RefCell<Vec<bool>>);

impl NativeObject for BitArray {
    fn kind(&self) -> TypeRef {
        TypeRef::BITARRAY
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.0.borrow().iter().map(|bit| Value::Bool(*bit)).collect())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.0.borrow().len())
    }
}

fn made(bits: Vec<bool>) -> Outcome<Value> {
    Ok(Native::value(BitArray(RefCell::new(bits))))
}

fn bits(value: &Value) -> Option<&RefCell<Vec<bool>>> {
    match value {
        Value::Native(native) => native.downcast::<BitArray>().map(|array| &array.0),
        _ => None,
    }
}

fn out_of_range() -> Unwind {
    thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The index is outside the bits.")
}

/// Reads or changes the bits of the object.
fn with<R>(c: &Call<'_>, work: impl FnOnce(&mut Vec<bool>) -> Outcome<R>) -> Outcome<R> {
    match bits(c.this) {
        Some(bits) => work(&mut bits.borrow_mut()),
        None => Err(thrown(TypeRef::NULL_REFERENCE_EXCEPTION, "This is no bit array.")),
    }
}

/// Bits one by one with those of another array of the same length; the array itself is the result.
fn combined(c: &Call<'_>, combine: fn(bool, bool) -> bool) -> Outcome<Value> {
    let other = bits(c.arg(0)).map(|bits| bits.borrow().clone());
    let other = other.ok_or_else(|| thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no other bit array."))?;
    with(c, |bits| {
        if bits.len() != other.len() {
            return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The two bit arrays differ in length."));
        }
        bits.iter_mut().zip(other).for_each(|(bit, other)| *bit = combine(*bit, other));
        Ok(())
    })?;
    Ok(c.this.clone())
}

fn shifted(c: &Call<'_>, left: bool) -> Outcome<Value> {
    let by = usize::try_from(c.int(0)).map_err(|_| out_of_range())?;
    with(c, |bits| {
        let length = bits.len();
        let moved = |at: usize| if left { at.checked_sub(by) } else { at.checked_add(by) };
        *bits = (0..length).map(|at| moved(at).and_then(|from| bits.get(from).copied()).unwrap_or(false)).collect();
        Ok(())
    })?;
    Ok(c.this.clone())
}

fn place(c: &Call<'_>, count: usize) -> Outcome<usize> {
    usize::try_from(c.int(0)).ok().filter(|at| *at < count).ok_or_else(out_of_range)
}

fn read(c: &mut Call<'_>) -> Outcome<Value> {
    with(c, |bits| Ok(Value::Bool(bits.get(place(c, bits.len())?).copied().unwrap_or(false))))
}

fn write(c: &mut Call<'_>) -> Outcome<Value> {
    let new = c.flag(1);
    with(c, |bits| {
        let at = place(c, bits.len())?;
        if let Some(bit) = bits.get_mut(at) {
            *bit = new;
        }
        Ok(Value::Nothing)
    })
}

/// The bits of numbers, the lowest first.
fn of_numbers(items: &[Value], width: u32) -> Vec<bool> {
    let numbers = items.iter().map(|item| integer_of(item).unwrap_or(0));
    numbers.flat_map(|number| (0..width).map(move |at| number >> at & 1 == 1)).collect()
}

/// A number of each `width` bits.
fn numbers(bits: &[bool], width: usize) -> Vec<u64> {
    let number = |chunk: &[bool]| chunk.iter().enumerate().fold(0, |sum, (at, bit)| sum | u64::from(*bit) << at);
    bits.chunks(width).map(number).collect()
}

fn copy_to(c: &mut Call<'_>) -> Outcome<Value> {
    let Value::Array(target) = c.arg(0) else { return Err(out_of_range()) };
    let start = usize::try_from(c.int(1)).map_err(|_| out_of_range())?;
    let found = bits(c.this).map(|bits| bits.borrow().clone()).unwrap_or_default();
    let items: Vec<Value> = match target.element {
        kind if kind == TypeRef::BOOLEAN => found.into_iter().map(Value::Bool).collect(),
        kind if kind == TypeRef::BYTE => numbers(&found, 8).into_iter().map(|number| Value::U8(number as u8)).collect(),
        kind if kind == TypeRef::INT32 => {
            numbers(&found, 32).into_iter().map(|n| Value::I32(n as u32 as i32)).collect()
        }
        _ => return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "Bits are copied to bool[], byte[] or int[].")),
    };
    if start + items.len() > target.len() {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The array is too short for the bits."));
    }
    for (place, item) in target.items_mut().iter_mut().skip(start).zip(items) {
        *place = item;
    }
    Ok(Value::Nothing)
}

const CONSTRUCTORS: &[Row] = &[
    ("BitArray(int length)", |c| made(vec![false; usize::try_from(c.int(0)).map_err(|_| out_of_range())?])),
    ("BitArray(int length, bool defaultValue)", |c| {
        made(vec![c.flag(1); usize::try_from(c.int(0)).map_err(|_| out_of_range())?])
    }),
    ("BitArray(byte[] bytes)", |c| made(of_numbers(&c.items(0), 8))),
    ("BitArray(bool[] values)", |c| made(c.items(0).iter().map(|item| matches!(item, Value::Bool(true))).collect())),
    ("BitArray(int[] values)", |c| made(of_numbers(&c.items(0), 32))),
    ("BitArray(System.Collections.BitArray bits)", |c| {
        made(bits(c.arg(0)).map(|bits| bits.borrow().clone()).unwrap_or_default())
    }),
];

static TABLE: Table = Table {
    constructors: CONSTRUCTORS,
    methods: &[
        ("System.Collections.BitArray And(System.Collections.BitArray value)", |c| combined(c, |a, b| a & b)),
        ("System.Object Clone()", |c| made(bits(c.this).map(|bits| bits.borrow().clone()).unwrap_or_default())),
        ("void CopyTo(array array, int index)", copy_to),
        ("bool Get(int index)", read),
        ("System.Collections.IEnumerator GetEnumerator()", |c| {
            let items = bits(c.this).map(|bits| bits.borrow().iter().map(|bit| Value::Bool(*bit)).collect());
            Ok(super::list::enumerator(items.unwrap_or_default()))
        }),
        ("bool HasAllSet()", |c| with(c, |bits| Ok(Value::Bool(bits.iter().all(|bit| *bit))))),
        ("bool HasAnySet()", |c| with(c, |bits| Ok(Value::Bool(bits.iter().any(|bit| *bit))))),
        ("System.Collections.BitArray LeftShift(int count)", |c| shifted(c, true)),
        ("System.Collections.BitArray Not()", |c| {
            with(c, |bits| {
                bits.iter_mut().for_each(|bit| *bit = !*bit);
                Ok(())
            })?;
            Ok(c.this.clone())
        }),
        ("System.Collections.BitArray Or(System.Collections.BitArray value)", |c| combined(c, |a, b| a | b)),
        ("System.Collections.BitArray RightShift(int count)", |c| shifted(c, false)),
        ("void Set(int index, bool value)", write),
        ("void SetAll(bool value)", |c| {
            let new = c.flag(0);
            with(c, |bits| {
                bits.fill(new);
                Ok(Value::Nothing)
            })
        }),
        ("System.Collections.BitArray Xor(System.Collections.BitArray value)", |c| combined(c, |a, b| a ^ b)),
        ("bool get_Item(int index)", read),
        ("void set_Item(int index, bool value)", write),
    ],
    properties: &[
        get("Count", "int", |_, v| Ok(Value::I32(bits(v).map_or(0, |bits| bits.borrow().len() as i32)))),
        get("IsReadOnly", "bool", |_, _| Ok(Value::Bool(false))),
        get("IsSynchronized", "bool", |_, _| Ok(Value::Bool(false))),
        set(
            "Length",
            "int",
            |_, v| Ok(Value::I32(bits(v).map_or(0, |bits| bits.borrow().len() as i32))),
            |_, v, new| {
                let length = usize::try_from(integer_of(&new).unwrap_or(-1)).map_err(|_| out_of_range())?;
                if let Some(bits) = bits(v) {
                    bits.borrow_mut().resize(length, false);
                }
                Ok(())
            },
        ),
        get("SyncRoot", "System.Object", |_, v| Ok(v.clone())),
    ],
    ..Table::EMPTY
};

#[cfg(test)]
mod tests {
    use super::super::array;
    use super::{numbers, of_numbers};

    #[test]
    fn bits_and_numbers_are_each_other() {
        let bits = of_numbers(&array::items(&array::bytes([5, 255])), 8);
        assert_eq!(numbers(&bits, 8), [5, 255]);
    }
}
