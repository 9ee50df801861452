//! `PowerShell`: commands, the runspace they run in, and the streams of what they wrote.

use super::commands::PsCommand;
use super::runspace::{Place, Runspace};
use super::{data_collection, invalid_operation, state, with_items};
use crate::runtime::objects::{Answer, object};
use crate::runtime::session::{Cancellation, Session};
use crate::runtime::tasks;
use crate::value::{Native, NativeObject, Outcome, Str, TypeRef, Unwind, Value, convert, types};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The streams in the order of their properties; output is not among them.
pub(super) const STREAMS: [(&str, &str); 6] = [
    ("Error", "System.Management.Automation.ErrorRecord"),
    ("Warning", "System.Management.Automation.WarningRecord"),
    ("Verbose", "System.Management.Automation.VerboseRecord"),
    ("Debug", "System.Management.Automation.DebugRecord"),
    ("Information", "System.Management.Automation.InformationRecord"),
    ("Progress", "System.Management.Automation.ProgressRecord"),
];

/// The engine, hosted.
#[derive(Clone)]
pub(in crate::runtime) struct PowerShell(Rc<Shell>);

pub(super) struct Shell {
    pub(super) commands: RefCell<PsCommand>,
    /// What was written, stream by stream.
    pub(super) streams: Vec<Value>,
    /// Where it runs.
    pub(super) place: RefCell<Place>,
    /// Stops what was begun.
    pub(super) cancellation: RefCell<Cancellation>,
    pub(super) had_errors: Cell<bool>,
    state: Cell<&'static str>,
    reason: RefCell<Value>,
    /// The outcome of what was begun and not ended yet.
    pending: RefCell<Option<Outcome<Value>>>,
    /// The list that `BeginInvoke(input, output)` fills.
    output: RefCell<Option<Value>>,
    id: Value,
}

impl PowerShell {
    fn new(place: Place) -> Self {
        let element = |name: &str| types::resolve(name).unwrap_or(TypeRef::PSOBJECT);
        PowerShell(Rc::new(Shell {
            commands: RefCell::default(),
            streams: STREAMS.iter().map(|(_, kind)| data_collection(element(kind))).collect(),
            place: RefCell::new(place),
            cancellation: RefCell::default(),
            had_errors: Cell::new(false),
            state: Cell::new("NotStarted"),
            reason: RefCell::new(Value::Null),
            pending: RefCell::new(None),
            output: RefCell::new(None),
            id: crate::value::members::library::guid::value(uuid::Uuid::new_v4()),
        }))
    }

    pub(super) fn is_running(&self) -> bool {
        self.0.state.get() == "Running"
    }

    /// Enters the running state; what the pipeline is fed.
    fn begin(&self, arguments: &[Value]) -> Outcome<Option<Vec<Value>>> {
        if self.0.commands.borrow().statements().is_empty() {
            return invalid_operation(
                "System.InvalidOperationException",
                "There is nothing to run: no command was added.",
            );
        }
        if self.is_running() {
            return invalid_operation(
                "System.Management.Automation.InvalidPowerShellStateException",
                "The commands run already; end them before they are begun again.",
            );
        }
        self.0.had_errors.set(false);
        self.0.state.set("Running");
        self.0.reason.replace(Value::Null);
        let input = arguments.first().filter(|input| !input.is_null());
        Ok(input.map(|input| crate::value::enumerate(input).unwrap_or_else(|| vec![input.clone()])))
    }

    /// Notes how what was begun has ended.
    pub(super) fn ended(&self, result: Outcome<Vec<Value>>, stopped: bool) {
        let output = self.0.output.take();
        let outcome = match result {
            Ok(items) => {
                self.0.state.set(if stopped { "Stopped" } else { "Completed" });
                match output.and_then(|list| with_items(&list, |kept| kept.extend(items.clone()))) {
                    Some(()) => Ok(crate::value::members::library::list::collection(Vec::new())),
                    None => Ok(crate::value::members::library::list::collection(items)),
                }
            }
            Err(error) => {
                self.0.state.set("Failed");
                self.0.had_errors.set(true);
                if let Unwind::Error(record) = &error {
                    self.0.reason.replace(Value::Exception(record.exception.clone()));
                }
                Err(error)
            }
        };
        self.0.pending.replace(Some(outcome));
        tasks::notify();
    }

    pub(super) fn shell(&self) -> &Shell {
        &self.0
    }

    fn streams(&self) -> Value {
        Native::value(Streams(self.clone()))
    }
}

/// `$powershell.Streams`.
pub(super) struct Streams(PowerShell);

impl Streams {
    pub(super) fn call(&self, name: &str) -> Answer {
        name.eq_ignore_ascii_case("ClearStreams").then(|| {
            self.0.0.streams.iter().for_each(clear);
            Ok(Value::Nothing)
        })
    }
}

