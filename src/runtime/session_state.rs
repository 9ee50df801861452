//! Session states: where functions and variables of the session, or of one module, live.

use super::scope::Frame;
use super::symbol::Symbol;
use crate::value::{Str, TypeRef, Value};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// The session's own state, or one module's.
pub(crate) struct SessionState {
    /// Its outermost scope: global, or the module's own (whose parent is global).
    pub(crate) frame: OnceCell<Rc<Frame>>,
    /// The scope that its code was in when it last called code of another state; new scopes hang below it.
    pub(crate) current: RefCell<Option<Rc<Frame>>>,
    /// Classes and enumerations declared by its code.
    pub(crate) types: RefCell<FxHashMap<Symbol, TypeRef>>,
    /// The module; `None` for the session itself.
    pub(crate) module: Option<Rc<Module>>,
}

/// A module.
pub(crate) struct Module {
    /// Its name.
    pub(crate) name: RefCell<Str>,
    /// The file it came from.
    pub(crate) path: RefCell<Str>,
    /// `Version`.
    pub(crate) version: RefCell<Str>,
    /// Further facts by name: manifest data and what Get-Module shows.
    pub(crate) properties: RefCell<indexmap::IndexMap<Str, Value>>,
    /// What `Export-ModuleMember` said; `None` before it was called.
    pub(crate) exports: RefCell<Option<Exports>>,
    /// Its session state.
    pub(crate) state: OnceCell<Rc<SessionState>>,
    /// Modules it imported.
    pub(crate) nested: RefCell<Vec<Rc<Module>>>,
    /// Its object, once a script saw it.
    pub(crate) object: RefCell<Option<Value>>,
}

/// Names (with wildcards) that a module lets out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exports {
    /// Functions.
    pub(crate) functions: Vec<Str>,
    /// Cmdlets.
    pub(crate) cmdlets: Vec<Str>,
    /// Variables.
    pub(crate) variables: Vec<Str>,
    /// Aliases.
    pub(crate) aliases: Vec<Str>,
}

impl SessionState {
    /// A state without frame; the frame is set right after, since each refers to the other.
    pub(crate) fn new(module: Option<Rc<Module>>) -> Rc<Self> {
        Rc::new(SessionState { frame: OnceCell::new(), current: RefCell::new(None), types: RefCell::default(), module })
    }
}
