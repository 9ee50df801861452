//! Scopes: layouts that give names their slots, frames that hold the slots, variables with more than a value.

use super::function::FunctionInfo;
use super::session_state::SessionState;
use super::streams::CommandContext;
use super::symbol::Symbol;
use crate::value::{Str, TypeRef, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// Which slot each name has in the frames of one body of code. Grows while code is lowered against it.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    names: RefCell<Vec<Symbol>>,
    slots: RefCell<FxHashMap<Symbol, u32>>,
}

impl Layout {
    /// The slot of a name, where it has one.
    pub(crate) fn find(&self, name: Symbol) -> Option<u32> {
        let names = self.names.borrow();
        if names.len() <= 8 {
            return names.iter().position(|n| *n == name).map(|i| i as u32);
        }
        self.slots.borrow().get(&name).copied()
    }

    /// The slot of a name, new if need be.
    pub(crate) fn slot(&self, name: Symbol) -> u32 {
        if let Some(slot) = self.find(name) {
            return slot;
        }
        let mut names = self.names.borrow_mut();
        let slot = names.len() as u32;
        names.push(name);
        self.slots.borrow_mut().insert(name, slot);
        slot
    }

    /// Number of slots.
    pub(crate) fn len(&self) -> usize {
        self.names.borrow().len()
    }

    /// True without slots.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names in slot order.
    pub(crate) fn names(&self) -> Vec<Symbol> {
        self.names.borrow().clone()
    }
}

/// A place for one variable.
#[derive(Clone, Debug, Default)]
pub(crate) enum Slot {
    /// No variable of that name in this frame.
    #[default]
    Unset,
    /// A variable that is only a value.
    Plain(Value),
    /// A variable with a type, options, checks, or that something refers to.
    Boxed(Rc<Variable>),
}

const _: () = assert!(std::mem::size_of::<Slot>() == 16);

/// `ScopedItemOptions`, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options(pub(crate) u8);

#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
impl Options {
    pub(crate) const NONE: Options = Options(0);
    pub(crate) const READ_ONLY: Options = Options(1);
    pub(crate) const CONSTANT: Options = Options(2);
    pub(crate) const PRIVATE: Options = Options(4);
    pub(crate) const ALL_SCOPE: Options = Options(8);

    /// True where any of `other`'s bits is set.
    pub(crate) fn has(self, other: Options) -> bool {
        self.0 & other.0 != 0
    }
}

/// A check that a variable's attributes make on each assignment: converts or refuses.
pub(crate) type Check = Rc<dyn Fn(&mut super::Session, Value) -> crate::value::Outcome<Value>>;

/// A variable with more than a value.
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: Symbol,
    /// Its value.
    pub(crate) value: RefCell<Value>,
    /// The type it converts to.
    pub(crate) kind: Cell<Option<TypeRef>>,
    /// True where the type stood before a variable, not before a parameter: a refusal is then an error of its own.
    pub(crate) declared: Cell<bool>,
    /// Read-only, constant, private …
    pub(crate) options: Cell<Options>,
    /// What its attributes demand, in order.
    pub(crate) checks: RefCell<Vec<Check>>,
    /// `.Description`.
    pub(crate) description: RefCell<Option<Str>>,
    /// The attributes themselves, as objects, where scripts ask for them.
    pub(crate) attributes: RefCell<Vec<Value>>,
}

impl Variable {
    /// A plain variable.
    pub(crate) fn new(name: Symbol, value: Value) -> Rc<Self> {
        Rc::new(Variable {
            name,
            value: RefCell::new(value),
            kind: Cell::new(None),
            declared: Cell::new(false),
            options: Cell::new(Options::NONE),
            checks: RefCell::new(Vec::new()),
            description: RefCell::new(None),
            attributes: RefCell::new(Vec::new()),
        })
    }

    /// Its value, cloned.
    pub(crate) fn get(&self) -> Value {
        self.value.borrow().clone()
    }
}

impl std::fmt::Debug for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${} = {:?}", self.name.name(), self.value.borrow())
    }
}

/// What kind of scope a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// The outermost of all.
    Global,
    /// A module's own.
    Module,
    /// A script file's.
    Script,
    /// A function's or block's.
    Local,
}

