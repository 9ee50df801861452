//! The session: everything that lives as long as the shell does, and the state of the code being run.

use super::cmdlet::{CmdletSource, CmdletSpec};
use super::scope::{Frame, FrameKind, Layout, Variable};
use super::session_state::{Module, SessionState};
use super::streams::Routes;
use super::symbol::Symbol;
use crate::syntax::{Source, Span};
use crate::value::{ErrorRecord, Outcome, Value};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::any::{Any, TypeId};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Numbers sessions. What call sites remember of commands is told apart by it, as sessions can share code.
static SESSIONS: AtomicU64 = AtomicU64::new(0);

/// What the session needs of the world around it.
pub trait Host {
    /// Writes text to standard output, as it is.
    fn write(&mut self, text: &str);
    /// Writes text to standard error, as it is.
    fn write_error(&mut self, text: &str);
    /// Sees to it that what was written is out.
    fn flush(&mut self);
    /// Reads a line of input after a prompt; `None` at the end of input, or where nobody can answer.
    fn read_line(&mut self, prompt: &str) -> Option<String>;
    /// Reads a line that nobody is to see, such as a password.
    fn read_secret(&mut self, prompt: &str) -> Option<String> {
        self.read_line(prompt)
    }
    /// True where a person sits at the other end.
    fn is_interactive(&self) -> bool;
    /// Columns of the display.
    fn width(&self) -> usize;
    /// True where colours are shown.
    fn shows_color(&self) -> bool {
        false
    }
    /// True where a person watches, so that long work should say how far it is.
    fn shows_progress(&self) -> bool {
        false
    }
    /// True where colours are shown on standard error.
    fn shows_error_color(&self) -> bool {
        false
    }
    /// Shows how far some work is, where a person watches; nothing elsewhere.
    fn progress(&mut self, _progress: &Progress) {}
    /// What was being done has ended: its progress goes.
    fn end_progress(&mut self) {}
    /// A host with the same output, for a session that runs beside this one; `None` where there is no such output.
    fn beside(&self) -> Option<Box<dyn Host>> {
        None
    }
    /// For hosts with abilities of their own.
    fn as_any(&mut self) -> &mut dyn Any;
}

/// A host that nobody sees: for a moment while another is put in its place, and for tests.
pub struct NoHost;

