//! Hashtables, `[ordered]` or not: keys keep their own type, texts compare without case.

use super::collate::simple_upper;
use super::object::ExtensionSlot;
use super::{Str, TypeRef, Value};
use indexmap::{Equivalent, IndexMap};
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A hashtable, `[ordered]` or not. Keys keep their own type; string keys compare without case unless `case_sensitive`.
#[derive(Debug, Default)]
pub struct Hashtable {
    /// Insertion-ordered in both kinds: .NET's own order for plain tables is random from run to run.
    pub entries: RefCell<IndexMap<Key, (Value, Value), rustc_hash::FxBuildHasher>>,
    /// `[ordered]`.
    pub ordered: bool,
    /// Made with an ordinal comparer.
    pub case_sensitive: bool,
    /// Members added by scripts.
    pub extension: ExtensionSlot,
    /// How often an entry was added.
    additions: Cell<u32>,
    /// How often an entry was removed or got another value.
    changes: Cell<u32>,
    /// Slots that removed entries left free, in the order they were freed; kept where `reuses_slots`.
    free: RefCell<Vec<usize>>,
    /// New entries take the place of removed ones, the last freed first, as in `Dictionary[K,V]`.
    reuses_slots: bool,
}

/// Beyond this many free slots nobody can tell the order of a dictionary from memory.
const MOST_FREE: usize = 256;

/// What a hashtable is keyed by: made from a key value, upper-cased where the table ignores case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Folded text.
    Text(Box<str>),
    /// An integer of a given width: `1` and `1L` are different keys.
    Number(u8, i64),
    /// Any other value type, by a canonical byte form that starts with its type.
    Bytes(Box<[u8]>),
    /// A reference, by address.
    Reference(usize),
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Key::Text(text) => state.write(text.as_bytes()),
            Key::Number(kind, number) => {
                state.write_u8(*kind);
                state.write_i64(*number);
            }
            Key::Bytes(bytes) => state.write(bytes),
            Key::Reference(address) => state.write_usize(*address),
        }
    }
}

/// A text being looked up, folded on the stack.
struct FoldedText(SmallVec<[u8; 64]>);

impl FoldedText {
    #[inline]
    fn new(text: &str, case_sensitive: bool) -> Self {
        let mut folded = SmallVec::from_slice(text.as_bytes());
        if !case_sensitive {
            if text.is_ascii() {
                folded.make_ascii_uppercase();
            } else {
                folded = text.chars().map(simple_upper).collect::<String>().into_bytes().into();
            }
        }
        FoldedText(folded)
    }

    fn into_key(self) -> Key {
        Key::Text(String::from_utf8(self.0.into_vec()).unwrap_or_default().into_boxed_str())
    }
}

impl Hash for FoldedText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

impl Equivalent<Key> for FoldedText {
    fn equivalent(&self, key: &Key) -> bool {
        matches!(key, Key::Text(text) if text.as_bytes() == self.0.as_slice())
    }
}

fn bytes(kind: TypeRef, more: &[u8]) -> Key {
    let mut form = (std::ptr::from_ref(kind.info()) as usize).to_le_bytes().to_vec();
    form.extend_from_slice(more);
    Key::Bytes(form.into_boxed_slice())
}

fn address<T: ?Sized>(shared: &Rc<T>) -> Key {
    Key::Reference(Rc::as_ptr(shared).cast::<()>() as usize)
}

impl Key {
    /// The key of a value.
    pub fn of(value: &Value, case_sensitive: bool) -> Key {
        match value {
            Value::Null | Value::Nothing => Key::Number(0, 0),
            Value::Bool(v) => Key::Number(1, i64::from(*v)),
            Value::Char(v) => Key::Number(2, i64::from(*v)),
            Value::I8(v) => Key::Number(3, i64::from(*v)),
            Value::U8(v) => Key::Number(4, i64::from(*v)),
            Value::I16(v) => Key::Number(5, i64::from(*v)),
            Value::U16(v) => Key::Number(6, i64::from(*v)),
            Value::I32(v) => Key::Number(7, i64::from(*v)),
            Value::U32(v) => Key::Number(8, i64::from(*v)),
            Value::I64(v) => Key::Number(9, *v),
            Value::U64(v) => Key::Number(10, *v as i64),
            Value::F32(v) => Key::Number(11, i64::from((v + 0.0).to_bits())),
            Value::F64(v) => Key::Number(12, (v + 0.0).to_bits() as i64),
            Value::DateTime(v) => Key::Number(13, v.ticks()),
            Value::TimeSpan(v) => Key::Number(14, v.0),
            Value::Enum(v) => bytes(v.kind, &v.bits.to_le_bytes()),
            Value::Decimal(v) => {
                let mut form = vec![15];
                form.extend_from_slice(&v.normalize().serialize());
                Key::Bytes(form.into_boxed_slice())
            }
            Value::BigInt(v) => {
                let mut form = vec![16];
                form.extend_from_slice(&v.to_signed_bytes_le());
                Key::Bytes(form.into_boxed_slice())
            }
            Value::Str(v) => FoldedText::new(v, case_sensitive).into_key(),
            Value::Type(v) => Key::Reference(std::ptr::from_ref(v.info()) as usize),
            Value::Array(v) => address(v),
            Value::Hashtable(v) => address(v),
            Value::Object(v) => address(v),
            Value::ScriptBlock(v) => address(v),
            Value::Error(v) => address(v),
            Value::Exception(v) => address(v),
            Value::Native(v) => match v.data.key() {
                Some(form) => bytes(v.data.kind(), &form),
                None => address(v),
            },
            Value::Wrapped(v) => Key::of(&v.base, case_sensitive),
        }
    }
}

