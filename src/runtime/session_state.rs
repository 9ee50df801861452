//! Session states: where functions and variables of the session, or of one module, live.

use super::scope::Frame;
use super::symbol::Symbol;
use crate::value::{Str, TypeRef, Value};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// The session's own state, or one module's.
pub struct SessionState {
    /// Its outermost scope: global, or the module's own (whose parent is global).
    pub frame: OnceCell<Rc<Frame>>,
    /// The scope that its code was in when it last called code of another state; new scopes hang below it.
    pub current: RefCell<Option<Rc<Frame>>>,
    /// Classes and enumerations declared by its code.
    pub types: RefCell<FxHashMap<Symbol, TypeRef>>,
    /// The module; `None` for the session itself.
    pub module: Option<Rc<Module>>,
}

/// A module.
pub struct Module {
    /// Its name.
    pub name: RefCell<Str>,
    /// The file it came from.
    pub path: RefCell<Str>,
    /// True for one made by `New-Module` or a closure, without a file.
    pub dynamic: Cell<bool>,
    /// `Version`.
    pub version: RefCell<Str>,
    /// Further facts by name: manifest data and what Get-Module shows.
    pub properties: RefCell<indexmap::IndexMap<Str, Value>>,
    /// What `Export-ModuleMember` said; `None` before it was called.
    pub exports: RefCell<Option<Exports>>,
    /// Its session state.
    pub state: OnceCell<Rc<SessionState>>,
    /// Modules it imported.
    pub nested: RefCell<Vec<Rc<Module>>>,
    /// Its object, once a script saw it.
    pub object: RefCell<Option<Value>>,
    /// `OnRemove`.
    pub on_remove: RefCell<Option<Rc<crate::value::ScriptBlock>>>,
}

/// Names (with wildcards) that a module lets out.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// Functions.
    pub functions: Vec<Str>,
    /// Cmdlets.
    pub cmdlets: Vec<Str>,
    /// Variables.
    pub variables: Vec<Str>,
    /// Aliases.
    pub aliases: Vec<Str>,
}

impl SessionState {
    /// A state without frame; the frame is set right after, since each refers to the other.
    pub fn new(module: Option<Rc<Module>>) -> Rc<Self> {
        Rc::new(SessionState { frame: OnceCell::new(), current: RefCell::new(None), types: RefCell::default(), module })
    }
}
