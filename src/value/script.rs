//! Script blocks as values: syntax, text, and two slots that the runtime storey fills.

use crate::syntax;
use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// A script block: code that can be passed around. The runtime keeps its compiled form and its home
/// (module or session state) here without this storey knowing their types.
pub struct ScriptBlock {
    /// What was written.
    pub(crate) ast: Rc<syntax::ScriptBlock>,
    /// The text it stands in.
    pub(crate) source: Rc<syntax::Source>,
    /// True for a `filter`: the unnamed body is a process block.
    pub(crate) is_filter: bool,
    /// The compiled form, made when first run.
    pub(crate) compiled: OnceCell<Rc<dyn Any>>,
    /// Module, session state or captured variables this block runs in.
    pub(crate) home: RefCell<Option<Rc<dyn Any>>>,
    /// Parameters written after a function's name, where there are any.
    pub(crate) function: Option<Rc<syntax::Function>>,
}

impl ScriptBlock {
    /// A block as written in a source.
    pub(crate) fn new(ast: Rc<syntax::ScriptBlock>, source: Rc<syntax::Source>) -> Rc<Self> {
        Rc::new(Self {
            ast,
            source,
            is_filter: false,
            compiled: OnceCell::new(),
            home: RefCell::new(None),
            function: None,
        })
    }

    /// The text between the braces, which is what `ToString()` gives.
    pub(crate) fn text(&self) -> &str {
        self.source.slice(self.ast.span)
    }
}

impl std::fmt::Debug for ScriptBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{{}}}", self.text())
    }
}
