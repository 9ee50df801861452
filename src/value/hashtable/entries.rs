//! The rows of a hashtable and the index that finds them. Keys stand as written: what they are found by (folded text,
//! the number and its width) is worked out when it is asked for, so an entry costs two values and eight bytes.

use super::{Key, folds_to};
use crate::value::{Str, Value};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Up to this many rows are looked through one by one; more get an index.
const FEW: usize = 8;

/// What happens to the slot of an entry that is removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Removal {
    /// It stays empty until there are many such, so that removing costs the same in a large table.
    #[default]
    Leaves,
    /// The rows after it move up: entries have numbers that scripts see.
    Closes,
    /// The next new entry takes it, the last freed first, as in `Dictionary[K,V]`.
    Frees,
}

/// Where a key's row is, and the hash it was found by.
#[derive(Clone, Copy, Debug)]
struct Place {
    hash: u32,
    row: u32,
}

/// Rows in order, some of which may be empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    rows: Vec<Option<(Value, Value)>>,
    /// Empty where there are few rows.
    index: HashTable<Place>,
    /// Numbers of empty rows in the order they were emptied.
    gone: Vec<u32>,
    removal: Removal,
    case_sensitive: bool,
}

impl Entries {
    pub(super) fn new(removal: Removal, case_sensitive: bool) -> Self {
        Entries { removal, case_sensitive, ..Entries::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len() - self.gone.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Value, &Value)> {
        self.rows.iter().flatten().map(|(key, value)| (key, value))
    }

    /// The row of a key.
    #[inline]
    pub(super) fn find(&self, key: &Value) -> Option<usize> {
        match key {
            Value::Str(text) => self.find_text(text),
            Value::Wrapped(wrapped) => self.find(&wrapped.base),
            other if self.is_small() => self.look_through(|known| same_key(known, other, self.case_sensitive)),
            other => {
                let hash = hash_of(other, self.case_sensitive);
                self.look_up(hash, |known| same_key(known, other, self.case_sensitive))
            }
        }
    }

    /// The row of a text key.
    #[inline]
    pub(super) fn find_text(&self, text: &str) -> Option<usize> {
        let same = |known: &Value| match known {
            Value::Str(known) => same_text(known, text, self.case_sensitive),
            Value::Wrapped(wrapped) => {
                matches!(&wrapped.base, Value::Str(known) if same_text(known, text, self.case_sensitive))
            }
            _ => false,
        };
        if self.is_small() { self.look_through(same) } else { self.look_up(text_hash(text, self.case_sensitive), same) }
    }

    #[inline]
    fn is_small(&self) -> bool {
        self.rows.len() <= FEW
    }

    #[inline]
    fn look_through(&self, same: impl Fn(&Value) -> bool) -> Option<usize> {
        self.rows.iter().position(|row| matches!(row, Some((key, _)) if same(key)))
    }

    #[inline]
    fn look_up(&self, hash: u32, same: impl Fn(&Value) -> bool) -> Option<usize> {
        let found = self.index.find(wide(hash), |place| {
            place.hash == hash && matches!(self.rows.get(place.row as usize), Some(Some((key, _))) if same(key))
        });
        found.map(|place| place.row as usize)
    }

    /// The entry of a row.
    #[inline]
    pub(super) fn row(&self, row: usize) -> Option<&(Value, Value)> {
        self.rows.get(row)?.as_ref()
    }

    /// The same, to be changed.
    #[inline]
    pub(super) fn row_mut(&mut self, row: usize) -> Option<&mut Value> {
        self.rows.get_mut(row)?.as_mut().map(|(_, value)| value)
    }

    /// The row of the entry with this number.
    pub(super) fn row_of(&self, number: usize) -> Option<usize> {
        if self.gone.is_empty() {
            return (number < self.rows.len()).then_some(number);
        }
        self.rows.iter().enumerate().filter(|(_, row)| row.is_some()).nth(number).map(|(row, _)| row)
    }

    /// Adds an entry whose key is not there.
    #[inline]
    pub(super) fn push(&mut self, key: Value, value: Value) {
        let free = match self.removal {
            Removal::Frees => self.gone.pop(),
            Removal::Leaves | Removal::Closes => None,
        };
        let row = free.map_or(self.rows.len(), |row| row as usize);
        match self.rows.get_mut(row) {
            Some(place) => *place = Some((key, value)),
            None => self.rows.push(Some((key, value))),
        }
        if !self.is_small() {
            self.index_row(row);
        }
    }

    /// Adds an entry whose key is not there, before the row with this number.
    pub(super) fn insert(&mut self, row: usize, key: Value, value: Value) {
        self.rows.insert(row.min(self.rows.len()), Some((key, value)));
        self.rebuild();
    }

    /// Takes the entry of a row out.
    pub(super) fn remove(&mut self, row: usize) -> Option<(Value, Value)> {
        let entry = self.rows.get_mut(row)?.take()?;
        if !self.is_small()
            && let Ok(found) =
                self.index.find_entry(wide(hash_of(&entry.0, self.case_sensitive)), |place| place.row as usize == row)
        {
            found.remove();
        }
        match self.removal {
            Removal::Closes => self.close(row),
            Removal::Leaves | Removal::Frees => self.gone.push(row as u32),
        }
        if self.removal == Removal::Leaves && self.gone.len() > 2 * FEW && self.gone.len() > self.rows.len() / 2 {
            self.rows.retain(Option::is_some);
            self.gone.clear();
            self.rebuild();
        }
        Some(entry)
    }

    /// Moves the rows after an emptied one up.
    fn close(&mut self, row: usize) {
        self.rows.remove(row);
        if self.is_small() {
            self.index.clear();
        } else {
            self.index.iter_mut().filter(|place| place.row as usize > row).for_each(|place| place.row -= 1);
        }
    }

    /// Nothing, to be filled in the same way.
    pub(super) fn emptied(&self) -> Self {
        Entries::new(self.removal, self.case_sensitive)
    }

    /// Takes a new row into the index; all rows where they were few until now.
    fn index_row(&mut self, row: usize) {
        if self.index.len() + 1 < self.len() {
            return self.rebuild();
        }
        if let Some(Some((key, _))) = self.rows.get(row) {
            let hash = hash_of(key, self.case_sensitive);
            self.index.insert_unique(wide(hash), Place { hash, row: row as u32 }, |place| wide(place.hash));
        }
    }

    fn rebuild(&mut self) {
        self.index.clear();
        if self.is_small() {
            return;
        }
        for (row, entry) in self.rows.iter().enumerate() {
            if let Some((key, _)) = entry {
                let hash = hash_of(key, self.case_sensitive);
                self.index.insert_unique(wide(hash), Place { hash, row: row as u32 }, |place| wide(place.hash));
            }
        }
    }
}

/// The index takes its bits from both ends of 64.
#[inline]
fn wide(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

fn hash_of(key: &Value, case_sensitive: bool) -> u32 {
    match key {
        Value::Str(text) => text_hash(text, case_sensitive),
        Value::Wrapped(wrapped) => hash_of(&wrapped.base, case_sensitive),
        other => {
            let mut hasher = FxHasher::default();
            Key::of(other, case_sensitive).hash(&mut hasher);
            narrow(hasher.finish())
        }
    }
}

#[inline]
fn narrow(hash: u64) -> u32 {
    (hash ^ hash >> 32) as u32
}

/// The hash of a text, in upper case where case does not matter: eight bytes at a time, without a copy where all are
/// ASCII.
#[inline]
fn text_hash(text: &str, case_sensitive: bool) -> u32 {
    if case_sensitive || text.is_ascii() {
        return byte_hash(text.as_bytes(), case_sensitive);
    }
    let folded: String = text.chars().map(folds_to).collect();
    byte_hash(folded.as_bytes(), false)
}

#[inline]
fn byte_hash(bytes: &[u8], case_sensitive: bool) -> u32 {
    let mut hasher = FxHasher::default();
    let fold = |word: u64| if case_sensitive { word } else { upper_case(word) };
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hasher.write_u64(fold(u64::from_le_bytes(*word)));
    }
    let last = rest.iter().rev().fold(rest.len() as u64, |last, byte| last << 8 | u64::from(*byte));
    hasher.write_u64(fold(last));
    narrow(hasher.finish())
}

/// Eight bytes with the ASCII letters among them in upper case.
#[inline]
fn upper_case(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = word & (0x7F * EACH);
    let from_a = low + (0x80 - 0x61) * EACH;
    let past_z = low + (0x80 - 0x7B) * EACH;
    let letters = (from_a ^ past_z) & !word & (0x80 * EACH);
    word ^ letters >> 2
}

#[inline]
fn same_text(known: &Str, text: &str, case_sensitive: bool) -> bool {
    if known.as_str() == text {
        return true;
    }
    if case_sensitive {
        return false;
    }
    if known.is_ascii() {
        return known.len() == text.len() && known.eq_ignore_ascii_case(text)
            || !text.is_ascii() && folded(known, text);
    }
    folded(known, text)
}

fn folded(left: &str, right: &str) -> bool {
    left.chars().map(folds_to).eq(right.chars().map(folds_to))
}

/// Whether a key is the one that is looked for, which is no text.
#[inline]
fn same_key(known: &Value, wanted: &Value, case_sensitive: bool) -> bool {
    match (known, wanted) {
        (Value::I32(known), Value::I32(wanted)) => known == wanted,
        (Value::Str(_), _) => false,
        _ => Key::of(known, case_sensitive) == Key::of(wanted, case_sensitive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_changes_letters_alone() {
        for byte in 0..=255u8 {
            let word = u64::from_le_bytes([b'a', byte, b'z', b'{', b'`', byte, 0xFF, b'M']);
            let expected = [b'A', byte.to_ascii_uppercase(), b'Z', b'{', b'`', byte.to_ascii_uppercase(), 0xFF, b'M'];
            assert_eq!(upper_case(word).to_le_bytes(), expected);
        }
    }

    #[test]
    fn many_entries_come_and_go() {
        for removal in [Removal::Leaves, Removal::Closes, Removal::Frees] {
            let mut entries = Entries::new(removal, false);
            for number in 0..200 {
                entries.push(Value::from(format!("Key{number}")), Value::I32(number));
            }
            for number in (0..200).filter(|n| n % 3 != 0) {
                let row = entries.find_text(&format!("KEY{number}")).expect("it is there");
                assert!(matches!(entries.remove(row), Some((_, Value::I32(n))) if n == number));
                assert!(entries.find_text(&format!("key{number}")).is_none());
            }
            assert_eq!(entries.len(), 67);
            for number in (0..200).filter(|n| n % 3 == 0) {
                let row = entries.find(&Value::from(format!("key{number}"))).expect("it stays");
                assert!(matches!(entries.row(row), Some((_, Value::I32(n))) if *n == number));
            }
            let first = entries.find_text("key0").expect("it is there");
            entries.remove(first);
            entries.push(Value::I32(7), Value::Null);
            assert!(entries.find(&Value::I32(7)).is_some() && entries.find(&Value::I64(7)).is_none());
            let last = entries.iter().position(|(key, _)| matches!(key, Value::I32(7)));
            assert_eq!(last, Some(if removal == Removal::Frees { 0 } else { 66 }));
        }
    }

    #[test]
    fn text_is_found_without_case_in_any_script() {
        let mut entries = Entries::new(Removal::Leaves, false);
        for text in ["Grüße", "ÉTÉ", "plain", "Ω"] {
            entries.push(text.into(), Value::Null);
        }
        for number in 0..20 {
            entries.push(Value::I32(number), Value::Null);
        }
        for (text, found) in [("GRÜßE", true), ("été", true), ("PLAIN", true), ("ω", true), ("plainer", false)] {
            assert_eq!(entries.find_text(text).is_some(), found, "{text}");
        }
    }
}
