//! Runspaces: sessions that scripts make, open, give variables to, and run hosted engines in.

use super::{invalid_operation, state, with_items};
use crate::runtime::jobs::Surroundings;
use crate::runtime::objects::{Answer, array_list, object};
use crate::runtime::session::{Cancellation, Session};
use crate::runtime::symbol::Symbol;
use crate::runtime::tasks;
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

/// A pool of runspaces.
#[derive(Clone)]
pub(in crate::runtime) struct RunspacePool(Rc<Pool>);

struct Pool {
    initial: Value,
    minimum: Cell<i32>,
    maximum: Cell<i32>,
    /// How many sessions there are, those that something runs in included.
    made: Cell<i32>,
    free: RefCell<Vec<Session>>,
    state: Cell<&'static str>,
    id: Value,
}

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
            "initialsessionstate" => Some(self.0.initial.clone()),
            "instanceid" => Some(self.0.id.clone()),
            "isdisposed" => Some(Value::Bool(self.0.state.get() == "Closed")),
            "runspacepoolavailability" => {
                let available = if self.0.state.get() == "Opened" { "Available" } else { "None" };
                Some(state(TypeRef::RUNSPACE_AVAILABILITY, available))
            }
            "runspacepoolstateinfo" => Some(object(
                "System.Management.Automation.RunspacePoolStateInfo",
                vec![("State", Value::from(self.0.state.get())), ("Reason", Value::Null)],
            )),
            _ => None,
        }
    }
    fn set_member(&self, name: &str, _: &Value) -> Option<Outcome<()>> {
        // How threads are used makes no difference where there is one.
        ["ThreadOptions", "ApartmentState", "CleanupInterval"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
            .then_some(Ok(()))
    }
}

impl RunspacePool {
    pub(super) fn call(&self, name: &str, arguments: &[Value]) -> Answer {
        let pool = &*self.0;
        let number =
            || arguments.first().and_then(|value| convert::to_i64(value).ok()).and_then(|n| i32::try_from(n).ok());
        let set = |place: &Cell<i32>| {
            let wanted = number().filter(|wanted| *wanted > 0);
            place.set(wanted.unwrap_or(place.get()));
            Value::Bool(wanted.is_some())
        };
        Some(Ok(match name.to_ascii_lowercase().as_str() {
            "open" => {
                pool.state.set("Opened");
                Value::Nothing
            }
            "close" | "dispose" => {
                pool.state.set("Closed");
                pool.free.borrow_mut().clear();
                Value::Nothing
            }
            "setminrunspaces" => set(&pool.minimum),
            "setmaxrunspaces" => set(&pool.maximum),
            "getminrunspaces" => Value::I32(pool.minimum.get()),
            "getmaxrunspaces" => Value::I32(pool.maximum.get()),
            "getavailablerunspaces" => {
                let idle = i32::try_from(pool.free.borrow().len()).unwrap_or(i32::MAX);
                Value::I32(pool.maximum.get() - pool.made.get() + idle)
            }
            _ => return None,
        }))
    }

    /// A session to run in, once one is free; `None` where the wait was given up.
    fn acquire(&self, from: Surroundings, cancellation: &Cancellation) -> Outcome<Option<Box<Session>>> {
        let pool = &*self.0;
        if pool.state.get() != "Opened" {
            return invalid_operation(
                "System.Management.Automation.Runspaces.InvalidRunspacePoolStateException",
                "The runspace pool is not open; call Open() first.",
            );
        }
        let free = || !pool.free.borrow().is_empty() || pool.made.get() < pool.maximum.get();
        tasks::wait(&mut || free() || cancellation.is_cancelled(), None);
        if cancellation.is_cancelled() {
            return Ok(None);
        }
        if let Some(session) = pool.free.borrow_mut().pop() {
            return Ok(Some(Box::new(session)));
        }
        pool.made.set(pool.made.get() + 1);
        let mut session = from.session(None);
        session.furnish(&pool.initial);
        Ok(Some(Box::new(session)))
    }
}

/// Where a hosted engine runs.
#[derive(Clone)]
pub(super) enum Place {
    /// In the runspace of the script that made it.
    Current,
    /// In a runspace of its own.
    Own(Runspace),
    /// In whichever of these is free.
    Pool(RunspacePool),
}

impl Place {
    /// A session of this place, taken for a while; `None` for the current one, and where waiting was given up.
    pub(super) fn take(&self, from: Surroundings, cancellation: &Cancellation) -> Outcome<Option<Box<Session>>> {
        match self {
            Place::Current => Ok(None),
            Place::Own(runspace) => runspace.borrow_session().map(Some),
            Place::Pool(pool) => pool.acquire(from, cancellation),
        }
    }

    /// Puts it back.
    pub(super) fn give_back(&self, session: Box<Session>) {
        match self {
            Place::Current => {}
            Place::Own(runspace) => runspace.give_back(session),
            Place::Pool(pool) => pool.0.free.borrow_mut().push(*session),
        }
        tasks::notify();
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
        let numbers: Vec<i32> = arguments
            .iter()
            .filter_map(|one| if let Value::I32(number) = one { Some(*number) } else { None })
            .collect();
        Native::value(RunspacePool(Rc::new(Pool {
            initial: initial.cloned().unwrap_or_else(initial_state),
            minimum: Cell::new(numbers.first().copied().unwrap_or(1)),
            maximum: Cell::new(numbers.get(1).copied().unwrap_or(1)),
            made: Cell::new(0),
            free: RefCell::default(),
            state: Cell::new("BeforeOpen"),
            id: crate::value::members::library::guid::value(uuid::Uuid::new_v4()),
        })))
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
