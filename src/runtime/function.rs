//! Functions and filters as they are stored in scopes.

use super::scope::Options;
use super::session_state::SessionState;
use crate::value::{ScriptBlock, Str, Value};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// A function, filter, or script file that can be called by name.
pub(crate) struct FunctionInfo {
    /// Its name as written, without a scope.
    pub(crate) name: Str,
    /// Its body. The compiled form, with the signature for the binder, is kept in the block.
    pub(crate) block: Rc<ScriptBlock>,
    /// The state it runs in.
    pub(crate) home: Rc<SessionState>,
    /// Read-only and the like.
    pub(crate) options: Cell<Options>,
    /// True for a script file.
    pub(crate) is_script: bool,
    /// The command object that scripts see, made once.
    pub(crate) object: OnceCell<Value>,
}

impl FunctionInfo {
    /// A function of a session state.
    pub(crate) fn new(name: impl Into<Str>, block: Rc<ScriptBlock>, home: Rc<SessionState>) -> Rc<Self> {
        Rc::new(FunctionInfo {
            name: name.into(),
            block,
            home,
            options: Cell::new(Options::NONE),
            is_script: false,
            object: OnceCell::new(),
        })
    }
}