impl NativeObject for Streams {
    fn kind(&self) -> TypeRef {
        TypeRef::PSDATA_STREAMS
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member(&self, name: &str) -> Option<Value> {
        let at = STREAMS.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))?;
        self.0.0.streams.get(at).cloned()
    }
    fn member_names(&self) -> Vec<Str> {
        STREAMS.iter().map(|(name, _)| Str::from(*name)).collect()
    }
}

impl NativeObject for PowerShell {
    fn kind(&self) -> TypeRef {
        TypeRef::POWERSHELL
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<PowerShell>().is_some_and(|other| Rc::ptr_eq(&self.0, &other.0)))
    }
    fn member(&self, name: &str) -> Option<Value> {
        let shell = &*self.0;
        Some(match name.to_ascii_lowercase().as_str() {
            "commands" => shell.commands.borrow().clone().value(),
            "streams" => self.streams(),
            "haderrors" => Value::Bool(shell.had_errors.get()),
            "runspace" => match &*shell.place.borrow() {
                Place::Own(runspace) => Native::value(runspace.clone()),
                _ => Value::Null,
            },
            "runspacepool" => match &*shell.place.borrow() {
                Place::Pool(pool) => Native::value(pool.clone()),
                _ => Value::Null,
            },
            "instanceid" => shell.id.clone(),
            "isnested" => Value::Bool(false),
            "isrunspaceowner" => Value::Bool(matches!(&*shell.place.borrow(), Place::Own(_))),
            "historystring" => Value::Null,
            "invocationstateinfo" => object(
                "System.Management.Automation.PSInvocationStateInfo",
                vec![
                    ("State", state(TypeRef::PSINVOCATION_STATE, shell.state.get())),
                    ("Reason", shell.reason.borrow().clone()),
                ],
            ),
            _ => return None,
        })
    }
    fn set_member(&self, name: &str, value: &Value) -> Option<Outcome<()>> {
        let given = match value {
            Value::Native(native) => native,
            _ => return name.eq_ignore_ascii_case("Runspace").then(|| super::missing_argument("value")),
        };
        match name.to_ascii_lowercase().as_str() {
            "runspace" => {
                if let Some(runspace) = given.downcast::<Runspace>() {
                    self.0.place.replace(Place::Own(runspace.clone()));
                }
            }
            "runspacepool" => {
                if let Some(pool) = given.downcast::<super::RunspacePool>() {
                    self.0.place.replace(Place::Pool(pool.clone()));
                }
            }
            "commands" => {
                let commands = given.downcast::<PsCommand>().cloned().unwrap_or_default();
                self.0.commands.replace(commands);
            }
            _ => return None,
        }
        Some(Ok(()))
    }
    fn member_names(&self) -> Vec<Str> {
        const NAMES: [&str; 9] = [
            "Commands",
            "Streams",
            "InstanceId",
            "InvocationStateInfo",
            "IsNested",
            "HadErrors",
            "Runspace",
            "RunspacePool",
            "IsRunspaceOwner",
        ];
        NAMES.map(Str::from).into()
    }
}

impl Session {
    /// `[powershell]::Create()`: with a runspace of its own, in a given one, or in the current one.
    pub(super) fn create_powershell(&mut self, arguments: &[Value]) -> Outcome<Value> {
        let shell = match arguments.first() {
            None => PowerShell::new(Place::Own(self.new_runspace(None))),
            Some(Value::Native(native)) => {
                let runspace = native.downcast::<Runspace>().cloned();
                PowerShell::new(Place::Own(runspace.unwrap_or_else(|| self.new_runspace(arguments.first()))))
            }
            Some(mode) => match &*convert::to_text(mode).to_ascii_lowercase() {
                "currentrunspace" | "0" => PowerShell::new(Place::Current),
                _ => PowerShell::new(Place::Own(self.new_runspace(arguments.first()))),
            },
        };
        Ok(Native::value(shell))
    }

    pub(super) fn powershell_call(&mut self, shell: &PowerShell, name: &str, arguments: &[Value]) -> Answer {
        let commands = shell.0.commands.borrow().clone();
        if let Some(added) = commands.call(name, arguments) {
            return Some(added.map(|()| Native::value(shell.clone())));
        }
        Some(match name.to_ascii_lowercase().as_str() {
            "invoke" => self.powershell_invoke(shell, arguments),
            "begininvoke" | "invokeasync" => self.powershell_begin(shell, arguments),
            "endinvoke" => self.powershell_end(shell),
            "createnestedpowershell" => Ok(Native::value(PowerShell::new(shell.0.place.borrow().clone()))),
            "stop" => self.powershell_stop(shell),
            "dispose" if shell.is_running() => self.powershell_stop(shell),
            "beginstop" => {
                shell.0.cancellation.borrow().cancel();
                Ok(async_result(shell))
            }
            "endstop" => self.wait(&mut || !shell.is_running(), None).map(|_| Value::Nothing),
            "dispose" | "close" => Ok(Value::Nothing),
            "clearstreams" => {
                shell.0.streams.iter().for_each(clear);
                Ok(Value::Nothing)
            }
            _ => return None,
        })
    }

