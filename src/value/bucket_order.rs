//! The order in which .NET's `Hashtable` gives its entries: from the last bucket to the first. Where every key hashes to the
//! same number in every run (numbers, characters, truths, dates, enumerations), scripts see that order; texts hash at random there.

use super::Value;
use super::hashtable::Key;

/// The sizes .NET takes: for a wanted size, the first that is not smaller. Beyond the last, tables keep the order of insertion.
const SIZES: [u32; 62] = [
    3, 7, 11, 17, 23, 29, 37, 47, 59, 71, 89, 107, 131, 163, 197, 239, 293, 353, 431, 521, 631, 761, 919, 1103, 1327,
    1597, 1931, 2333, 2801, 3371, 4049, 4861, 5839, 7013, 8419, 10103, 12143, 14591, 17519, 21023, 25229, 30293, 36353,
    43627, 52361, 62851, 75431, 90523, 108631, 130363, 156437, 187751, 225307, 270371, 324449, 389357, 467237, 560689,
    672827, 807403, 968897, 1162687,
];
/// How full a table may be.
const LOAD_FACTOR: f64 = 0.72;
/// What the step between two probes is made with.
const STEP_FACTOR: u32 = 101;

#[derive(Clone, Debug, Default)]
enum Slot {
    #[default]
    Empty,
    /// A removed entry that others were moved past.
    Deleted,
    /// An entry: its hash and its key.
    Used(u32, Key),
}

#[derive(Clone, Debug, Default)]
struct Bucket {
    slot: Slot,
    /// Another key was moved past this bucket.
    collided: bool,
}

/// The buckets of one table.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    buckets: Vec<Bucket>,
    count: usize,
    /// How many buckets others were moved past.
    occupancy: usize,
}

/// Zero for a table that is too large to follow.
fn size_for(wanted: u32) -> u32 {
    SIZES.iter().copied().find(|size| *size >= wanted).unwrap_or(0)
}

/// The number of buckets of a table made with room for some entries.
pub(super) fn initial_size(capacity: usize) -> u32 {
    size_for((capacity as f64 / LOAD_FACTOR) as u32)
}

/// The number of buckets that a full table gets.
pub(super) fn next_size(size: u32) -> u32 {
    size_for(size.saturating_mul(2))
}

/// How many entries a table holds before it grows.
#[inline]
pub(super) fn limit(size: u32) -> u32 {
    if size == 0 { u32::MAX } else { (LOAD_FACTOR * f64::from(size)) as u32 }
}

impl Buckets {
    /// A number of empty buckets.
    pub(super) fn new(size: u32) -> Self {
        Buckets { buckets: vec![Bucket::default(); size as usize], count: 0, occupancy: 0 }
    }

    /// The buckets of a table that only ever got these keys, in this order, and has so many buckets now.
    pub(super) fn replay<'a>(first: u32, size: u32, keys: impl Iterator<Item = (Key, &'a Value)>) -> Option<Self> {
        let mut buckets = Buckets::new(first);
        for (key, value) in keys {
            let hash = hash_of(value)?;
            if !buckets.make_room() {
                return None;
            }
            buckets.add(hash, key);
        }
        if buckets.size() < size {
            buckets.rehash(size);
        }
        Some(buckets)
    }

    fn size(&self) -> u32 {
        self.buckets.len() as u32
    }

    /// The buckets a hash is looked for in, one after the other.
    fn probes(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let size = self.size();
        let step = 1 + hash.wrapping_mul(STEP_FACTOR) % (size - 1);
        let next = move |at: &u32| Some((at + step) % size);
        std::iter::successors(Some(hash % size), next).map(|at| at as usize).take(size as usize)
    }

    /// What comes before every change: a full table grows, one with many traces of collisions is laid out anew.
    /// False where the table gets too large to follow.
    pub(super) fn make_room(&mut self) -> bool {
        let size = self.size();
        let full = limit(size) as usize;
        if self.count >= full {
            let next = next_size(size);
            if next == 0 {
                return false;
            }
            self.rehash(next);
        } else if self.occupancy > full && self.count > 100 {
            self.rehash(size);
        }
        true
    }

    /// Adds an entry that is not there yet.
    pub(super) fn add(&mut self, hash: u32, key: Key) {
        let mut place = None;
        for at in self.probes(hash) {
            let Some(bucket) = self.buckets.get_mut(at) else { return };
            match bucket.slot {
                Slot::Deleted if bucket.collided => place = place.or(Some(at)),
                Slot::Empty | Slot::Deleted => {
                    place = place.or(Some(at));
                    break;
                }
                Slot::Used(..) if place.is_none() && !bucket.collided => {
                    bucket.collided = true;
                    self.occupancy += 1;
                }
                Slot::Used(..) => {}
            }
        }
        if let Some(bucket) = place.and_then(|at| self.buckets.get_mut(at)) {
            bucket.slot = Slot::Used(hash, key);
            self.count += 1;
        }
    }

    fn rehash(&mut self, size: u32) {
        let old = std::mem::replace(self, Buckets::new(size));
        for bucket in old.buckets {
            if let Slot::Used(hash, key) = bucket.slot {
                self.add(hash, key);
            }
        }
    }

    /// Takes an entry out.
    pub(super) fn remove(&mut self, key: &Key) {
        let found = self.buckets.iter_mut().find(|bucket| matches!(&bucket.slot, Slot::Used(_, other) if other == key));
        if let Some(bucket) = found {
            bucket.slot = if bucket.collided { Slot::Deleted } else { Slot::Empty };
            self.count -= 1;
        }
    }

    /// The keys in the order of enumeration.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.buckets.iter().rev().filter_map(|bucket| match &bucket.slot {
            Slot::Used(_, key) => Some(key),
            Slot::Empty | Slot::Deleted => None,
        })
    }
}