impl Host for NoHost {
    fn write(&mut self, _: &str) {}
    fn write_error(&mut self, _: &str) {}
    fn flush(&mut self) {}
    fn read_line(&mut self, _: &str) -> Option<String> {
        None
    }
    fn is_interactive(&self) -> bool {
        false
    }
    fn width(&self) -> usize {
        80
    }
    fn as_any(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// How far some work is: what `Write-Progress` says.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Tells one bar from another.
    pub(crate) id: i32,
    /// What is being done.
    pub(crate) activity: String,
    /// In which state it is.
    pub(crate) status: String,
    /// What is being worked on.
    pub(crate) operation: String,
    /// 0 to 100; negative where it is not known.
    pub(crate) percent: i32,
    /// It is done; the bar goes.
    pub(crate) completed: bool,
    /// It goes as soon as anything else is shown.
    pub(crate) transient: bool,
}

/// Stops running code from outside, from any thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Asks the running code to stop.
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Forgets an earlier request.
    pub(crate) fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
    /// True once asked.
    #[inline]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a session is set up.
pub struct SessionOptions {
    /// The world around it.
    pub host: Box<dyn Host>,
    /// Environment variables; the process's own when `None`.
    pub location: PathBuf,
    /// `$true` for a prompt.
    pub interactive: bool,
}

/// Answers a static method of a completion type; `None` for one that it does not know.
pub(crate) type CompletionAnswer = fn(&mut Session, &str, &[Value]) -> Option<Outcome<Value>>;

/// A running shell.
pub struct Session {
    /// The scope of the running code.
    pub(crate) frame: Rc<Frame>,
    /// Frames of ended calls, to be used again.
    pub(super) spare_frames: Vec<Rc<Frame>>,
    /// The global scope.
    pub(crate) global: Rc<Frame>,
    /// The session's own state, to which the global scope belongs.
    pub(crate) state: Rc<SessionState>,
    /// Where streams 2 to 6 of the running code go.
    pub(crate) routes: Routes,
    /// The world around.
    pub host: Box<dyn Host>,
    /// Compiled-in cmdlets by name.
    pub(crate) cmdlets: FxHashMap<Symbol, &'static CmdletSpec>,
    /// Where further cmdlets are found by name; see [`Session::find_cmdlet`].
    pub(crate) cmdlet_sources: Vec<Rc<dyn CmdletSource>>,
    /// Loaded modules by name, in the order they were loaded.
    pub(crate) modules: IndexMap<Symbol, Rc<Module>>,
    /// `$?`.
    pub(crate) succeeded: bool,
    /// `$Error`, newest first.
    pub(crate) errors: Value,
    /// Within how many `try` blocks the running code is.
    pub(crate) guarded: u32,
    /// How deep calls are nested.
    pub(crate) depth: u32,
    /// Where the running statement or command stands.
    pub(crate) position: Span,
    /// The text the running code stands in.
    pub(crate) source: Rc<Source>,
    /// The file system location.
    pub location: PathBuf,
    /// Counts changes to what command names mean.
    pub(crate) generation: u64,
    /// Events of objects that wait to be acted on.
    pub(super) events: super::events::EventQueue,
    /// Actions of events run now.
    pub(super) acting: bool,
    /// How deep calls may be nested.
    pub(super) maximum_depth: u32,
    /// What makes the cmdlets known to a new session.
    pub(crate) equip: Option<fn(&mut Session)>,
    /// Anything is debugged or traced: each statement asks the debugger first.
    pub(crate) watched: bool,
    /// What is debugged.
    pub(crate) debugger: super::debugger::Debugger,
    /// What answers the static methods of completion types: type, method, arguments.
    pub(crate) completion: Option<CompletionAnswer>,
    /// Numbers the runspaces that scripts make.
    pub(super) runspaces: i32,
    /// Numbers pipelines.
    pub(crate) pipelines: u64,
    /// Stops running code.
    pub(crate) cancellation: Cancellation,
    /// `$using:` variables, where this session runs a block of another.
    pub(crate) using: Option<Rc<FxHashMap<Symbol, Value>>>,
    /// Some scope asked for strictness.
    pub(crate) strict: bool,
    /// Within how many expandable strings the running code is, counted where some scope asked for strictness.
    pub(super) in_text: u32,
    /// Some variable is one in all scopes (`AllScope`), so that a first assignment must look outwards.
    pub(crate) all_scope: bool,
    /// Errors whose `catch` or `trap` is running, innermost last.
    pub(crate) caught: Vec<Rc<ErrorRecord>>,
    /// Functions that run with `-ErrorVariable`, `-WarningVariable` or `-InformationVariable`.
    pub(crate) watchers: Vec<Rc<super::streams::CommandContext>>,
    /// Counts loop turns, to give way now and then.
    pub(crate) turns: u32,
    /// The environment of the session and of programs it starts.
    pub(crate) environment: IndexMap<String, String>,
    /// Classes and enums that scripts defined.
    pub(super) class_table: super::classes::ClassTable,
    /// What the running method of a script class returned.
    pub(super) method_result: Value,
    /// Signatures of cmdlets, by the address of their declaration.
    pub(crate) signatures: FxHashMap<usize, Rc<super::binder::CommandSignature>>,
    /// `using namespace`.
    pub(crate) namespaces: Vec<String>,
    /// Output of statements that were left early, on its way to the enclosing statement's output.
    pub(crate) leaked: Vec<Value>,
    /// State that cmdlet families keep, by its type.
    extensions: FxHashMap<TypeId, Box<dyn Any>>,
    /// How it was set up: `$true` for a prompt.
    pub interactive: bool,
    /// `exit` was run: the shell is to end.
    pub(super) exited: bool,
    /// What `$Host.SetShouldExit` asked for.
    pub(super) exit_code: Option<i32>,
    /// The pipeline that runs the script the shell was started for: its `exit` ends the shell.
    pub(super) main_pipeline: Option<u64>,
    /// Lines of the standard input: `$input` of what the shell was started for.
    pub(super) standard_input: Option<Value>,
}

impl Session {
    /// True once `exit` ended what was run.
    pub(crate) fn has_exited(&self) -> bool {
        self.exited
    }