    /// `BeginInvoke`: the commands run beside this code from its next wait on.
    fn powershell_begin(&mut self, shell: &PowerShell, arguments: &[Value]) -> Outcome<Value> {
        let current = matches!(&*shell.0.place.borrow(), Place::Current);
        if current {
            let outcome = self.powershell_run(shell, arguments);
            shell.0.pending.replace(Some(outcome));
            return Ok(async_result(shell));
        }
        let input = shell.begin(arguments)?;
        shell.0.output.replace(arguments.get(1).cloned());
        if let Err(error) = self.begin_shell(shell, input) {
            shell.0.state.set("Failed");
            return Err(error);
        }
        Ok(async_result(shell))
    }

    /// `EndInvoke`: waits, and gives the output or throws what ended the commands.
    fn powershell_end(&mut self, shell: &PowerShell) -> Outcome<Value> {
        self.wait(&mut || !shell.is_running(), None)?;
        match shell.0.pending.take() {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.wrap_call(error, "EndInvoke", 1)),
            None => invalid_operation("System.InvalidOperationException", "Nothing was begun that could be ended."),
        }
    }

    fn powershell_stop(&mut self, shell: &PowerShell) -> Outcome<Value> {
        if shell.is_running() {
            shell.0.cancellation.borrow().cancel();
            self.wait(&mut || !shell.is_running(), None)?;
        }
        Ok(Value::Nothing)
    }

    /// Methods of the handle that tells when what was begun has ended.
    pub(super) fn handle_call(&mut self, shell: &PowerShell, name: &str, arguments: &[Value]) -> Answer {
        Some(match name.to_ascii_lowercase().as_str() {
            "waitone" => {
                let time = match arguments.first() {
                    Some(Value::TimeSpan(span)) => Some(span.0 / 10_000),
                    Some(number) => convert::to_i64(number).ok(),
                    None => None,
                };
                let time = time.and_then(|time| u64::try_from(time).ok()).map(Duration::from_millis);
                self.wait(&mut || !shell.is_running(), time.map(|time| Instant::now() + time)).map(Value::Bool)
            }
            "close" | "dispose" => Ok(Value::Nothing),
            _ => return None,
        })
    }

    fn powershell_invoke(&mut self, shell: &PowerShell, arguments: &[Value]) -> Outcome<Value> {
        let count = arguments.len();
        let result = self.powershell_run(shell, arguments).map_err(|error| self.wrap_call(error, "Invoke", count))?;
        // `Invoke(input, output)` fills a list of the caller's.
        if let Some(output) = arguments.get(1) {
            let items = with_items(&result, std::mem::take).unwrap_or_default();
            with_items(output, |list| list.extend(items));
            return Ok(Value::Nothing);
        }
        Ok(result)
    }

    /// Runs the commands; what they gave, and how it ended noted.
    fn powershell_run(&mut self, shell: &PowerShell, arguments: &[Value]) -> Outcome<Value> {
        let input = shell.begin(arguments)?;
        let result = self.run_shell(shell, input);
        shell.0.state.set(if result.is_ok() { "Completed" } else { "Failed" });
        match result {
            Ok(items) => Ok(crate::value::members::library::list::collection(items)),
            Err(error) => {
                shell.0.had_errors.set(true);
                let record = self.record_of(error)?;
                shell.0.reason.replace(Value::Exception(record.exception.clone()));
                Err(Unwind::Error(record))
            }
        }
    }

    /// An error out of a hosted engine as it comes out of the method that ran it.
    fn wrap_call(&mut self, error: Unwind, method: &str, count: usize) -> Unwind {
        self.wrap_in_method_error(error, method, count)
    }
}

fn clear(list: &Value) {
    with_items(list, Vec::clear);
}

/// What `BeginInvoke` gives.
struct AsyncResult(PowerShell);

/// `$result.AsyncWaitHandle`.
pub(super) struct WaitHandle(pub(super) PowerShell);

fn async_result(shell: &PowerShell) -> Value {
    Native::value(AsyncResult(shell.clone()))
}

impl NativeObject for AsyncResult {
    fn kind(&self) -> TypeRef {
        types::resolve("System.Management.Automation.PowerShellAsyncResult").unwrap_or(TypeRef::OBJECT)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member(&self, name: &str) -> Option<Value> {
        Some(match name.to_ascii_lowercase().as_str() {
            "iscompleted" => Value::Bool(!self.0.is_running()),
            "completedsynchronously" => Value::Bool(false),
            "asyncstate" => Value::Null,
            "asyncwaithandle" => Native::value(WaitHandle(self.0.clone())),
            _ => return None,
        })
    }
    fn member_names(&self) -> Vec<Str> {
        ["CompletedSynchronously", "IsCompleted", "AsyncState", "AsyncWaitHandle"].map(Str::from).into()
    }
}

impl NativeObject for WaitHandle {
    fn kind(&self) -> TypeRef {
        types::resolve("System.Threading.ManualResetEvent").unwrap_or(TypeRef::OBJECT)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}
