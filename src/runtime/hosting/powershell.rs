//! `PowerShell`: commands, the runspace they run in, and the streams of what they wrote.

use super::commands::PsCommand;
use super::runspace::Runspace;
use super::{data_collection, invalid_operation, state, with_items};
use crate::runtime::objects::{Answer, object};
use crate::runtime::session::Session;
use crate::value::{Native, NativeObject, Outcome, Str, TypeRef, Unwind, Value, convert, types};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

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
    /// Where it runs; `None` for the runspace of the script that made it.
    pub(super) runspace: RefCell<Option<Runspace>>,
    pub(super) had_errors: Cell<bool>,
    state: Cell<&'static str>,
    reason: RefCell<Value>,
    /// The outcome of what was begun and not ended yet.
    pending: RefCell<Option<Outcome<Value>>>,
    id: Value,
}

impl PowerShell {
    fn new(runspace: Option<Runspace>) -> Self {
        let element = |name: &str| types::resolve(name).unwrap_or(TypeRef::PSOBJECT);
        PowerShell(Rc::new(Shell {
            commands: RefCell::default(),
            streams: STREAMS.iter().map(|(_, kind)| data_collection(element(kind))).collect(),
            runspace: RefCell::new(runspace),
            had_errors: Cell::new(false),
            state: Cell::new("NotStarted"),
            reason: RefCell::new(Value::Null),
            pending: RefCell::new(None),
            id: crate::value::members::library::guid::value(uuid::Uuid::new_v4()),
        }))
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
            "runspace" => shell.runspace.borrow().clone().map_or(Value::Null, Native::value),
            "runspacepool" => Value::Null,
            "instanceid" => shell.id.clone(),
            "isnested" => Value::Bool(false),
            "isrunspaceowner" => Value::Bool(shell.runspace.borrow().is_some()),
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
                let runspace = given.downcast::<Runspace>().cloned();
                self.0.runspace.replace(runspace);
            }
            "runspacepool" => {
                let pool = given.downcast::<super::RunspacePool>().map(|pool| pool.0.clone());
                self.0.runspace.replace(pool);
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
            None => PowerShell::new(Some(self.new_runspace(None))),
            Some(Value::Native(native)) => {
                let runspace = native.downcast::<Runspace>().cloned();
                PowerShell::new(Some(runspace.unwrap_or_else(|| self.new_runspace(arguments.first()))))
            }
            Some(mode) => match &*convert::to_text(mode).to_ascii_lowercase() {
                "currentrunspace" | "0" => PowerShell::new(None),
                _ => PowerShell::new(Some(self.new_runspace(arguments.first()))),
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
            "begininvoke" => {
                let outcome = self.powershell_run(shell, arguments);
                shell.0.pending.replace(Some(outcome));
                Ok(finished_call())
            }
            "endinvoke" => match shell.0.pending.take() {
                Some(Ok(value)) => Ok(value),
                Some(Err(error)) => Err(self.wrap_call(error, "EndInvoke", 1)),
                None => invalid_operation("System.InvalidOperationException", "Nothing was begun that could be ended."),
            },
            "createnestedpowershell" => Ok(Native::value(PowerShell::new(shell.0.runspace.borrow().clone()))),
            "stop" | "dispose" | "close" | "beginstop" | "endstop" => Ok(Value::Nothing),
            "clearstreams" => {
                shell.0.streams.iter().for_each(clear);
                Ok(Value::Nothing)
            }
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
        if shell.0.commands.borrow().statements().is_empty() {
            return invalid_operation(
                "System.InvalidOperationException",
                "There is nothing to run: no command was added.",
            );
        }
        shell.0.had_errors.set(false);
        shell.0.state.set("Running");
        shell.0.reason.replace(Value::Null);
        let input = arguments.first().filter(|input| !input.is_null());
        let input = input.map(|input| crate::value::enumerate(input).unwrap_or_else(|| vec![input.clone()]));
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

/// What `BeginInvoke` gives: everything is done already.
fn finished_call() -> Value {
    let handle = object("System.Threading.ManualResetEvent", vec![("SafeWaitHandle", Value::Null)]);
    object(
        "System.Management.Automation.PowerShellAsyncResult",
        vec![
            ("IsCompleted", Value::Bool(true)),
            ("CompletedSynchronously", Value::Bool(false)),
            ("AsyncState", Value::Null),
            ("AsyncWaitHandle", handle),
        ],
    )
}