/// Which part of a body a frame is running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Running {
    /// A body without named blocks.
    #[default]
    Body,
    /// The defaults of its parameters.
    Defaults,
    /// `begin`.
    Begin,
    /// `process`.
    Process,
    /// `end`.
    End,
    /// `clean`.
    Clean,
}

/// What a frame has only now and then.
#[derive(Default)]
pub(crate) struct FrameExtra {
    /// Functions defined here.
    pub(crate) functions: RefCell<FxHashMap<Symbol, Rc<FunctionInfo>>>,
    /// Aliases defined here.
    pub(crate) aliases: RefCell<FxHashMap<Symbol, Rc<super::command::AliasInfo>>>,
    /// `Set-StrictMode` in this scope: 0 is off.
    pub(crate) strict: Cell<Option<u8>>,
}

/// A scope at run time.
pub(crate) struct Frame {
    /// Names to slots.
    pub(crate) layout: Rc<Layout>,
    /// The slots; may be fewer than the layout has names.
    pub(crate) slots: RefCell<SmallVec<[Slot; 6]>>,
    /// The scope that is asked next: the caller's, or the module's.
    pub(crate) parent: Option<Rc<Frame>>,
    /// The session state this scope belongs to.
    pub(crate) state: Rc<SessionState>,
    /// What kind of scope.
    pub(crate) kind: FrameKind,
    /// Which part of its body runs.
    pub(crate) running: Cell<Running>,
    /// Arguments that no parameter took: `$args`.
    pub(crate) args: RefCell<SmallVec<[Value; 2]>>,
    /// The running command: `$MyInvocation`, `$PSCmdlet`, `$PSBoundParameters`; `None` in plain calls until asked.
    pub(crate) context: RefCell<Option<Rc<CommandContext>>>,
    /// The function or script being run.
    pub(crate) function: Option<Rc<FunctionInfo>>,
    /// The block being run.
    pub(crate) block: Option<Rc<crate::value::ScriptBlock>>,
    /// Where this frame was called from: source text and place.
    pub(crate) call_site: Cell<crate::syntax::Span>,
    /// The text of the caller.
    pub(crate) call_source: Option<Rc<crate::syntax::Source>>,
    /// Numbers of the parameters that arguments set, where no binder recorded them.
    pub(crate) bound: RefCell<SmallVec<[u16; 4]>>,
    /// Objects the pipeline sends, where `$input` collects them.
    pub(crate) input: RefCell<Option<Value>>,
    extra: OnceCell<Box<FrameExtra>>,
}

impl Frame {
    /// A frame with its slots unset.
    pub(crate) fn new(
        layout: Rc<Layout>,
        parent: Option<Rc<Frame>>,
        state: Rc<SessionState>,
        kind: FrameKind,
    ) -> Frame {
        Frame {
            layout,
            slots: RefCell::new(SmallVec::new()),
            parent,
            state,
            kind,
            running: Cell::default(),
            args: RefCell::new(SmallVec::new()),
            context: RefCell::new(None),
            function: None,
            block: None,
            call_site: Cell::default(),
            call_source: None,
            bound: RefCell::default(),
            input: RefCell::new(None),
            extra: OnceCell::new(),
        }
    }

    /// Makes a frame that nobody else holds ready to be used again: it lets go of all that it held but its room.
    pub(super) fn clear(&mut self) {
        self.slots.get_mut().clear();
        self.args.get_mut().clear();
        self.bound.get_mut().clear();
        self.context.get_mut().take();
        self.input.get_mut().take();
        self.extra.take();
        (self.function, self.block, self.call_source, self.parent) = (None, None, None, None);
        self.running.set(Running::Body);
    }

    /// Functions, aliases and strictness of this scope, where it has any.
    pub(crate) fn extra(&self) -> Option<&FrameExtra> {
        self.extra.get().map(|b| &**b)
    }

    /// The same, made if need be.
    pub(crate) fn make_extra(&self) -> &FrameExtra {
        self.extra.get_or_init(Default::default)
    }

    /// The variable in a slot of this frame, cloned; `None` where unset.
    #[inline]
    pub(crate) fn read(&self, slot: u32) -> Option<Value> {
        match self.slots.borrow().get(slot as usize) {
            Some(Slot::Plain(value)) => Some(value.clone()),
            Some(Slot::Boxed(variable)) => Some(variable.get()),
            Some(Slot::Unset) | None => None,
        }
    }

