//! .NET arrays: an element type and items. Fixed length to scripts, shared by reference.

use super::{TypeRef, Value};
use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

/// A one-dimensional array. Items of a typed array are always already of its element type.
#[derive(Debug)]
pub struct Array {
    /// The element type: `TypeRef::OBJECT` for `Object[]`.
    pub element: TypeRef,
    items: RefCell<Vec<Value>>,
    /// Sizes per dimension where there are several (`[int[,]]::new(2,3)`), row-major; empty otherwise.
    pub dimensions: Vec<u32>,
    /// Members added by scripts.
    pub extension: super::object::ExtensionSlot,
}

/// The items of an array while they are being looked at.
pub type Items<'a> = Ref<'a, Vec<Value>>;

impl Array {
    /// An `Object[]`.
    pub fn objects(items: Vec<Value>) -> Rc<Self> {
        Self::typed(TypeRef::OBJECT, items)
    }

    /// An array of an element type; the items must already be of it.
    pub fn typed(element: TypeRef, items: Vec<Value>) -> Rc<Self> {
        Rc::new(Self { element, items: RefCell::new(items), dimensions: Vec::new(), extension: Default::default() })
    }

    /// An array of several dimensions, row-major; of one where `dimensions` is empty.
    pub fn with_dimensions(element: TypeRef, items: Vec<Value>, dimensions: Vec<u32>) -> Self {
        Self { element, items: RefCell::new(items), dimensions, extension: Default::default() }
    }

    /// Reads the items. Do not call back into scripts while holding this.
    pub fn items(&self) -> Items<'_> {
        self.items.borrow()
    }

    /// Changes items in place. Do not call back into scripts while holding this.
    pub fn items_mut(&self) -> RefMut<'_, Vec<Value>> {
        self.items.borrow_mut()
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// True without items.
    pub fn is_empty(&self) -> bool {
        self.items.borrow().is_empty()
    }

    /// The item at `index`, cloned.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.items.borrow().get(index).cloned()
    }
}