impl Hashtable {
    /// An empty `Hashtable`.
    pub fn plain() -> Rc<Self> {
        Rc::new(Self::default())
    }

    /// An empty `OrderedDictionary`, as `[ordered]@{}` makes it.
    pub fn ordered() -> Rc<Self> {
        Rc::new(Self { ordered: true, ..Self::default() })
    }

    /// An empty table of either kind.
    pub fn empty(ordered: bool, case_sensitive: bool) -> Rc<Self> {
        Rc::new(Self { ordered, case_sensitive, ..Self::default() })
    }

    /// An empty table whose new entries take the place of removed ones.
    pub fn reusing_slots(case_sensitive: bool) -> Rc<Self> {
        Rc::new(Self { case_sensitive, reuses_slots: true, ..Self::default() })
    }

    /// A table with these entries; a later one replaces an earlier one of the same key.
    pub fn from_pairs(ordered: bool, pairs: impl IntoIterator<Item = (Value, Value)>) -> Rc<Self> {
        let table = Self::empty(ordered, false);
        for (key, value) in pairs {
            table.insert(key, value);
        }
        table
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }

    /// The number of the entry under a key.
    #[inline]
    fn find(&self, key: &Value) -> Option<usize> {
        let entries = self.entries.borrow();
        match key {
            Value::Str(text) => entries.get_index_of(&FoldedText::new(text, self.case_sensitive)),
            other => entries.get_index_of(&Key::of(other, self.case_sensitive)),
        }
    }

    /// The value under a key.
    #[inline]
    pub fn get(&self, key: &Value) -> Option<Value> {
        match key {
            Value::Str(text) => self.get_text(text),
            other => {
                let entries = self.entries.borrow();
                entries.get(&Key::of(other, self.case_sensitive)).map(|(_, value)| value.clone())
            }
        }
    }

    /// The value under a text key.
    #[inline]
    pub fn get_text(&self, key: &str) -> Option<Value> {
        let entries = self.entries.borrow();
        entries.get(&FoldedText::new(key, self.case_sensitive)).map(|(_, value)| value.clone())
    }

    /// True where the key is there.
    pub fn contains(&self, key: &Value) -> bool {
        self.find(key).is_some()
    }

    /// True where the text key is there.
    pub fn contains_text(&self, key: &str) -> bool {
        self.entries.borrow().contains_key(&FoldedText::new(key, self.case_sensitive))
    }

    /// Sets an entry; an existing one keeps its place and its key as first written. Gives the old value.
    #[inline]
    pub fn insert(&self, key: Value, value: Value) -> Option<Value> {
        let found = self.find(&key);
        let mut entries = self.entries.borrow_mut();
        match found.and_then(|index| entries.get_index_mut(index)) {
            Some((_, (_, old))) => {
                self.changes.set(self.changes.get().wrapping_add(1));
                Some(std::mem::replace(old, value))
            }
            None => {
                drop(entries);
                self.append(key, value);
                None
            }
        }
    }

    /// Adds an entry under a key that is not there yet.
    #[inline]
    fn append(&self, key: Value, value: Value) {
        self.additions.set(self.additions.get().wrapping_add(1));
        let form = Key::of(&key, self.case_sensitive);
        let mut entries = self.entries.borrow_mut();
        match self.take_free_place() {
            Some(place) if place < entries.len() => drop(entries.shift_insert(place, form, (key, value))),
            _ => drop(entries.insert(form, (key, value))),
        }
    }

    /// The place among the entries of the slot that was freed last.
    #[inline]
    fn take_free_place(&self) -> Option<usize> {
        let mut free = self.free.borrow_mut();
        let slot = free.pop()?;
        Some(slot - free.iter().filter(|other| **other < slot).count())
    }

