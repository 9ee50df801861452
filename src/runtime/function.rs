//! Functions and filters as they are stored in scopes.

use super::scope::Options;
use super::session_state::SessionState;
use crate::value::{ScriptBlock, Str, Value};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// A function, filter, or script file that can be called by name.
pub struct FunctionInfo {
    /// Its name as written, without a scope.
    pub name: Str,
    /// Its body. The compiled form, with the signature for the binder, is kept in the block.
    pub block: Rc<ScriptBlock>,
    /// The state it runs in.
    pub home: Rc<SessionState>,
    /// Read-only and the like.
    pub options: Cell<Options>,
    /// True for a script file.
    pub is_script: bool,
    /// `.Description`.
    pub description: RefCell<Option<Str>>,
    /// The command object that scripts see, made once.
    pub object: OnceCell<Value>,
}

impl FunctionInfo {
    /// A function of a session state.
    pub fn new(name: impl Into<Str>, block: Rc<ScriptBlock>, home: Rc<SessionState>) -> Rc<Self> {
        Rc::new(FunctionInfo {
            name: name.into(),
            block,
            home,
            options: Cell::new(Options::NONE),
            is_script: false,
            description: RefCell::new(None),
            object: OnceCell::new(),
        })
    }
}
