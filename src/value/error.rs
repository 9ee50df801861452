//! Errors as the language has them: exceptions, error records, and what unwinds the stack.

use super::{Str, TypeRef, Value};
use indexmap::IndexMap;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The result of anything that can fail or be left early.
pub(crate) type Outcome<T> = Result<T, Unwind>;

/// Why evaluation stopped before its end.
#[derive(Clone, Debug)]
pub enum Unwind {
    /// An error that has not become an object yet: most errors begin as this.
    Fault(Box<Fault>),
    /// An error record: thrown, rethrown, or made of a fault on its way through a statement.
    Error(Rc<ErrorRecord>),
    /// Not an error: `break`, `exit`, a pipeline being stopped …
    Control(Box<Control>),
}

/// Ways of leaving that are not errors.
#[derive(Clone, Debug)]
pub enum Control {
    /// `break`, with the label asked for.
    Break(Option<Str>),
    /// `continue`, with the label asked for.
    Continue(Option<Str>),
    /// `return` out of a script block; its value is already written.
    Return,
    /// `exit` with a code.
    Exit(i32),
    /// The end of the process: scripts that called this one do not go on either.
    EndProcess(i32),
    /// `Select-Object -First` and the like: everything upstream in the pipeline with this number ends.
    StopUpstream(u64),
    /// Ctrl-C, or a job being stopped.
    Cancelled,
}

/// An error on its way: id, category, exception type, message, target. Made by [`Fault::new`] and the builder methods.
#[derive(Clone, Debug)]
pub struct Fault {
    /// PowerShell's id, without the `,CommandName` that a command adds.
    pub(crate) id: Cow<'static, str>,
    /// PowerShell's category.
    pub(crate) category: ErrorCategory,
    /// .NET type name of the exception, e.g. `System.Management.Automation.RuntimeException`.
    pub(crate) exception: &'static str,
    /// In our words.
    pub(crate) message: String,
    /// What it is about.
    pub(crate) target: Value,
    /// The exception inside, where PowerShell wraps one.
    pub(crate) inner: Option<Rc<Exception>>,
    /// Further properties of the exception (`CommandName`, `ParameterName` …).
    pub(crate) properties: Vec<(&'static str, Value)>,
}

impl Fault {
    /// A `RuntimeException` with an id, category `InvalidOperation`, and a message.
    pub(crate) fn new(id: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Fault {
            id: id.into(),
            category: ErrorCategory::InvalidOperation,
            exception: "System.Management.Automation.RuntimeException",
            message: message.into(),
            target: Value::Null,
            inner: None,
            properties: Vec::new(),
        }
    }

    /// With another category.
    pub(crate) fn category(mut self, category: ErrorCategory) -> Self {
        self.category = category;
        self
    }

    /// With another exception type, by full .NET name.
    pub(crate) fn exception(mut self, name: &'static str) -> Self {
        self.exception = name;
        self
    }

    /// About this.
    pub(crate) fn target(mut self, target: impl Into<Value>) -> Self {
        self.target = target.into();
        self
    }

    /// With an inner exception.
    pub(crate) fn inner(mut self, inner: Rc<Exception>) -> Self {
        self.inner = Some(inner);
        self
    }

    /// With one more property on the exception.
    pub(crate) fn property(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.properties.push((name, value.into()));
        self
    }

    /// As an `Err`.
    pub(crate) fn err<T>(self) -> Outcome<T> {
        Err(self.into())
    }
}

impl From<Fault> for Unwind {
    fn from(fault: Fault) -> Self {
        Unwind::Fault(Box::new(fault))
    }
}

impl From<Control> for Unwind {
    fn from(control: Control) -> Self {
        Unwind::Control(Box::new(control))
    }
}

/// `System.Exception` and its kin.
#[derive(Debug)]
pub struct Exception {
    /// Its type.
    pub(crate) kind: TypeRef,
    /// `.Message`.
    pub(crate) message: RefCell<Str>,
    /// `.InnerException`.
    pub(crate) inner: Option<Rc<Exception>>,
    /// Properties of the particular type, and of script classes that derive from an exception.
    pub(crate) properties: RefCell<IndexMap<Str, Value>>,
    /// The record this exception was made from or thrown with, so that a rethrow keeps it.
    pub(crate) record: RefCell<Option<std::rc::Weak<ErrorRecord>>>,
    /// `.Data`, made when asked for.
    pub(crate) data: RefCell<Option<Value>>,
}

/// `System.Management.Automation.ErrorRecord`.
#[derive(Debug)]
pub struct ErrorRecord {
    /// `.Exception`.
    pub(crate) exception: Rc<Exception>,
    /// `.FullyQualifiedErrorId`.
    pub(crate) id: RefCell<Str>,
    /// `.CategoryInfo.Category`.
    pub(crate) category: Cell<ErrorCategory>,
    /// `.CategoryInfo.Activity`.
    pub(crate) activity: RefCell<Str>,
    /// `.CategoryInfo.Reason`, where set by hand; otherwise the exception's type name.
    pub(crate) reason: RefCell<Option<Str>>,
    /// `.CategoryInfo.TargetName`, where set by hand.
    pub(crate) target_name: RefCell<Option<Str>>,
    /// `.CategoryInfo.TargetType`, where set by hand.
    pub(crate) target_type: RefCell<Option<Str>>,
    /// `.TargetObject`.
    pub(crate) target: RefCell<Value>,
    /// `.ErrorDetails`: message and recommended action.
    pub(crate) details: RefCell<Option<(Str, Option<Str>)>>,
    /// `.InvocationInfo`, filled by the runtime.
    pub(crate) invocation: RefCell<Value>,
    /// `.ScriptStackTrace`.
    pub(crate) stack: RefCell<Str>,
    /// Whether it ends the statement, or the script.
    pub(crate) flow: Cell<ErrorFlow>,
    /// Members added by scripts.
    pub(crate) extension: super::object::ExtensionSlot,
}

/// How far an error record unwinds where nothing catches it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ErrorFlow {
    /// To the end of the statement; the script goes on.
    #[default]
    Statement,
    /// `throw`: to the end of the script, unless errors are silenced.
    Thrown,
    /// `Stop` was asked for: to the end of the script.
    Stop,
}

