//! A job as scripts see it.

use super::{Job, JobState};
use crate::runtime::objects;
use crate::runtime::streams::Stream;
use crate::value::members::library;
use crate::value::{NativeObject, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::rc::Rc;

/// The object of a job.
pub struct JobObject(pub Rc<Job>);

/// The job that an object stands for.
pub fn job_of(value: &Value) -> Option<Rc<Job>> {
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
    ("Progress", |_| objects::collection(Vec::new())),
    ("Verbose", |job| stream(job, Stream::Verbose)),
    ("Debug", |job| stream(job, Stream::Debug)),
    ("Warning", |job| stream(job, Stream::Warning)),
    ("Information", |job| stream(job, Stream::Information)),
];

fn stream(job: &Job, stream: Stream) -> Value {
    objects::collection(job.records.of(stream))
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

impl NativeObject for JobObject {
    fn kind(&self) -> TypeRef {
        self.0.kind.kind
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn member(&self, name: &str) -> Option<Value> {
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
