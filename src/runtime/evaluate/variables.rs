//! Reading variables that are not simply in a slot of this frame: outer scopes, drives, automatic variables.

use crate::runtime::code::{ScopeName, Scoped};
use crate::runtime::scope::{Frame, FrameKind, Options, Slot};
use crate::runtime::session::Session;
use crate::runtime::symbol::Symbol;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};
use std::rc::Rc;

impl Session {
    /// A variable that this frame does not have.
    #[inline(never)]
    pub(super) fn read_unset(&mut self, name: Symbol) -> Outcome<Value> {
        match self.lookup(name) {
            Some(value) => Ok(value),
            None => match self.strict_mode() {
                0 => Ok(Value::Null),
                1 if self.in_text > 0 => Ok(Value::Null),
                _ => undefined(name),
            },
        }
    }

    /// The value of a variable as the running code sees it; `None` where there is none of that name.
    pub(crate) fn lookup(&self, name: Symbol) -> Option<Value> {
        let mut at = Some(&self.frame);
        while let Some(frame) = at {
            if let Some(slot) = frame.layout.find(name) {
                match frame.slots.borrow().get(slot as usize) {
                    Some(Slot::Plain(value)) => return Some(value.clone()),
                    Some(Slot::Boxed(variable)) if self.sees(frame, variable.options.get()) => {
                        return Some(variable.get());
                    }
                    _ => {}
                }
            }
            if name.is_automatic()
                && let Some(value) = self.frame_automatic(frame, name)
            {
                return Some(value);
            }
            at = frame.parent.as_ref();
        }
        if name.is_automatic() { self.session_automatic(name) } else { None }
    }

    /// A private variable is seen only from its own scope.
    fn sees(&self, frame: &Rc<Frame>, options: Options) -> bool {
        !options.has(Options::PRIVATE) || Rc::ptr_eq(frame, &self.frame)
    }

    /// What every scope of a function, block or script has by itself.
    pub(in crate::runtime) fn frame_automatic(&self, frame: &Rc<Frame>, name: Symbol) -> Option<Value> {
        if frame.kind == FrameKind::Global && frame.parent.is_none() {
            return None;
        }
        match name {
            Symbol::ARGS if frame.kind != FrameKind::Module => Some(Value::array(frame.args.borrow().to_vec())),
            Symbol::INPUT => frame.input.borrow().clone(),
            Symbol::BOUND_PARAMETERS if frame.kind != FrameKind::Module => Some(self.bound_parameters(frame)),
            Symbol::MY_INVOCATION if frame.kind != FrameKind::Module => Some(self.my_invocation(frame)),
            Symbol::PS_CMDLET => self.cmdlet_object(frame),
            _ => None,
        }
    }

    /// What the session itself answers for.
    pub(in crate::runtime) fn session_automatic(&self, name: Symbol) -> Option<Value> {
        match name {
            Symbol::ARGS => Some(Value::array(self.global.args.borrow().to_vec())),
            Symbol::INPUT => self.global.input.borrow().clone().or_else(|| self.standard_input.clone()),
            Symbol::ERROR => Some(self.errors.clone()),
            Symbol::SCRIPT_ROOT => Some(Value::Str(self.script_root())),
            Symbol::COMMAND_PATH => Some(Value::str(self.source.path.as_deref().unwrap_or(""))),
            Symbol::QUESTION => Some(Value::Bool(self.succeeded)),
            Symbol::NULL => Some(Value::Null),
            Symbol::TRUE => Some(Value::Bool(true)),
            Symbol::FALSE => Some(Value::Bool(false)),
            Symbol::EXECUTION_CONTEXT => Some(self.execution_context()),
            Symbol::MY_INVOCATION => Some(self.my_invocation(&self.global)),
            _ => None,
        }
    }

    /// The directory of the running script.
    fn script_root(&self) -> Str {
        let path = self.source.path.as_deref().unwrap_or("");
        let parent = std::path::Path::new(path).parent().map(|p| p.to_string_lossy().into_owned());
        Str::from(parent.unwrap_or_default())
    }

    /// A variable with a scope or drive.
    pub(in crate::runtime) fn read_scoped(&mut self, scoped: &Scoped) -> Outcome<Value> {
        let frame = match &scoped.scope {
            ScopeName::Global => self.frame.global_frame(),
            ScopeName::Script => self.frame.script_frame(),
            ScopeName::Local | ScopeName::Private => self.frame.clone(),
            ScopeName::Using => return self.read_using(scoped.name),
            ScopeName::Drive(drive) => return self.read_drive(drive, &scoped.text),
        };
        let found = match frame.own(scoped.name) {
            Slot::Plain(value) => Some(value),
            Slot::Boxed(variable) => Some(variable.get()),
            Slot::Unset if scoped.name.is_automatic() => {
                self.frame_automatic(&frame, scoped.name).or_else(|| self.session_automatic(scoped.name))
            }
            Slot::Unset if frame.kind == FrameKind::Global => {
                frame.parent.as_ref().and_then(|outer| self.variable_in(outer, scoped.name))
            }
            Slot::Unset => None,
        };
        match found {
            Some(value) => Ok(value),
            None if self.strict_mode() == 0 => Ok(Value::Null),
            None => undefined(scoped.name),
        }
    }

    /// A variable with a scope, as an object of its own.
    pub(super) fn scoped_variable(&mut self, scoped: &Scoped) -> Option<Rc<crate::runtime::Variable>> {
        let frame = match &scoped.scope {
            ScopeName::Global => self.frame.global_frame(),
            ScopeName::Script => self.frame.script_frame(),
            ScopeName::Local | ScopeName::Private => self.frame.clone(),
            ScopeName::Using | ScopeName::Drive(_) => return None,
        };
        frame.boxed(scoped.name)
    }

    fn read_using(&mut self, name: Symbol) -> Outcome<Value> {
        if let Some(captured) = &self.using {
            return Ok(captured.get(&name).cloned().unwrap_or_default());
        }
        Fault::new(
            "UsingWithoutInvokeCommand",
            format!(
                "'$using:{}' has a meaning only in a block that runs elsewhere: a job, -Parallel, Invoke-Command.",
                name.name()
            ),
        )
        .category(ErrorCategory::InvalidOperation)
        .err()
    }
}

fn undefined(name: Symbol) -> Outcome<Value> {
    Fault::new(
        "VariableIsUndefined",
        format!("The variable '${}' has not been set; strict mode asks that it is.", name.name()),
    )
    .target(name.name())
    .err()
}
