//! Runspaces: sessions that scripts make, open, give variables to, and run hosted engines in.

use super::{invalid_operation, state, with_items};
use crate::runtime::objects::{Answer, array_list, object};
use crate::runtime::session::Session;
use crate::runtime::symbol::Symbol;
use crate::syntax::Source;
use crate::value::{Native, NativeObject, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A runspace.
#[derive(Clone)]
pub(in crate::runtime) struct Runspace(Rc<Space>);

struct Space {
    /// The session; away while something runs in it.
    session: RefCell<Option<Box<Session>>>,
    state: Cell<&'static str>,
    initial: Value,
    number: i32,
    id: Value,
}

/// A pool of runspaces: as all runs in turn, one is enough.
pub(in crate::runtime) struct RunspacePool(pub(super) Runspace);

/// `$runspace.SessionStateProxy`.
pub(in crate::runtime) struct StateProxy(pub(super) Runspace);

impl Runspace {
    /// Takes the session for a while.
    pub(super) fn borrow_session(&self) -> Outcome<Box<Session>> {
        if self.0.state.get() != "Opened" {
            return invalid_operation(
                "System.Management.Automation.Runspaces.InvalidRunspaceStateException",
                "The runspace is not open; call Open() first.",
            );
        }
        match self.0.session.take() {
            Some(session) => Ok(session),
            None => invalid_operation(
                "System.Management.Automation.PSInvalidOperationException",
                "Something runs in this runspace already.",
            ),
        }
    }

    /// Puts the session back.
    pub(super) fn give_back(&self, session: Box<Session>) {
        self.0.session.replace(Some(session));
    }
}

impl NativeObject for Runspace {
    fn kind(&self) -> TypeRef {
        TypeRef::LOCAL_RUNSPACE
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Runspace>().is_some_and(|other| Rc::ptr_eq(&self.0, &other.0)))
    }
    fn member(&self, name: &str) -> Option<Value> {
        let space = &*self.0;
        Some(match name.to_ascii_lowercase().as_str() {
            "runspacestateinfo" => object(
                "System.Management.Automation.Runspaces.RunspaceStateInfo",
                vec![("State", state(TypeRef::RUNSPACE_STATE, space.state.get())), ("Reason", Value::Null)],
            ),
            "runspaceavailability" => {
                let available = if space.state.get() == "Opened" { "Available" } else { "None" };
                state(TypeRef::RUNSPACE_AVAILABILITY, available)
            }
            "sessionstateproxy" => Native::value(StateProxy(self.clone())),
            "initialsessionstate" => space.initial.clone(),
            "id" => Value::I32(space.number),
            "name" => Value::from(format!("Runspace{}", space.number)),
            "instanceid" => space.id.clone(),
            "connectioninfo" | "originalconnectioninfo" | "jobmanager" => Value::Null,
            "runspaceisremote" => Value::Bool(false),
            _ => return None,
        })
    }
    fn set_member(&self, name: &str, _: &Value) -> Option<Outcome<()>> {
        // How threads are used makes no difference where there is one.
        ["ThreadOptions", "ApartmentState", "Name"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
            .then_some(Ok(()))
    }
    fn member_names(&self) -> Vec<Str> {
        [
            "Id",
            "Name",
            "InstanceId",
            "RunspaceStateInfo",
            "RunspaceAvailability",
            "SessionStateProxy",
            "InitialSessionState",
        ]
        .map(Str::from)
        .into()
    }
}

impl NativeObject for RunspacePool {
    fn kind(&self) -> TypeRef {
        TypeRef::RUNSPACE_POOL
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member(&self, name: &str) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "initialsessionstate" => self.0.member(name),
            "isdisposed" => Some(Value::Bool(false)),
            _ => None,
        }
    }
}

impl RunspacePool {
    pub(super) fn call(name: &str) -> Answer {
        Some(match name.to_ascii_lowercase().as_str() {
            "open" | "close" | "dispose" => Ok(Value::Nothing),
            "setminrunspaces" | "setmaxrunspaces" => Ok(Value::Bool(true)),
            "getminrunspaces" | "getmaxrunspaces" | "getavailablerunspaces" => Ok(Value::I32(1)),
            _ => return None,
        })
    }
}

