//! The streams other than output, where each goes, and what a running command knows of itself.

use super::command::Command;
use super::scope::Frame;
use super::symbol::Symbol;
use crate::syntax::{Source, Span};
use crate::value::{Str, TypeRef, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The numbered streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// 1.
    Output = 1,
    /// 2.
    Error = 2,
    /// 3.
    Warning = 3,
    /// 4.
    Verbose = 4,
    /// 5.
    Debug = 5,
    /// 6.
    Information = 6,
}

impl Stream {
    /// Streams 2 to 6 by number; output itself is not among them.
    pub(crate) fn numbered(number: u8) -> Option<Stream> {
        match number {
            2 => Some(Stream::Error),
            3 => Some(Stream::Warning),
            4 => Some(Stream::Verbose),
            5 => Some(Stream::Debug),
            6 => Some(Stream::Information),
            _ => None,
        }
    }
}

/// Where a stream goes.
#[derive(Clone, Default)]
pub(crate) enum Target {
    /// To the host, which shows it.
    #[default]
    Host,
    /// Nowhere.
    Null,
    /// Into a command's output: waits here until that command's next write.
    Merge(Rc<RefCell<Vec<Value>>>),
    /// To the records of a job.
    Records(Rc<super::jobs::Records>),
}

/// Where streams 2 to 6 go for the running code.
#[derive(Clone, Default)]
pub(crate) struct Routes {
    targets: [Target; 5],
}

impl Routes {
    /// Where a stream goes; output itself is not routed here.
    pub(crate) fn get(&self, stream: Stream) -> &Target {
        self.targets.get((stream as usize).saturating_sub(2)).unwrap_or(&Target::Host)
    }

    /// Sends a stream elsewhere.
    pub(crate) fn set(&mut self, stream: Stream, target: Target) {
        if let Some(place) = self.targets.get_mut((stream as usize).saturating_sub(2)) {
            *place = target;
        }
    }
}

/// `ActionPreference`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum ActionPreference {
    SilentlyContinue = 0,
    Stop = 1,
    Continue = 2,
    Inquire = 3,
    Ignore = 4,
    Suspend = 5,
    Break = 6,
}

impl ActionPreference {
    /// By name or number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        use ActionPreference::*;
        const NAMES: [(&str, ActionPreference); 7] = [
            ("SilentlyContinue", SilentlyContinue),
            ("Stop", Stop),
            ("Continue", Continue),
            ("Inquire", Inquire),
            ("Ignore", Ignore),
            ("Suspend", Suspend),
            ("Break", Break),
        ];
        if let Ok(number) = text.trim().parse::<usize>() {
            return NAMES.get(number).map(|row| row.1);
        }
        NAMES.iter().find(|row| row.0.eq_ignore_ascii_case(text.trim())).map(|row| row.1)
    }
}

/// The type of what a preference variable holds, whatever scope it is in.
pub(super) fn preference_type(name: Symbol) -> Option<TypeRef> {
    match name {
        Symbol::ERROR_ACTION
        | Symbol::WARNING
        | Symbol::VERBOSE
        | Symbol::DEBUG
        | Symbol::INFORMATION
        | Symbol::PROGRESS => Some(TypeRef::ACTION_PREFERENCE),
        Symbol::CONFIRM => Some(TypeRef::CONFIRM_IMPACT),
        _ => None,
    }
}