    /// Notes that the entry at a place went: its slot is its place and the free slots before it.
    fn note_free(&self, place: usize) {
        let mut free = self.free.borrow_mut();
        let mut sorted = free.clone();
        sorted.sort_unstable();
        let slot = sorted.iter().fold(place, |slot, other| slot + usize::from(*other <= slot));
        free.push(slot);
        if free.len() > MOST_FREE {
            free.clear();
        }
    }

    /// A number that changes with every change that makes enumerating the table fail.
    pub fn generation(&self) -> u32 {
        let changes = if self.reuses_slots { 0 } else { self.changes.get() };
        self.additions.get().wrapping_add(changes)
    }

    /// Sets an entry under a text key.
    pub fn insert_text(&self, key: impl Into<Str>, value: Value) -> Option<Value> {
        self.insert(Value::Str(key.into()), value)
    }

    /// Adds an entry; false where the key is there already.
    pub fn add(&self, key: Value, value: Value) -> bool {
        let absent = self.find(&key).is_none();
        if absent {
            self.append(key, value);
        }
        absent
    }

    /// Puts an entry at a place (`OrderedDictionary.Insert`); false where the key is there or the place is not.
    pub fn insert_at(&self, index: usize, key: Value, value: Value) -> bool {
        let fits = index <= self.len() && self.find(&key).is_none();
        if fits {
            self.additions.set(self.additions.get().wrapping_add(1));
            self.entries.borrow_mut().shift_insert(index, Key::of(&key, self.case_sensitive), (key, value));
        }
        fits
    }

    /// Takes an entry out.
    pub fn remove(&self, key: &Value) -> Option<Value> {
        let index = self.find(key)?;
        self.remove_at(index)
    }

    /// Takes the entry at a place out.
    pub fn remove_at(&self, index: usize) -> Option<Value> {
        let (_, (_, value)) = self.entries.borrow_mut().shift_remove_index(index)?;
        self.changes.set(self.changes.get().wrapping_add(1));
        if self.reuses_slots {
            self.note_free(index);
        }
        Some(value)
    }

    /// Takes everything out.
    pub fn clear(&self) {
        self.changes.set(self.changes.get().wrapping_add(1));
        self.free.borrow_mut().clear();
        self.entries.borrow_mut().clear();
    }

    /// The entry at a place.
    pub fn entry_at(&self, index: usize) -> Option<(Value, Value)> {
        self.entries.borrow().get_index(index).map(|(_, entry)| entry.clone())
    }

    /// Sets the value at a place; false where there is none.
    pub fn set_at(&self, index: usize, value: Value) -> bool {
        match self.entries.borrow_mut().get_index_mut(index) {
            Some((_, entry)) => {
                self.changes.set(self.changes.get().wrapping_add(1));
                entry.1 = value;
                true
            }
            None => false,
        }
    }

    /// The keys as first written.
    pub fn keys(&self) -> Vec<Value> {
        self.entries.borrow().values().map(|(key, _)| key.clone()).collect()
    }

    /// The values.
    pub fn values(&self) -> Vec<Value> {
        self.entries.borrow().values().map(|(_, value)| value.clone()).collect()
    }

    /// Keys and values.
    pub fn pairs(&self) -> Vec<(Value, Value)> {
        self.entries.borrow().values().cloned().collect()
    }

    /// A table of its own with the same entries.
    pub fn copy(&self) -> Rc<Self> {
        Rc::new(Self {
            entries: RefCell::new(self.entries.borrow().clone()),
            ordered: self.ordered,
            case_sensitive: self.case_sensitive,
            reuses_slots: self.reuses_slots,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_types() {
        let table = Hashtable::plain();
        table.insert(1.into(), "int".into());
        table.insert("1".into(), "text".into());
        table.insert("Key".into(), 1.into());
        assert_eq!(table.len(), 3);
        assert!(table.get(&1i64.into()).is_none());
        assert!(matches!(table.get_text("KEY"), Some(Value::I32(1))));
        assert!(!table.add("kEY".into(), 2.into()));
        assert!(matches!(table.insert("KEY".into(), 5.into()), Some(Value::I32(1))));
        assert!(matches!(table.keys().last(), Some(Value::Str(key)) if &**key == "Key"));
        assert!(table.remove(&"key".into()).is_some());
        assert_eq!(table.len(), 2);
    }

    #[test]
    fn case_sensitive_tables() {
        let table = Hashtable::empty(false, true);
        table.insert("a".into(), 1.into());
        table.insert("A".into(), 2.into());
        assert_eq!(table.len(), 2);
        let folded = Hashtable::plain();
        folded.insert("É".into(), 1.into());
        assert!(folded.contains_text("é"));
    }
}
