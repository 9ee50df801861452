//! Hashtables, `[ordered]` or not: keys keep their own type, texts compare without case.

mod entries;

use super::bucket_order::{self, Buckets};
use super::collate::simple_upper as folds_to;
use super::object::ExtensionSlot;
use super::{Str, TypeRef, Value};
use entries::{Entries, Removal};
use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A hashtable, `[ordered]` or not. Keys keep their own type; string keys compare without case unless `case_sensitive`.
/// Entries stay in the order they came in both kinds; where .NET's own order for plain tables is not random from run to run, as it
/// is with text keys, `buckets` says it.
#[derive(Debug, Default)]
pub struct Hashtable {
    entries: RefCell<Entries>,
    /// `[ordered]`.
    pub(crate) ordered: bool,
    /// Made with an ordinal comparer.
    pub(crate) case_sensitive: bool,
    /// An `OrderedHashtable`: a plain table, by its name one that keeps the order.
    pub(crate) keeps_order: bool,
    /// A type derived from `Hashtable`.
    pub(crate) kind: Option<TypeRef>,
    /// Members added by scripts.
    pub(crate) extension: ExtensionSlot,
    /// How often an entry was added.
    additions: Cell<u32>,
    /// How often an entry was removed or got another value.
    changes: Cell<u32>,
    /// New entries take the place of removed ones, the last freed first, as in `Dictionary[K,V]`.
    reuses_slots: bool,
    /// How many buckets .NET would have given the table when it was made, and now; zero where the order is that of insertion.
    sizes: Cell<(u32, u32)>,
    /// With that many entries a change concerns the buckets.
    limit: Cell<u32>,
    /// The buckets, kept from the first removal on; every change concerns them then.
    buckets: RefCell<Option<Box<Buckets>>>,
}

/// What a hashtable is keyed by: made from a key value, upper-cased where the table ignores case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
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

