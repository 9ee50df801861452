//! The engine as scripts can host it: `[powershell]::Create()`, runspaces, commands put together one by one.
//! A runspace is a session of its own; what `BeginInvoke` begins is a task, see `runtime/tasks.rs`.

mod commands;
mod powershell;
mod run;
mod runspace;

pub(super) use commands::PsCommand;
pub(super) use powershell::PowerShell;
pub(super) use runspace::{Runspace, RunspacePool, StateProxy};

use super::objects::Answer;
use super::session::Session;
use crate::value::members::library::list::List;
use crate::value::{ErrorCategory, Fault, Native, Outcome, TypeRef, Value, convert};
use std::rc::Rc;

/// An empty `PSDataCollection` of a type.
fn data_collection(element: TypeRef) -> Value {
    let kind = TypeRef::generic(TypeRef::PSDATA_COLLECTION, &[element]).unwrap_or(TypeRef::PSDATA_COLLECTION);
    List::value(kind, Vec::new())
}

/// True for the objects that answer calls here.
pub(super) fn answers(id: std::any::TypeId) -> bool {
    use std::any::TypeId;
    [
        TypeId::of::<PowerShell>(),
        TypeId::of::<PsCommand>(),
        TypeId::of::<commands::CommandEntry>(),
        TypeId::of::<Runspace>(),
        TypeId::of::<StateProxy>(),
        TypeId::of::<powershell::Streams>(),
        TypeId::of::<RunspacePool>(),
        TypeId::of::<powershell::WaitHandle>(),
    ]
    .contains(&id)
}

/// The items of a list, which are added to and taken from in place.
fn with_items<T>(list: &Value, work: impl FnOnce(&mut Vec<Value>) -> T) -> Option<T> {
    let Value::Native(native) = list else { return None };
    native.downcast::<List>().map(|list| work(&mut list.items.borrow_mut()))
}

/// The error of an operation that an object's state does not allow.
fn invalid_operation<T>(exception: &'static str, message: &str) -> Outcome<T> {
    let short = exception.rsplit('.').next().unwrap_or(exception);
    Fault::new(short, message).category(ErrorCategory::InvalidOperation).exception(exception).err()
}

/// The error of an argument that must be there.
fn missing_argument<T>(name: &str) -> Outcome<T> {
    Fault::new("PSArgumentNullException", format!("The argument '{name}' is null."))
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.PSArgumentNullException")
        .err()
}

/// A member of an enumeration by name.
fn state(kind: TypeRef, name: &str) -> Value {
    kind.enum_value(name).unwrap_or_else(|| Value::str(name))
}

impl Session {
    /// Static methods of the types here; `None` for everything else.
    pub(super) fn hosting_static(&mut self, kind: TypeRef, name: &str, arguments: &[Value]) -> Answer {
        if kind == TypeRef::POWERSHELL && name.eq_ignore_ascii_case("Create") {
            return Some(self.create_powershell(arguments));
        }
        if kind == TypeRef::COMMAND_COMPLETION || kind == TypeRef::COMPLETION_COMPLETERS {
            return self.completion.and_then(|answer| answer(self, name, arguments));
        }
        if kind == TypeRef::RUNSPACE_FACTORY {
            return match name.to_ascii_lowercase().as_str() {
                "createrunspace" => Some(Ok(self.create_runspace(arguments))),
                "createrunspacepool" => Some(Ok(self.create_pool(arguments))),
                _ => None,
            };
        }
        if kind == TypeRef::INITIAL_SESSION_STATE {
            const MAKERS: [&str; 4] = ["create", "createdefault", "createdefault2", "createrestricted"];
            let known = MAKERS.iter().any(|maker| name.eq_ignore_ascii_case(maker));
            return known.then(|| Ok(runspace::initial_state()));
        }
        None
    }

    /// Objects of the types here; `None` for everything else.
    pub(super) fn hosting_object(&mut self, kind: TypeRef, arguments: &[Value]) -> Answer {
        if kind == TypeRef::TIMERS_TIMER {
            return Some(super::timer::create(arguments));
        }
        if kind == TypeRef::PSCOMMAND {
            return Some(Ok(PsCommand::default().value()));
        }
        if kind == TypeRef::RUNSPACE_COMMAND {
            let text = arguments.first().map(convert::to_text).unwrap_or_default();
            let is_script = arguments.get(1).is_some_and(convert::to_bool);
            return Some(Ok(commands::command_value(&text, is_script)));
        }
        if kind.definition() == TypeRef::PSDATA_COLLECTION {
            let items = arguments.first().and_then(crate::value::enumerate).unwrap_or_default();
            return Some(Ok(List::value(kind, items)));
        }
        runspace::state_entry(kind, arguments).map(Ok)
    }

    /// Methods of the objects here; `None` for everything else.
    pub(super) fn hosting_call(&mut self, native: &Rc<Native>, name: &str, arguments: &[Value]) -> Answer {
        if let Some(shell) = native.downcast::<PowerShell>() {
            return self.powershell_call(&shell.clone(), name, arguments);
        }
        if let Some(commands) = native.downcast::<PsCommand>() {
            let this = match name.eq_ignore_ascii_case("Clear") {
                true => Value::Nothing,
                false => Value::Native(native.clone()),
            };
            return commands.clone().call(name, arguments).map(|done| done.map(|()| this));
        }
        if let Some(command) = native.downcast::<commands::CommandEntry>() {
            return command.call(name, arguments).map(Ok);
        }
        if let Some(runspace) = native.downcast::<Runspace>() {
            return self.runspace_call(&runspace.clone(), name, arguments);
        }
        if let Some(proxy) = native.downcast::<StateProxy>() {
            return self.proxy_call(&proxy.0.clone(), name, arguments);
        }
        if let Some(streams) = native.downcast::<powershell::Streams>() {
            return streams.call(name);
        }
        if let Some(handle) = native.downcast::<powershell::WaitHandle>() {
            return self.handle_call(&handle.0.clone(), name, arguments);
        }
        native.downcast::<RunspacePool>()?.call(name, arguments)
    }
}