impl NativeObject for StateProxy {
    fn kind(&self) -> TypeRef {
        TypeRef::SESSION_STATE_PROXY
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// An `InitialSessionState` without entries of its own.
pub(super) fn initial_state() -> Value {
    let lists =
        ["Variables", "Commands", "Modules", "Types", "Formats", "Providers", "Assemblies", "EnvironmentVariables"];
    let mut properties: Vec<(&str, Value)> = lists.iter().map(|name| (*name, array_list(Vec::new()))).collect();
    properties.push(("LanguageMode", state(TypeRef::PSLANGUAGE_MODE, "FullLanguage")));
    properties.push(("ThrowOnRunspaceOpenError", Value::Bool(false)));
    properties.push(("UseFullLanguageModeInDebugger", Value::Bool(false)));
    properties.push(("ExecutionPolicy", Value::Null));
    object("System.Management.Automation.Runspaces.InitialSessionState", properties)
}

/// An entry for an `InitialSessionState`.
pub(super) fn state_entry(kind: TypeRef, arguments: &[Value]) -> Option<Value> {
    const ENTRIES: [(TypeRef, &[&str]); 3] = [
        (TypeRef::STATE_VARIABLE_ENTRY, &["Name", "Value", "Description", "Options"]),
        (TypeRef::STATE_FUNCTION_ENTRY, &["Name", "Definition", "Options"]),
        (TypeRef::STATE_ALIAS_ENTRY, &["Name", "Definition", "Description", "Options"]),
    ];
    let (_, names) = ENTRIES.iter().find(|(known, _)| *known == kind)?;
    let given = names.iter().enumerate().map(|(at, name)| (*name, arguments.get(at).cloned().unwrap_or_default()));
    Some(object(kind.name(), given.collect()))
}

impl Session {
    /// A runspace that is open.
    pub(super) fn new_runspace(&mut self, initial: Option<&Value>) -> Runspace {
        let runspace = self.closed_runspace(initial.cloned().unwrap_or_default());
        self.open(&runspace);
        runspace
    }

    pub(super) fn create_runspace(&mut self, arguments: &[Value]) -> Value {
        let initial = arguments.iter().find(|one| TypeRef::of(one) == TypeRef::INITIAL_SESSION_STATE);
        Native::value(self.closed_runspace(initial.cloned().unwrap_or_else(initial_state)))
    }

    pub(super) fn create_pool(&mut self, arguments: &[Value]) -> Value {
        let initial = arguments.iter().find(|one| TypeRef::of(one) == TypeRef::INITIAL_SESSION_STATE);
        Native::value(RunspacePool(self.new_runspace(initial)))
    }

    fn closed_runspace(&mut self, initial: Value) -> Runspace {
        self.runspaces += 1;
        Runspace(Rc::new(Space {
            session: RefCell::new(None),
            state: Cell::new("BeforeOpen"),
            initial,
            number: self.runspaces + 1,
            id: crate::value::members::library::guid::value(uuid::Uuid::new_v4()),
        }))
    }

    fn open(&mut self, runspace: &Runspace) {
        let mut session = self.surroundings(false).session(None);
        // It runs on this thread's stack.
        session.maximum_depth = self.maximum_depth;
        session.runspaces = self.runspaces;
        session.furnish(&runspace.0.initial);
        runspace.0.state.set("Opened");
        runspace.give_back(Box::new(session));
    }

    /// Variables, functions and aliases that an `InitialSessionState` asks for.
    fn furnish(&mut self, initial: &Value) {
        let member =
            |of: &Value, name: &str| crate::value::members::get(&mut convert::Detached, of, name).ok().flatten();
        let entries = |name: &str| {
            let list = member(initial, name).unwrap_or_default();
            with_items(&list, |items| items.clone()).unwrap_or_default()
        };
        for entry in entries("Variables") {
            let name = member(&entry, "Name").map(|name| convert::to_text(&name)).unwrap_or_default();
            self.set_global(&name, member(&entry, "Value").unwrap_or_default());
        }
        for entry in entries("Commands") {
            let name = member(&entry, "Name").map(|name| convert::to_text(&name)).unwrap_or_default();
            let definition = member(&entry, "Definition").map(|text| convert::to_text(&text)).unwrap_or_default();
            if TypeRef::of(&entry) == TypeRef::STATE_FUNCTION_ENTRY
                && let Ok(block) = self.parse_block(Source::anonymous(definition.to_string()))
            {
                let frame = self.global.clone();
                // A name that cannot be given leaves the session without the function, as any other would.
                let _ = self.set_function(&frame, &name, block);
            }
        }
    }

    pub(super) fn runspace_call(&mut self, runspace: &Runspace, name: &str, _: &[Value]) -> Answer {
        Some(match name.to_ascii_lowercase().as_str() {
            "open" | "openasync" => {
                if runspace.0.state.get() != "BeforeOpen" {
                    return Some(invalid_operation(
                        "System.Management.Automation.Runspaces.InvalidRunspaceStateException",
                        "The runspace was opened before.",
                    ));
                }
                self.open(runspace);
                Ok(Value::Nothing)
            }
            "close" | "closeasync" | "dispose" => {
                runspace.0.state.set("Closed");
                runspace.0.session.replace(None);
                Ok(Value::Nothing)
            }
            "resetrunspacestate" => {
                self.open(runspace);
                Ok(Value::Nothing)
            }
            _ => return None,
        })
    }

    pub(super) fn proxy_call(&mut self, runspace: &Runspace, name: &str, arguments: &[Value]) -> Answer {
        let text = arguments.first().map(convert::to_text).unwrap_or_default();
        let mut session = match runspace.borrow_session() {
            Ok(session) => session,
            Err(error) => return Some(Err(error)),
        };
        let answer = match name.to_ascii_lowercase().as_str() {
            "setvariable" => {
                session.set_global(&text, arguments.get(1).cloned().unwrap_or_default());
                Some(Ok(Value::Nothing))
            }
            "getvariable" => Some(Ok(session.variable(Symbol::new(&text)).unwrap_or_default())),
            _ => None,
        };
        runspace.give_back(session);
        answer
    }
}