fn folded_text(text: &str, case_sensitive: bool) -> Box<str> {
    match (case_sensitive, text.is_ascii()) {
        (true, _) => text.into(),
        (false, true) => text.to_ascii_uppercase().into_boxed_str(),
        (false, false) => text.chars().map(folds_to).collect::<String>().into_boxed_str(),
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
    pub(crate) fn of(value: &Value, case_sensitive: bool) -> Key {
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
            Value::Str(v) => Key::Text(folded_text(v, case_sensitive)),
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
        Self::sized(false, 0)
    }

    /// An empty `Hashtable` with room for some entries.
    pub(crate) fn sized(case_sensitive: bool, capacity: usize) -> Rc<Self> {
        let entries = RefCell::new(Entries::new(Removal::Leaves, case_sensitive));
        let table = Self { entries, case_sensitive, ..Self::default() };
        table.set_size(bucket_order::initial_size(capacity));
        Rc::new(table)
    }

    /// What `$PSDefaultParameterValues` is at first.
    pub(crate) fn parameter_defaults() -> Rc<Self> {
        let table = Self { kind: Some(TypeRef::DEFAULT_PARAMETER_DICTIONARY), ..Self::default() };
        table.set_size(bucket_order::initial_size(0));
        Rc::new(table)
    }

    fn set_size(&self, size: u32) {
        self.sizes.set((size, size));
        self.limit.set(bucket_order::limit(size));
    }

    /// An empty `OrderedDictionary`, as `[ordered]@{}` makes it.
    pub(crate) fn ordered() -> Rc<Self> {
        Self::empty(true, false)
    }

    /// An empty table of either kind.
    pub(crate) fn empty(ordered: bool, case_sensitive: bool) -> Rc<Self> {
        if !ordered {
            return Self::sized(case_sensitive, 0);
        }
        let entries = RefCell::new(Entries::new(Removal::Closes, case_sensitive));
        Rc::new(Self { entries, ordered, case_sensitive, ..Self::default() })
    }

    /// An empty table that is no `Hashtable`: it keeps the order of insertion.
    pub(crate) fn in_order(case_sensitive: bool) -> Rc<Self> {
        let entries = RefCell::new(Entries::new(Removal::Leaves, case_sensitive));
        Rc::new(Self { entries, case_sensitive, ..Self::default() })
    }

    /// An empty table whose new entries take the place of removed ones.
    pub(crate) fn reusing_slots(case_sensitive: bool) -> Rc<Self> {
        Rc::new(Self {
            entries: RefCell::new(Entries::new(Removal::Frees, case_sensitive)),
            case_sensitive,
            reuses_slots: true,
            ..Self::default()
        })
    }

    /// A table with these entries; a later one replaces an earlier one of the same key.
    pub(crate) fn from_pairs(ordered: bool, pairs: impl IntoIterator<Item = (Value, Value)>) -> Rc<Self> {
        let pairs = pairs.into_iter();
        let table = if ordered { Self::ordered() } else { Self::sized(false, pairs.size_hint().0) };
        for (key, value) in pairs {
            table.insert(key, value);
        }
        table
    }

    /// Number of entries.
    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// True without entries.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under a key.
    #[inline]
    pub(crate) fn get(&self, key: &Value) -> Option<Value> {
        let entries = self.entries.borrow();
        let (_, value) = entries.row(entries.find(key)?)?;
        Some(value.clone())
    }

    /// The value under a text key.
    #[inline]
    pub(crate) fn get_text(&self, key: &str) -> Option<Value> {
        let entries = self.entries.borrow();
        let (_, value) = entries.row(entries.find_text(key)?)?;
        Some(value.clone())
    }

    /// True where the key is there.
    pub(crate) fn contains(&self, key: &Value) -> bool {
        self.entries.borrow().find(key).is_some()
    }

    /// True where the text key is there.
    pub(crate) fn contains_text(&self, key: &str) -> bool {
        self.entries.borrow().find_text(key).is_some()
    }

    /// Sets an entry; an existing one keeps its place and its key as first written. Gives the old value.
    #[inline]
    pub(crate) fn insert(&self, key: Value, value: Value) -> Option<Value> {
        let mut entries = self.entries.borrow_mut();
        let found = entries.find(&key);
        self.follow(entries.len(), found.is_none().then_some(&key));
        match found.and_then(|row| entries.row_mut(row)) {
            Some(old) => {
                self.note_change();
                Some(std::mem::replace(old, value))
            }
            None => {
                self.additions.set(self.additions.get().wrapping_add(1));
                entries.push(key, value);
                None
            }
        }
    }

    #[inline]
    fn note_change(&self) {
        self.changes.set(self.changes.get().wrapping_add(1));
    }

    /// A number that changes with every change that makes enumerating the table fail.
    pub(crate) fn generation(&self) -> u32 {
        let changes = if self.reuses_slots { 0 } else { self.changes.get() };
        self.additions.get().wrapping_add(changes)
    }

    /// Sets an entry under a text key.
    pub(crate) fn insert_text(&self, key: impl Into<Str>, value: Value) -> Option<Value> {
        self.insert(Value::Str(key.into()), value)
    }

    /// Adds an entry; false where the key is there already.
    pub(crate) fn add(&self, key: Value, value: Value) -> bool {
        let mut entries = self.entries.borrow_mut();
        let absent = entries.find(&key).is_none();
        if absent {
            self.additions.set(self.additions.get().wrapping_add(1));
            self.follow(entries.len(), Some(&key));
            entries.push(key, value);
        }
        absent
    }

    /// Puts an entry at a place (`OrderedDictionary.Insert`); false where the key is there or the place is not.
    pub(crate) fn insert_at(&self, index: usize, key: Value, value: Value) -> bool {
        let mut entries = self.entries.borrow_mut();
        let fits = index <= entries.len() && entries.find(&key).is_none();
        if fits {
            self.additions.set(self.additions.get().wrapping_add(1));
            let row = entries.row_of(index).unwrap_or(usize::MAX);
            entries.insert(row, key, value);
        }
        fits
    }

    /// Takes an entry out.
    pub(crate) fn remove(&self, key: &Value) -> Option<Value> {
        let row = self.entries.borrow().find(key)?;
        self.remove_row(row)
    }

    /// Takes the entry at a place out.
    pub(crate) fn remove_at(&self, index: usize) -> Option<Value> {
        let row = self.entries.borrow().row_of(index)?;
        self.remove_row(row)
    }

    fn remove_row(&self, row: usize) -> Option<Value> {
        self.keep_buckets();
        let removed = self.entries.borrow_mut().remove(row);
        let (key, value) = removed?;
        if let Some(buckets) = self.buckets.borrow_mut().as_mut() {
            buckets.remove(&Key::of(&key, self.case_sensitive));
        }
        self.note_change();
        Some(value)
    }

    /// What .NET does to the buckets before a change: a full table grows. `added` is a key that comes new.
    #[inline]
    fn follow(&self, count: usize, added: Option<&Value>) {
        if count >= self.limit.get() as usize {
            self.follow_buckets(added);
        }
    }

    #[cold]
    fn follow_buckets(&self, added: Option<&Value>) {
        let (first, size) = self.sizes.get();
        let mut kept = self.buckets.borrow_mut();
        let followed = size != 0
            && match kept.as_mut() {
                None => {
                    let next = bucket_order::next_size(size);
                    self.sizes.set((first, next));
                    self.limit.set(bucket_order::limit(next));
                    next != 0
                }
                Some(buckets) => {
                    let hash = added.map(|key| (key, bucket_order::hash_of(key)));
                    buckets.make_room()
                        && match hash {
                            Some((key, Some(hash))) => {
                                buckets.add(hash, Key::of(key, self.case_sensitive));
                                true
                            }
                            Some((_, None)) => false,
                            None => true,
                        }
                }
            };
        if !followed {
            *kept = None;
            self.sizes.set((0, 0));
            self.limit.set(u32::MAX);
        }
    }

    /// The buckets of a `Hashtable` whose keys all hash to the same in every run, before anything was removed.
    fn replayed(&self) -> Option<Buckets> {
        let (first, size) = self.sizes.get();
        let entries = self.entries.borrow();
        if size == 0 || entries.iter().any(|(key, _)| bucket_order::hash_of(key).is_none()) {
            return None;
        }
        let keys = entries.iter().map(|(key, _)| (Key::of(key, self.case_sensitive), key));
        Buckets::replay(first, size, keys)
    }

    /// From the first removal on the entries do not tell any more where .NET has them.
    fn keep_buckets(&self) {
        if self.sizes.get().1 == 0 || self.buckets.borrow().is_some() {
            return;
        }
        match self.replayed() {
            Some(buckets) => {
                *self.buckets.borrow_mut() = Some(Box::new(buckets));
                self.limit.set(0);
            }
            None => {
                self.sizes.set((0, 0));
                self.limit.set(u32::MAX);
            }
        }
    }

    /// Something of every entry, in the order of enumeration.
    fn enumerated<T>(&self, part: impl Fn(&Value, &Value) -> T) -> Vec<T> {
        let entries = self.entries.borrow();
        let by_key = |buckets: &Buckets| {
            let known = entries.iter().map(|(key, value)| (Key::of(key, self.case_sensitive), (key, value)));
            let known: rustc_hash::FxHashMap<_, _> = known.collect();
            let rows = buckets.keys().filter_map(|key| known.get(key));
            rows.map(|(key, value)| part(key, value)).collect()
        };
        if self.sizes.get().1 != 0 && entries.len() > 1 {
            if let Some(buckets) = self.buckets.borrow().as_ref() {
                return by_key(buckets);
            }
            if let Some(buckets) = self.replayed() {
                return by_key(&buckets);
            }
        }
        entries.iter().map(|(key, value)| part(key, value)).collect()
    }

    /// Takes everything out.
    pub(crate) fn clear(&self) {
        self.note_change();
        *self.buckets.borrow_mut() = None;
        self.set_size(self.sizes.get().1);
        let empty = self.entries.borrow().emptied();
        drop(self.entries.replace(empty));
    }

    /// The entry at a place.
    pub(crate) fn entry_at(&self, index: usize) -> Option<(Value, Value)> {
        let entries = self.entries.borrow();
        entries.row(entries.row_of(index)?).cloned()
    }

    /// Sets the value at a place; false where there is none.
    pub(crate) fn set_at(&self, index: usize, value: Value) -> bool {
        let mut entries = self.entries.borrow_mut();
        let row = entries.row_of(index);
        match row.and_then(|row| entries.row_mut(row)) {
            Some(old) => {
                self.note_change();
                *old = value;
                true
            }
            None => false,
        }
    }

    /// The key under which an equal one is found, as first written.
    pub(crate) fn key_like(&self, key: &Value) -> Option<Value> {
        let entries = self.entries.borrow();
        entries.row(entries.find(key)?).map(|(key, _)| key.clone())
    }

    /// The keys as first written.
    pub(crate) fn keys(&self) -> Vec<Value> {
        self.enumerated(|key, _| key.clone())
    }

    /// The values.
    pub(crate) fn values(&self) -> Vec<Value> {
        self.enumerated(|_, value| value.clone())
    }

    /// Keys and values.
    pub(crate) fn pairs(&self) -> Vec<(Value, Value)> {
        self.enumerated(|key, value| (key.clone(), value.clone()))
    }

    /// An `OrderedHashtable`, as JSON is read into.
    pub(crate) fn keeping_order() -> Rc<Self> {
        Rc::new(Self { case_sensitive: true, keeps_order: true, ..Self::default() })
    }

    /// A table of its own with the same entries.
    pub(crate) fn copy(&self) -> Rc<Self> {
        if self.sizes.get().1 != 0 {
            let copied = Self::sized(self.case_sensitive, self.len());
            for (key, value) in self.pairs() {
                copied.insert(key, value);
            }
            return copied;
        }
        Rc::new(Self {
            entries: self.entries.clone(),
            ordered: self.ordered,
            case_sensitive: self.case_sensitive,
            keeps_order: self.keeps_order,
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
