//! A job as scripts see it.

use super::{Job, JobState, Records};
use crate::runtime::objects;
use crate::runtime::session::Session;
use crate::runtime::streams::Stream;
use crate::runtime::timer::Timer;
use crate::value::members::library;
use crate::value::{Native, NativeObject, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::rc::Rc;

/// The object of a job.
pub(crate) struct JobObject(pub(crate) Rc<Job>);

/// The job that an object stands for.
pub(crate) fn job_of(value: &Value) -> Option<Rc<Job>> {
    match value {
        Value::Native(native) => native.downcast::<JobObject>().map(|object| object.0.clone()),
        Value::Wrapped(wrapped) => job_of(&wrapped.base),
        _ => None,
    }
}

type Getter = fn(&Job) -> Value;

/// Properties in the order in which they are shown.
const PROPERTIES: &[(&str, Getter)] = &[
    ("State", |job| job.state().value()),
    ("HasMoreData", |job| Value::Bool(job.has_more_data())),
    ("StatusMessage", |_| Value::from("")),
    ("Location", |job| Value::from(job.kind.location)),
    ("Command", |job| Value::Str(job.command.clone())),
    ("JobStateInfo", state_info),
    ("Finished", |job| Value::Bool(job.state().is_finished())),
    ("InstanceId", |job| library::guid::value(job.instance)),
    ("Id", |job| Value::I32(job.id)),
    ("Name", |job| Value::Str(job.name.borrow().clone())),
    ("ChildJobs", |job| objects::collection(job.children.borrow().clone())),
    ("PSBeginTime", |job| time(job.begun.get().or_else(|| child_times(job, false)))),
    ("PSEndTime", |job| time(job.ended.get().or_else(|| child_times(job, true)))),
    ("PSJobTypeName", |job| Value::from(job.kind.name)),
    ("Output", |job| stream(job, Stream::Output)),
    ("Error", |job| stream(job, Stream::Error)),
    ("Progress", |job| Native::value(RecordStream { records: job.records.clone(), stream: None })),
    ("Verbose", |job| stream(job, Stream::Verbose)),
    ("Debug", |job| stream(job, Stream::Debug)),
    ("Warning", |job| stream(job, Stream::Warning)),
    ("Information", |job| stream(job, Stream::Information)),
];

fn stream(job: &Job, stream: Stream) -> Value {
    Native::value(RecordStream { records: job.records.clone(), stream: Some(stream) })
}

/// One stream of a job, as it is when looked at.
struct RecordStream {
    records: Rc<Records>,
    /// `None` for progress.
    stream: Option<Stream>,
}

impl RecordStream {
    fn list(&self) -> Vec<Value> {
        self.stream.map_or_else(|| self.records.progress(), |stream| self.records.of(stream))
    }

    fn take(&self) -> Vec<Value> {
        self.stream.map_or_else(|| self.records.take_progress(), |stream| self.records.take_of(stream))
    }
}

impl NativeObject for RecordStream {
    fn kind(&self) -> TypeRef {
        let item = match self.stream {
            Some(Stream::Error) => TypeRef::ERROR_RECORD,
            Some(Stream::Output) => TypeRef::PSOBJECT,
            None => TypeRef::PROGRESS_RECORD,
            Some(stream) => objects::named(match stream {
                Stream::Warning => "System.Management.Automation.WarningRecord",
                Stream::Verbose => "System.Management.Automation.VerboseRecord",
                Stream::Debug => "System.Management.Automation.DebugRecord",
                _ => "System.Management.Automation.InformationRecord",
            }),
        };
        TypeRef::generic(TypeRef::PSDATA_COLLECTION, &[item]).unwrap_or(TypeRef::PSDATA_COLLECTION)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(self.list())
    }
    fn is_enumerable(&self) -> bool {
        true
    }
    fn count(&self) -> Option<usize> {
        Some(self.list().len())
    }
    fn indexable(&self) -> bool {
        true
    }
    fn at(&self, index: usize) -> Option<Value> {
        self.list().get(index).cloned()
    }
    fn member(&self, name: &str) -> Option<Value> {
        name.eq_ignore_ascii_case("Count").then(|| Value::I32(i32::try_from(self.list().len()).unwrap_or(i32::MAX)))
    }
}

/// A method of a job or of one of its streams; `None` for everything else.
pub(in crate::runtime) fn native_call(session: &mut Session, native: &Native, name: &str) -> Option<Outcome<Value>> {
    if let Some(records) = native.downcast::<RecordStream>() {
        return match name.to_ascii_lowercase().as_str() {
            "readall" => Some(Ok(objects::collection(records.take()))),
            "clear" => {
                records.take();
                Some(Ok(Value::Nothing))
            }
            _ => None,
        };
    }
    if let Some(timer) = native.downcast::<Timer>() {
        return timer.call(name);
    }
    let job = &native.downcast::<JobObject>()?.0;
    match name.to_ascii_lowercase().as_str() {
        "stopjob" => {
            job.stop();
            Some(session.wait(&mut || job.state().is_finished(), None).map(|_| Value::Nothing))
        }
        "stopjobasync" | "dispose" => {
            job.stop();
            Some(Ok(Value::Nothing))
        }
        _ => None,
    }
}

fn time(at: Option<crate::value::DateTime>) -> Value {
    at.map_or(Value::Null, Value::DateTime)
}

/// When the children began or, once all have, ended.
fn child_times(job: &Job, end: bool) -> Option<crate::value::DateTime> {
    let children = job.child_jobs();
    if end && job.state() != JobState::Completed && !job.state().is_finished() {
        return None;
    }
    let times = children.iter().filter_map(|child| if end { child.ended.get() } else { child.begun.get() });
    if end { times.max_by_key(|at| at.ticks()) } else { times.min_by_key(|at| at.ticks()) }
}

fn state_info(job: &Job) -> Value {
    let failed = |job: &Job| job.reason.borrow().as_ref().map(|record| record.exception.clone());
    let reason = failed(job).or_else(|| job.child_jobs().iter().find_map(|child| failed(child)));
    let reason = reason.map_or(Value::Null, Value::Exception);
    objects::object(TypeRef::JOB_STATE_INFO.name(), vec![("State", job.state().value()), ("Reason", reason)])
}

/// What is said of a job's last change of state.
pub(crate) fn state_event(job: &Job) -> Value {
    let state = |state: JobState| {
        objects::object(TypeRef::JOB_STATE_INFO.name(), vec![("State", state.value()), ("Reason", Value::Null)])
    };
    let before = if job.state() == JobState::Running { JobState::NotStarted } else { JobState::Running };
    let rows = vec![("JobStateInfo", state(job.state())), ("PreviousJobStateInfo", state(before))];
    objects::object(TypeRef::JOB_STATE_EVENT_ARGS.name(), rows)
}

impl NativeObject for JobObject {
    fn kind(&self) -> TypeRef {
        self.0.kind.kind
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn member(&self, name: &str) -> Option<Value> {
        if name.eq_ignore_ascii_case("AllocatedRunspaceCount") && self.0.kind.kind == TypeRef::PSTASK_JOB {
            return Some(Value::I32(i32::try_from(self.0.sessions.get()).unwrap_or(i32::MAX)));
        }
        let row = PROPERTIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some((row.1)(&self.0))
    }

    fn set_member(&self, name: &str, value: &Value) -> Option<Outcome<()>> {
        name.eq_ignore_ascii_case("Name").then(|| {
            self.0.name.replace(convert::to_text(value));
            Ok(())
        })
    }

    fn member_names(&self) -> Vec<Str> {
        PROPERTIES.iter().map(|(name, _)| Str::from(*name)).collect()
    }
}
