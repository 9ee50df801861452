//! Jobs: what runs beside the session, what it has written so far, and how it went.

mod object;
mod start;
mod using;

pub(super) use object::native_call;
pub(crate) use object::{JobObject, job_of, state_event};
pub(crate) use start::{Surroundings, Throttle, Work, run};
pub(crate) use using::{captured, using_variables_of_caller};

use super::session::{Cancellation, Session};
use super::streams::Stream;
use super::tasks;
use crate::value::{DateTime, ErrorRecord, Native, Str, TypeRef, Value};
use indexmap::IndexMap;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// `JobState`, by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum JobState {
    NotStarted = 0,
    Running = 1,
    Completed = 2,
    Failed = 3,
    Stopped = 4,
}

impl JobState {
    /// True where nothing more will come.
    pub(crate) fn is_finished(self) -> bool {
        matches!(self, JobState::Completed | JobState::Failed | JobState::Stopped)
    }

    /// As scripts see it.
    pub(crate) fn value(self) -> Value {
        TypeRef::JOB_STATE.enum_of(self as i64)
    }
}

/// What one kind of job is called.
pub(crate) struct JobKind {
    /// Its type.
    pub(crate) kind: TypeRef,
    /// `PSJobTypeName`.
    pub(crate) name: &'static str,
    /// `Location`.
    pub(crate) location: &'static str,
    /// What it writes stays in the order in which it came, whatever the stream.
    pub(crate) keeps_order: bool,
    /// It counts as having more data for as long as it runs.
    pub(crate) open_while_running: bool,
}

impl JobKind {
    const fn of(kind: TypeRef, name: &'static str, location: &'static str, remote: bool) -> JobKind {
        JobKind { kind, name, location, keeps_order: remote, open_while_running: remote }
    }
}

/// `Start-ThreadJob`.
pub(crate) static THREAD: JobKind = JobKind::of(TypeRef::THREAD_JOB, "ThreadJob", "PowerShell", false);
/// `Start-Job`.
pub(crate) static BACKGROUND: JobKind = JobKind::of(TypeRef::PSREMOTING_JOB, "BackgroundJob", "localhost", true);
/// The one child of [`BACKGROUND`].
pub(crate) static BACKGROUND_CHILD: JobKind = JobKind::of(TypeRef::PSREMOTING_CHILD_JOB, "", "localhost", true);
/// `ForEach-Object -Parallel -AsJob`.
pub(crate) static PARALLEL: JobKind = JobKind::of(TypeRef::PSTASK_JOB, "PSTaskJob", "PowerShell", false);
/// The children of [`PARALLEL`].
pub(crate) static PARALLEL_CHILD: JobKind =
    JobKind::of(TypeRef::PSTASK_CHILD_JOB, "PSTaskChildJob", "PowerShell", false);

/// What a job has written and nobody has fetched, with the stream of each.
#[derive(Default)]
pub(crate) struct Records {
    written: RefCell<VecDeque<(Stream, Value)>>,
    progress: RefCell<Vec<Value>>,
}

impl Records {
    /// Adds one.
    pub(crate) fn push(&self, stream: Stream, value: Value) {
        self.written.borrow_mut().push_back((stream, value));
        tasks::notify();
    }

    /// Adds a record of progress, which is kept apart: it is for looking at, not for receiving.
    pub(crate) fn push_progress(&self, value: Value) {
        self.progress.borrow_mut().push(value);
    }

    /// The records of progress.
    pub(crate) fn progress(&self) -> Vec<Value> {
        self.progress.borrow().clone()
    }