impl ErrorRecord {
    /// A record that nothing has been said of beyond exception, id, category and target.
    pub(crate) fn new(exception: Rc<Exception>, id: impl Into<Str>, category: ErrorCategory, target: Value) -> Self {
        ErrorRecord {
            exception,
            id: RefCell::new(id.into()),
            category: Cell::new(category),
            activity: RefCell::new(Str::from("")),
            reason: RefCell::default(),
            target_name: RefCell::default(),
            target_type: RefCell::default(),
            target: RefCell::new(target),
            details: RefCell::default(),
            invocation: RefCell::default(),
            stack: RefCell::new(Str::from("")),
            flow: Cell::default(),
            extension: Default::default(),
        }
    }
}

impl Exception {
    /// An exception of a type with a message.
    pub(crate) fn new(kind: TypeRef, message: impl Into<Str>, inner: Option<Rc<Exception>>) -> Self {
        Exception {
            kind,
            message: RefCell::new(message.into()),
            inner,
            properties: RefCell::default(),
            record: RefCell::default(),
            data: RefCell::default(),
        }
    }
}

/// `System.Management.Automation.ErrorCategory`, in its numeric order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum ErrorCategory {
    NotSpecified,
    OpenError,
    CloseError,
    DeviceError,
    DeadlockDetected,
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    InvalidResult,
    InvalidType,
    MetadataError,
    NotImplemented,
    NotInstalled,
    ObjectNotFound,
    OperationStopped,
    OperationTimeout,
    SyntaxError,
    ParserError,
    PermissionDenied,
    ResourceBusy,
    ResourceExists,
    ResourceUnavailable,
    ReadError,
    WriteError,
    FromStdErr,
    SecurityError,
    ProtocolError,
    ConnectionError,
    AuthenticationError,
    LimitsExceeded,
    QuotaExceeded,
    NotEnabled,
}

impl ErrorCategory {
    /// All of them; each stands at its number.
    const ALL: [ErrorCategory; 32] = [
        ErrorCategory::NotSpecified,
        ErrorCategory::OpenError,
        ErrorCategory::CloseError,
        ErrorCategory::DeviceError,
        ErrorCategory::DeadlockDetected,
        ErrorCategory::InvalidArgument,
        ErrorCategory::InvalidData,
        ErrorCategory::InvalidOperation,
        ErrorCategory::InvalidResult,
        ErrorCategory::InvalidType,
        ErrorCategory::MetadataError,
        ErrorCategory::NotImplemented,
        ErrorCategory::NotInstalled,
        ErrorCategory::ObjectNotFound,
        ErrorCategory::OperationStopped,
        ErrorCategory::OperationTimeout,
        ErrorCategory::SyntaxError,
        ErrorCategory::ParserError,
        ErrorCategory::PermissionDenied,
        ErrorCategory::ResourceBusy,
        ErrorCategory::ResourceExists,
        ErrorCategory::ResourceUnavailable,
        ErrorCategory::ReadError,
        ErrorCategory::WriteError,
        ErrorCategory::FromStdErr,
        ErrorCategory::SecurityError,
        ErrorCategory::ProtocolError,
        ErrorCategory::ConnectionError,
        ErrorCategory::AuthenticationError,
        ErrorCategory::LimitsExceeded,
        ErrorCategory::QuotaExceeded,
        ErrorCategory::NotEnabled,
    ];

    /// The category of a number.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        usize::try_from(number).ok().and_then(|number| Self::ALL.get(number)).copied()
    }
}

/// An exception of a type by name, for the inside of a fault.
pub(crate) fn simple_exception(name: &str, message: impl Into<String>) -> Rc<Exception> {
    let kind = super::types::resolve(name).unwrap_or(TypeRef::EXCEPTION);
    Rc::new(Exception::new(kind, Str::from(message.into()), None))
}