    /// A session with an empty global scope and no cmdlets; `commands::register` adds those.
    pub fn new(options: SessionOptions) -> Session {
        let state = SessionState::new(None);
        let global = Rc::new(Frame::new(Rc::new(Layout::default()), None, state.clone(), FrameKind::Global));
        // The cell is fresh, so setting it cannot fail.
        let _ = state.frame.set(global.clone());
        *state.current.borrow_mut() = Some(global.clone());
        Session {
            frame: global.clone(),
            spare_frames: Vec::new(),
            global,
            state,
            routes: Routes::default(),
            host: options.host,
            cmdlets: FxHashMap::default(),
            cmdlet_sources: Vec::new(),
            modules: IndexMap::new(),
            succeeded: true,
            errors: super::objects::array_list(Vec::new()),
            guarded: 0,
            depth: 0,
            position: Span::default(),
            source: Source::anonymous(""),
            location: options.location,
            generation: SESSIONS.fetch_add(1, Ordering::Relaxed) << 40,
            events: Default::default(),
            acting: false,
            maximum_depth: super::call::MAXIMUM_DEPTH,
            equip: None,
            completion: None,
            watched: false,
            debugger: Default::default(),
            runspaces: 0,
            pipelines: 0,
            cancellation: Cancellation::default(),
            leaked: Vec::new(),
            using: None,
            strict: false,
            in_text: 0,
            all_scope: false,
            caught: Vec::new(),
            watchers: Vec::new(),
            turns: 0,
            environment: std::env::vars_os()
                .map(|(k, v)| (k.to_string_lossy().into_owned(), v.to_string_lossy().into_owned()))
                .collect(),
            class_table: Default::default(),
            method_result: Value::Null,
            signatures: FxHashMap::default(),
            namespaces: Vec::new(),
            extensions: FxHashMap::default(),
            interactive: options.interactive,
            exited: false,
            exit_code: None,
            main_pipeline: None,
            standard_input: None,
        }
    }

    /// Makes a cmdlet known.
    pub(crate) fn register(&mut self, spec: &'static CmdletSpec) {
        self.cmdlets.insert(Symbol::new(spec.name), spec);
        self.generation += 1;
    }

    /// The cmdlet of this name: a registered one, or one that a source describes (which is then registered).
    pub(crate) fn find_cmdlet(&mut self, name: Symbol) -> Outcome<Option<&'static CmdletSpec>> {
        if let Some(spec) = self.cmdlets.get(&name) {
            return Ok(Some(spec));
        }
        for source in self.cmdlet_sources.clone() {
            if let Some(spec) = source.find(name.name())? {
                self.cmdlets.insert(name, spec);
                return Ok(Some(spec));
            }
        }
        Ok(None)
    }

    /// State that a family of cmdlets keeps in the session, made when first asked for.
    pub(crate) fn extension<T: Default + 'static>(&mut self) -> &mut T {
        let place = self.extensions.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(T::default()));
        if !place.is::<T>() {
            *place = Box::new(T::default());
        }
        match place.downcast_mut::<T>() {
            Some(found) => found,
            None => unreachable!("the entry under a type's id is of that type: it was just made so"),
        }
    }

    /// The value of a variable as the running code sees it.
    pub(crate) fn variable(&self, name: Symbol) -> Option<Value> {
        self.lookup(name)
    }

    /// The variable of this name that the running code sees, as an object of its own.
    pub(crate) fn find_variable(&self, name: Symbol) -> Option<Rc<Variable>> {
        let mut frame = Some(&self.frame);
        while let Some(at) = frame {
            if let Some(variable) = at.boxed(name) {
                return Some(variable);
            }
            frame = at.parent.as_ref();
        }
        None
    }

    /// Sets a variable of the global scope, whatever was there.
    pub(crate) fn set_global(&mut self, name: &str, value: impl Into<Value>) {
        self.global.put_name(Symbol::new(name), value.into());
    }
}