    /// Takes those of one stream.
    pub(crate) fn take_of(&self, stream: Stream) -> Vec<Value> {
        let (taken, left) = self.written.take().into_iter().partition(|(of, _)| *of == stream);
        let taken: VecDeque<(Stream, Value)> = taken;
        self.written.replace(left);
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// Takes the records of progress.
    pub(crate) fn take_progress(&self) -> Vec<Value> {
        self.progress.take()
    }

    /// Takes the oldest.
    pub(crate) fn pop(&self) -> Option<(Stream, Value)> {
        self.written.borrow_mut().pop_front()
    }

    /// Takes all.
    pub(crate) fn take(&self) -> Vec<(Stream, Value)> {
        self.written.take().into()
    }

    /// All, to look at.
    pub(crate) fn list(&self) -> Vec<(Stream, Value)> {
        self.written.borrow().iter().cloned().collect()
    }

    /// Those of one stream.
    pub(crate) fn of(&self, stream: Stream) -> Vec<Value> {
        self.written.borrow().iter().filter(|(of, _)| *of == stream).map(|(_, value)| value.clone()).collect()
    }

    /// True without any.
    pub(crate) fn is_empty(&self) -> bool {
        self.written.borrow().is_empty()
    }
}

/// A job.
pub(crate) struct Job {
    /// Its number in the session.
    pub(crate) id: i32,
    /// Its number in the world.
    pub(crate) instance: uuid::Uuid,
    /// Its name.
    pub(crate) name: RefCell<Str>,
    /// What kind it is.
    pub(crate) kind: &'static JobKind,
    /// The text it runs.
    pub(crate) command: Str,
    /// What it wrote.
    pub(crate) records: Rc<Records>,
    /// Its own state; a job with children has theirs.
    pub(crate) own_state: Cell<JobState>,
    /// Why it failed.
    pub(crate) reason: RefCell<Option<Rc<ErrorRecord>>>,
    /// When it began.
    pub(crate) begun: Cell<Option<DateTime>>,
    /// When it ended.
    pub(crate) ended: Cell<Option<DateTime>>,
    /// Jobs it is made of, as objects.
    pub(crate) children: RefCell<Vec<Value>>,
    /// Who is told of its states.
    pub(crate) listeners: super::events::Listeners,
    /// Stops it.
    pub(crate) cancellation: Cancellation,
    /// How many sessions it used, where it shares some among its children.
    pub(crate) sessions: Cell<usize>,
    /// `Receive-Job` has told why it failed.
    pub(crate) told: Cell<bool>,
}

impl Job {
    /// A job that has not begun, as an object of its own.
    pub(crate) fn new(
        table: &mut JobTable,
        kind: &'static JobKind,
        name: Option<Str>,
        command: &str,
    ) -> (Rc<Job>, Value) {
        table.last += 1;
        let id = table.last;
        let job = Rc::new(Job {
            id,
            instance: uuid::Uuid::new_v4(),
            name: RefCell::new(name.unwrap_or_else(|| Str::from(format!("Job{id}")))),
            kind,
            command: Str::from(command),
            records: Rc::default(),
            own_state: Cell::new(JobState::NotStarted),
            reason: RefCell::default(),
            begun: Cell::default(),
            ended: Cell::default(),
            children: RefCell::default(),
            cancellation: Cancellation::default(),
            listeners: Default::default(),
            sessions: Cell::new(0),
            told: Cell::new(false),
        });
        let object = Native::value(JobObject(job.clone()));
        (job, object)
    }

    /// The children.
    pub(crate) fn child_jobs(&self) -> Vec<Rc<Job>> {
        self.children.borrow().iter().filter_map(job_of).collect()
    }

    /// Its state: its own, or what its children's come to.
    pub(crate) fn state(&self) -> JobState {
        let children = self.child_jobs();
        if children.is_empty() || self.own_state.get().is_finished() {
            return self.own_state.get();
        }
        let has = |state: JobState| children.iter().any(|child| child.state() == state);
        match () {
            () if children.iter().all(|child| child.state() == JobState::NotStarted) => JobState::NotStarted,
            () if !children.iter().all(|child| child.state().is_finished()) => JobState::Running,
            () if has(JobState::Failed) => JobState::Failed,
            () if has(JobState::Stopped) => JobState::Stopped,
            () => JobState::Completed,
        }
    }

    /// Enters a state and says so to whoever waits.
    pub(crate) fn enter(&self, state: JobState) {
        if state == JobState::Running {
            self.begun.set(Some(DateTime::now()));
        }
        if state.is_finished() {
            self.ended.set(Some(DateTime::now()));
        }
        self.own_state.set(state);
        self.listeners.tell();
        tasks::notify();
    }

    /// Something can be received.
    pub(crate) fn has_more_data(&self) -> bool {
        let open = self.kind.open_while_running && !self.state().is_finished();
        open || !self.records.is_empty() || self.child_jobs().iter().any(|child| child.has_more_data())
    }

    /// Asks it and its children to stop; what has not begun never will.
    pub(crate) fn stop(&self) {
        self.child_jobs().iter().for_each(|child| child.stop());
        self.cancellation.cancel();
        if self.own_state.get() == JobState::NotStarted && self.children.borrow().is_empty() {
            self.enter(JobState::Stopped);
        }
    }

    /// It and its children, innermost first.
    pub(crate) fn tree(self: &Rc<Self>) -> Vec<Rc<Job>> {
        let mut found: Vec<Rc<Job>> = self.child_jobs().iter().flat_map(Job::tree).collect();
        found.push(self.clone());
        found
    }
}

/// Stops every job, for the shell ends; what does not stop soon is left.
pub(crate) fn end_all(session: &mut Session) {
    const PATIENCE: Duration = Duration::from_secs(1);
    session.host.flush();
    tasks::shut_down(Instant::now() + PATIENCE);
}

/// The jobs of a session.
#[derive(Default)]
pub(crate) struct JobTable {
    /// By number.
    pub(crate) jobs: IndexMap<i32, Value>,
    last: i32,
    /// How many thread jobs run at once.
    pub(crate) throttle: Throttle,
}

impl JobTable {
    /// Lists a job.
    pub(crate) fn add(&mut self, job: &Job, object: Value) {
        self.jobs.insert(job.id, object);
    }

    /// All jobs with their objects.
    pub(crate) fn all(&self) -> Vec<(Rc<Job>, Value)> {
        self.jobs.values().filter_map(|value| Some((job_of(value)?, value.clone()))).collect()
    }
}
