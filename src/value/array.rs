//! .NET arrays: an element type and items. Fixed length to scripts, shared by reference.
//!
//! Booleans, bytes, integers and doubles stand side by side in their own size for as long as nobody asks for them as
//! values: a sieve's flags or a file's bytes take a sixteenth of the room.

use super::{TypeRef, Value};
use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

/// A one-dimensional array. Items of a typed array are always already of its element type.
#[derive(Debug)]
pub struct Array {
    /// The element type: `TypeRef::OBJECT` for `Object[]`.
    pub(crate) element: TypeRef,
    store: RefCell<Store>,
    /// Sizes per dimension where there are several (`[int[,]]::new(2,3)`), row-major; empty otherwise.
    pub(crate) dimensions: Vec<u32>,
    /// Members added by scripts.
    pub(crate) extension: super::object::ExtensionSlot,
}

/// How the items stand in memory: as values, or packed and no values.
#[derive(Debug)]
struct Store {
    packed: Packed,
    values: Vec<Value>,
}

#[derive(Debug)]
enum Packed {
    Not,
    Booleans(Vec<bool>),
    Bytes(Vec<u8>),
    Integers(Vec<i32>),
    Doubles(Vec<f64>),
}

/// Runs the same code over the items however they stand, with a way to make a value of an item.
macro_rules! each_item {
    ($store:expr, $items:ident, $wrap:ident => $code:expr) => {{
        let store = $store;
        match &store.packed {
            Packed::Not => {
                let ($items, $wrap) = (&store.values, Value::clone);
                $code
            }
            Packed::Booleans($items) => {
                let $wrap = |item: &bool| Value::Bool(*item);
                $code
            }
            Packed::Bytes($items) => {
                let $wrap = |item: &u8| Value::U8(*item);
                $code
            }
            Packed::Integers($items) => {
                let $wrap = |item: &i32| Value::I32(*item);
                $code
            }
            Packed::Doubles($items) => {
                let $wrap = |item: &f64| Value::F64(*item);
                $code
            }
        }
    }};
}

impl Store {
    /// Items of an element type, in their own size where all of them have one.
    fn of(element: TypeRef, values: Vec<Value>) -> Store {
        fn pack<T>(values: &[Value], unwrap: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
            values.iter().map(unwrap).collect()
        }
        let packed = match element {
            _ if element == TypeRef::BOOLEAN => pack(&values, boolean).map(Packed::Booleans),
            _ if element == TypeRef::BYTE => pack(&values, byte).map(Packed::Bytes),
            _ if element == TypeRef::INT32 => pack(&values, integer).map(Packed::Integers),
            _ if element == TypeRef::DOUBLE => pack(&values, double).map(Packed::Doubles),
            _ => None,
        };
        match packed {
            Some(packed) => Store { packed, values: Vec::new() },
            None => Store { packed: Packed::Not, values },
        }
    }

    fn is_packed(&self) -> bool {
        !matches!(self.packed, Packed::Not)
    }

    /// The items as values, for those who want to look at them or to change them as such.
    fn unpack(&mut self) -> &mut Vec<Value> {
        if self.is_packed() {
            self.values = each_item!(&*self, items, wrap => items.iter().map(wrap).collect());
            self.packed = Packed::Not;
        }
        &mut self.values
    }
}

fn boolean(value: &Value) -> Option<bool> {
    if let Value::Bool(item) = value { Some(*item) } else { None }
}

fn byte(value: &Value) -> Option<u8> {
    if let Value::U8(item) = value { Some(*item) } else { None }
}

fn integer(value: &Value) -> Option<i32> {
    if let Value::I32(item) = value { Some(*item) } else { None }
}

fn double(value: &Value) -> Option<f64> {
    if let Value::F64(item) = value { Some(*item) } else { None }
}

/// The items of an array while they are being looked at.
pub(crate) type Items<'a> = Ref<'a, Vec<Value>>;

impl Array {
    /// An `Object[]`.
    pub(crate) fn objects(items: Vec<Value>) -> Rc<Self> {
        Self::make(TypeRef::OBJECT, Store { packed: Packed::Not, values: items })
    }

    /// An array of an element type; the items must already be of it.
    pub(crate) fn typed(element: TypeRef, items: Vec<Value>) -> Rc<Self> {
        Self::make(element, Store::of(element, items))
    }

    /// A `byte[]`.
    pub(crate) fn bytes(items: Vec<u8>) -> Rc<Self> {
        Self::make(TypeRef::BYTE, Store { packed: Packed::Bytes(items), values: Vec::new() })
    }

    fn make(element: TypeRef, store: Store) -> Rc<Self> {
        Rc::new(Self { element, store: RefCell::new(store), dimensions: Vec::new(), extension: Default::default() })
    }