/// What .NET hashes a key to, where that is the same in every run.
pub(super) fn hash_of(key: &Value) -> Option<u32> {
    let long = |bits: i64| bits as u32 ^ (bits >> 32) as u32;
    let hash = match key {
        Value::Bool(v) => u32::from(*v),
        Value::Char(v) => u32::from(*v) | u32::from(*v) << 16,
        Value::I8(v) => i32::from(*v) as u32,
        Value::U8(v) => u32::from(*v),
        Value::I16(v) => i32::from(*v) as u32,
        Value::U16(v) => u32::from(*v),
        Value::I32(v) => *v as u32,
        Value::U32(v) => *v,
        Value::I64(v) => long(*v),
        Value::U64(v) => long(*v as i64),
        Value::F64(v) if *v == 0.0 || v.is_nan() => long((v.abs().to_bits() & 0x7FF0_0000_0000_0000) as i64),
        Value::F64(v) => long(v.to_bits() as i64),
        Value::F32(v) if *v == 0.0 || v.is_nan() => v.to_bits() & 0x7F80_0000,
        Value::F32(v) => v.to_bits(),
        Value::Decimal(v) => decimal_hash(v.normalize()),
        Value::DateTime(v) => long(v.ticks()),
        Value::TimeSpan(v) => long(v.0),
        Value::Enum(v) => enumeration_hash(v.bits),
        Value::Wrapped(v) => return hash_of(&v.base),
        _ => return None,
    };
    Some(hash & 0x7FFF_FFFF)
}

/// An enumeration over `int`, as nearly all are.
fn enumeration_hash(bits: i64) -> u32 {
    match i32::try_from(bits) {
        Ok(bits) => bits as u32,
        Err(_) => bits as u32 ^ (bits >> 32) as u32,
    }
}

fn decimal_hash(number: rust_decimal::Decimal) -> u32 {
    let parts = number.unpack();
    let sign = u32::from(parts.negative) << 31;
    if number.is_zero() { 0 } else { (parts.scale << 16 | sign) ^ parts.hi ^ parts.mid ^ parts.lo }
}

#[cfg(test)]
mod tests {
    use super::super::Hashtable;
    use super::*;

    fn keys(table: &Hashtable) -> Vec<String> {
        table.keys().iter().map(|key| crate::value::convert::to_text(key).to_string()).collect()
    }

    #[test]
    fn numbers_come_by_bucket_from_the_last_to_the_first() {
        let table = Hashtable::sized(false, 3);
        (1..=3).for_each(|n| drop(table.insert(n.into(), Value::Null)));
        assert_eq!(keys(&table), ["3", "2", "1"]);
        table.insert((-1).into(), Value::Null);
        table.insert(7.into(), Value::Null);
        // Four of seven buckets were taken; -1 hashes to 2147483647, which is 1 modulo 7: its step leads on to 6.
        assert_eq!(table.keys().len(), 5);
        table.insert("text".into(), Value::Null);
        assert_eq!(keys(&table), ["1", "2", "3", "-1", "7", "text"]);
    }

    #[test]
    fn removed_entries_leave_their_bucket() {
        let table = Hashtable::plain();
        (1..=5).for_each(|n| drop(table.insert(n.into(), Value::Null)));
        table.remove(&3.into());
        assert_eq!(keys(&table), ["5", "4", "2", "1"]);
        table.insert(10.into(), Value::Null);
        table.insert(3.into(), Value::Null);
        assert_eq!(table.keys().len(), 6);
    }
}