/// The common parameters of one command call.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommonParameters {
    /// `-Verbose`.
    pub(crate) verbose: Option<bool>,
    /// `-Debug`.
    pub(crate) debug: Option<bool>,
    /// `-ErrorAction`.
    pub(crate) error_action: Option<ActionPreference>,
    /// `-WarningAction`.
    pub(crate) warning_action: Option<ActionPreference>,
    /// `-InformationAction`.
    pub(crate) information_action: Option<ActionPreference>,
    /// `-ProgressAction`.
    pub(crate) progress_action: Option<ActionPreference>,
    /// `-ErrorVariable`; a leading `+` appends.
    pub(crate) error_variable: Option<Str>,
    /// `-WarningVariable`.
    pub(crate) warning_variable: Option<Str>,
    /// `-InformationVariable`.
    pub(crate) information_variable: Option<Str>,
    /// `-OutVariable`.
    pub(crate) out_variable: Option<Str>,
    /// `-PipelineVariable`.
    pub(crate) pipeline_variable: Option<Str>,
    /// `-OutBuffer`.
    pub(crate) out_buffer: Option<i32>,
    /// `-WhatIf`.
    pub(crate) what_if: Option<bool>,
    /// `-Confirm`.
    pub(crate) confirm: Option<bool>,
}

/// What a running command knows of itself: `$PSCmdlet`, `$MyInvocation`, `$PSBoundParameters` are made from it.
pub(crate) struct CommandContext {
    /// The command; `None` for a bare script block.
    pub(crate) command: Option<Command>,
    /// The name it was called by.
    pub(crate) invocation_name: Str,
    /// Where it was called.
    pub(crate) span: Span,
    /// The text it was called in.
    pub(crate) source: Option<Rc<Source>>,
    /// The caller's scope, where `-OutVariable` and the like are set.
    pub(crate) caller: Rc<Frame>,
    /// Common parameters.
    pub(crate) common: RefCell<CommonParameters>,
    /// Bound parameters by declared name, in binding order; what `$PSBoundParameters` shows.
    pub(crate) bound: RefCell<Vec<(Str, Value)>>,
    /// `$PSBoundParameters` itself once somebody looked.
    pub(crate) bound_object: RefCell<Option<Value>>,
    /// Arguments no parameter took.
    pub(crate) unbound: RefCell<Vec<Value>>,
    /// The parameter set chosen.
    pub(crate) parameter_set: RefCell<Str>,
    /// True for a cmdlet or an advanced function: error ids get its name, common parameters exist.
    pub(crate) advanced: bool,
    /// Place in its pipeline from 1.
    pub(crate) position: Cell<u32>,
    /// Number of commands in its pipeline.
    pub(crate) length: Cell<u32>,
    /// The pipeline's number, for stopping what is upstream.
    pub(crate) pipeline: Cell<u64>,
    /// True where something upstream sends it objects.
    pub(crate) expects_input: Cell<bool>,
    /// False once it wrote an error: its `$?`.
    pub(crate) succeeded: Cell<bool>,
    /// `ShouldContinue`/`-Confirm` answers "yes to all" (1) and "no to all" (2).
    pub(crate) answer: Cell<u8>,
    /// `$MyInvocation`, made once.
    pub(crate) my_invocation: RefCell<Option<Value>>,
    /// `$PSCmdlet`, made once.
    pub(crate) cmdlet_object: RefCell<Option<Value>>,
    /// The lists that `-ErrorVariable`, `-WarningVariable`, `-InformationVariable` and `-OutVariable` fill.
    pub(crate) collected: RefCell<[Option<Value>; 4]>,
}

impl CommandContext {
    /// A context with nothing bound.
    pub(crate) fn new(command: Option<Command>, caller: Rc<Frame>) -> Self {
        CommandContext {
            command,
            invocation_name: Str::default(),
            span: Span::default(),
            source: None,
            caller,
            common: RefCell::default(),
            bound: RefCell::default(),
            bound_object: RefCell::default(),
            unbound: RefCell::default(),
            parameter_set: RefCell::new(super::binder::all_sets_name()),
            advanced: false,
            position: Cell::new(1),
            length: Cell::new(1),
            pipeline: Cell::new(0),
            expects_input: Cell::new(false),
            succeeded: Cell::new(true),
            answer: Cell::new(0),
            my_invocation: RefCell::default(),
            cmdlet_object: RefCell::default(),
            collected: RefCell::default(),
        }
    }
}