    /// An array with the same value everywhere: what `::new(size)` makes. Several dimensions as below.
    pub(crate) fn filled(element: TypeRef, blank: Value, len: usize, dimensions: Vec<u32>) -> Self {
        let (packed, values) = match blank {
            Value::Bool(item) => (Packed::Booleans(vec![item; len]), Vec::new()),
            Value::U8(item) => (Packed::Bytes(vec![item; len]), Vec::new()),
            Value::I32(item) => (Packed::Integers(vec![item; len]), Vec::new()),
            Value::F64(item) => (Packed::Doubles(vec![item; len]), Vec::new()),
            blank => (Packed::Not, vec![blank; len]),
        };
        Self { element, store: RefCell::new(Store { packed, values }), dimensions, extension: Default::default() }
    }

    /// An array of several dimensions, row-major; of one where `dimensions` is empty.
    pub(crate) fn with_dimensions(element: TypeRef, items: Vec<Value>, dimensions: Vec<u32>) -> Self {
        let store = RefCell::new(Store::of(element, items));
        Self { element, store, dimensions, extension: Default::default() }
    }

    /// Reads the items as values. Do not call back into scripts while holding this. What wants one item, or a copy of
    /// all, asks with [`Array::get`] and [`Array::values`], which leave small items packed.
    pub(crate) fn items(&self) -> Items<'_> {
        let packed = self.store.borrow().is_packed();
        if packed {
            self.store.borrow_mut().unpack();
        }
        Ref::map(self.store.borrow(), |store| &store.values)
    }

    /// Changes items in place, as values. Do not call back into scripts while holding this.
    pub(crate) fn items_mut(&self) -> RefMut<'_, Vec<Value>> {
        RefMut::map(self.store.borrow_mut(), Store::unpack)
    }

    /// A copy of all items.
    pub(crate) fn values(&self) -> Vec<Value> {
        each_item!(&*self.store.borrow(), items, wrap => items.iter().map(wrap).collect())
    }

    /// The bytes of a `byte[]`; `None` for any other array.
    pub(crate) fn to_bytes(&self) -> Option<Vec<u8>> {
        let store = self.store.borrow();
        match &store.packed {
            Packed::Bytes(bytes) => Some(bytes.clone()),
            Packed::Not if self.element == TypeRef::BYTE => store.values.iter().map(byte).collect(),
            _ => None,
        }
    }

    /// Number of items.
    pub(crate) fn len(&self) -> usize {
        each_item!(&*self.store.borrow(), items, _wrap => items.len())
    }

    /// True without items.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, cloned.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<Value> {
        each_item!(&*self.store.borrow(), items, wrap => items.get(index).map(wrap))
    }

    /// Looks at the item at `index`. Do not call back into scripts meanwhile.
    #[inline]
    pub(crate) fn with<R>(&self, index: usize, look: impl FnOnce(&Value) -> R) -> Option<R> {
        let store = self.store.borrow();
        match &store.packed {
            Packed::Not => store.values.get(index).map(look),
            Packed::Booleans(items) => items.get(index).map(|item| look(&Value::Bool(*item))),
            Packed::Bytes(items) => items.get(index).map(|item| look(&Value::U8(*item))),
            Packed::Integers(items) => items.get(index).map(|item| look(&Value::I32(*item))),
            Packed::Doubles(items) => items.get(index).map(|item| look(&Value::F64(*item))),
        }
    }

    /// Puts a value at `index` where it is of the element type as it stands; gives it back where it is not, or where
    /// there is no such place.
    #[inline]
    pub(crate) fn put(&self, index: usize, value: Value) -> Result<(), Value> {
        let fits = self.element == TypeRef::OBJECT
            || TypeRef::of(&value) == self.element && !matches!(value, Value::Null | Value::Wrapped(_));
        if fits { self.set(index, value) } else { Err(value) }
    }

    /// Puts a value that is converted to the element type at `index`; gives it back where there is no such place.
    pub(crate) fn set(&self, index: usize, value: Value) -> Result<(), Value> {
        fn place<T>(items: &mut [T], index: usize, item: Option<T>) -> bool {
            match (items.get_mut(index), item) {
                (Some(place), Some(item)) => {
                    *place = item;
                    true
                }
                _ => false,
            }
        }
        let mut store = self.store.borrow_mut();
        let done = match &mut store.packed {
            Packed::Not => {
                let Some(place) = store.values.get_mut(index) else { return Err(value) };
                let old = std::mem::replace(place, value);
                // What the old value holds may be this array's last other owner.
                drop(store);
                drop(old);
                return Ok(());
            }
            Packed::Booleans(items) => place(items, index, boolean(&value)),
            Packed::Bytes(items) => place(items, index, byte(&value)),
            Packed::Integers(items) => place(items, index, integer(&value)),
            Packed::Doubles(items) => place(items, index, double(&value)),
        };
        if done { Ok(()) } else { Err(value) }
    }
}