    /// Puts a plain value into a slot, whatever was there. For the engine's own variables.
    #[inline]
    pub(crate) fn put(&self, slot: u32, value: Value) {
        self.put_slot(slot, Slot::Plain(value));
    }

    /// Replaces a slot and gives what was there.
    #[inline]
    pub(crate) fn put_slot(&self, slot: u32, new: Slot) -> Slot {
        let mut slots = self.slots.borrow_mut();
        let at = slot as usize;
        if at >= slots.len() {
            let wanted = self.layout.len().max(at + 1);
            slots.resize(wanted, Slot::Unset);
        }
        match slots.get_mut(at) {
            Some(place) => std::mem::replace(place, new),
            None => Slot::Unset,
        }
    }

    /// The slot's content, cloned.
    pub(crate) fn slot(&self, slot: u32) -> Slot {
        self.slots.borrow().get(slot as usize).cloned().unwrap_or_default()
    }

    /// The variable of this name in this frame alone.
    pub(crate) fn own(&self, name: Symbol) -> Slot {
        self.layout.find(name).map_or(Slot::Unset, |slot| self.slot(slot))
    }

    /// The frame that an assignment by name from here reaches: an outer one where it holds the name for all scopes
    /// (`AllScope`), else this one.
    pub(crate) fn holder(self: &Rc<Self>, name: Symbol) -> Rc<Frame> {
        let mut at = Some(self);
        while let Some(frame) = at {
            // The main script's frame is the global scope too, with the session's own variables around it.
            let global = self.kind == FrameKind::Global && frame.kind == FrameKind::Global;
            match frame.own(name) {
                Slot::Boxed(variable) if variable.options.get().has(Options::ALL_SCOPE) => return frame.clone(),
                Slot::Boxed(variable) if global && variable.options.get() != Options::NONE => return frame.clone(),
                Slot::Boxed(_) | Slot::Plain(_) => break,
                Slot::Unset => at = frame.parent.as_ref(),
            }
        }
        self.clone()
    }

    /// Sets a plain variable by name in this frame alone, whatever was there.
    pub(crate) fn put_name(&self, name: Symbol, value: Value) {
        let slot = self.layout.slot(name);
        self.put(slot, value);
    }

    /// The variable of this name in this frame as an object of its own, so that something can refer to it.
    pub(crate) fn boxed(&self, name: Symbol) -> Option<Rc<Variable>> {
        let slot = self.layout.find(name)?;
        match self.slot(slot) {
            Slot::Unset => None,
            Slot::Boxed(variable) => Some(variable),
            Slot::Plain(value) => {
                let variable = Variable::new(name, value);
                self.put_slot(slot, Slot::Boxed(variable.clone()));
                Some(variable)
            }
        }
    }

    /// Removes a variable from this frame; true where there was one.
    pub(crate) fn unset(&self, name: Symbol) -> bool {
        match self.layout.find(name) {
            Some(slot) => !matches!(self.put_slot(slot, Slot::Unset), Slot::Unset),
            None => false,
        }
    }

    /// Every variable set in this frame.
    pub(crate) fn variables(&self) -> Vec<(Symbol, Slot)> {
        let slots = self.slots.borrow();
        let named = self.layout.names().into_iter().zip(slots.iter().cloned());
        named.filter(|(_, slot)| !matches!(slot, Slot::Unset)).collect()
    }

    /// This frame's script scope: the nearest script file, module or global frame.
    pub(crate) fn script_frame(self: &Rc<Self>) -> Rc<Frame> {
        let mut at = self.clone();
        while at.kind == FrameKind::Local {
            match &at.parent {
                Some(parent) => at = parent.clone(),
                None => break,
            }
        }
        at
    }

    /// The global scope of the chain.
    pub(crate) fn global_frame(self: &Rc<Self>) -> Rc<Frame> {
        let mut at = self.clone();
        while at.kind != FrameKind::Global {
            match &at.parent {
                Some(parent) => at = parent.clone(),
                None => break,
            }
        }
        at
    }
}
