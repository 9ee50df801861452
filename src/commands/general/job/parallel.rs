//! `ForEach-Object -Parallel`: a block run for each object in a session of its own, so many at once.

use super::deliver::drain;
use super::start;
use crate::runtime::jobs::{self, Job, JobState, JobTable, Records, Throttle, Work, captured};
use crate::runtime::{Cancellation, Invocation, Stream, Symbol};
use crate::value::{
    ErrorCategory, ErrorRecord, Exception, Fault, Outcome, ScriptBlock, TypeRef, Value, members, types,
};
use rustc_hash::FxHashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// What `-Parallel` and its companions ask for.
pub(in crate::commands::general) struct Wanted {
    pub(in crate::commands::general) block: Rc<ScriptBlock>,
    pub(in crate::commands::general) throttle: i32,
    pub(in crate::commands::general) timeout: i32,
    pub(in crate::commands::general) as_job: bool,
    pub(in crate::commands::general) new_session: bool,
}

/// One run of the cmdlet. What still runs when it is dropped is told to stop.
pub(in crate::commands::general) struct Parallel {
    script: String,
    using: FxHashMap<Symbol, Value>,
    throttle: Throttle,
    records: Rc<Records>,
    cancellation: Cancellation,
    deadline: Option<Instant>,
    /// With `-AsJob`: the job, its object, and its work so far.
    job: Option<(Rc<Job>, Value, Vec<(Rc<Job>, Work)>)>,
    limit: usize,
    new_session: bool,
}

fn is_block(value: &Value) -> bool {
    matches!(members::bare(value), Value::ScriptBlock(_))
}

fn refused(id: &'static str, text: &'static str, category: ErrorCategory) -> Fault {
    Fault::new(id, text).category(category).exception("System.Management.Automation.PSArgumentException")
}

impl Parallel {
    /// Looks up the `$using:` variables and gets ready.
    pub(in crate::commands::general) fn begin(run: &mut Invocation<'_>, wanted: &Wanted) -> Outcome<Self> {
        let script = wanted.block.text().to_owned();
        let using = captured(run.session, &script, false)?;
        let unsupported = ["ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "PipelineVariable"];
        let common = run.context.common.borrow().clone();
        let given = [
            common.error_action.is_some(),
            common.warning_action.is_some(),
            common.information_action.is_some(),
            common.progress_action.is_some(),
            common.pipeline_variable.is_some(),
        ];
        if let Some((_, name)) = given.iter().zip(unsupported).find(|(given, _)| **given) {
            let text = format!("-{name} does not work with -Parallel; set the preference inside the block.");
            return Fault::new("ParallelCommonParametersNotSupported", text)
                .category(ErrorCategory::NotImplemented)
                .exception("System.Management.Automation.PSNotSupportedException")
                .err();
        }
        if using.values().any(is_block) {
            let text = "A '$using:' variable of -Parallel holds a script block, which belongs to this session alone.";
            return refused("ParallelUsingVariableCannotBeScriptBlock", text, ErrorCategory::InvalidType).err();
        }
        if wanted.as_job && run.is_bound("TimeoutSeconds") {
            let text = "-TimeoutSeconds cannot be used with -AsJob; use Wait-Job -Timeout.";
            return refused("ParallelCannotUseTimeoutWithJob", text, ErrorCategory::InvalidOperation).err();
        }
        let limit = usize::try_from(wanted.throttle).unwrap_or(1);
        let seconds = u64::try_from(wanted.timeout).unwrap_or(0);
        let job = wanted.as_job.then(|| {
            let (job, object) = Job::new(run.session.extension::<JobTable>(), &jobs::PARALLEL, None, &script);
            (job, object, Vec::new())
        });
        Ok(Parallel {
            script,
            using,
            throttle: Throttle::new(limit),
            limit,
            new_session: wanted.new_session,
            records: Rc::default(),
            cancellation: Cancellation::default(),
            deadline: (seconds > 0).then(|| Instant::now() + Duration::from_secs(seconds)),
            job,
        })
    }

    /// Takes an object; writes what earlier ones have brought so far.
    pub(in crate::commands::general) fn accept(&mut self, run: &mut Invocation<'_>, item: Value) -> Outcome<()> {
        if is_block(&item) {
            let text = "A script block cannot be an input of -Parallel: it belongs to this session alone.";
            return run.error(refused("ParallelPipedInputObjectCannotBeScriptBlock", text, ErrorCategory::InvalidType));
        }
        let mut work = Work {
            script: self.script.clone(),
            using: self.using.clone(),
            item: Some(item),
            cancellation: self.cancellation.clone(),
            ..Work::default()
        };
        if let Some((job, _, waiting)) = &mut self.job {
            let table = run.session.extension::<JobTable>();
            let (child, object) = Job::new(table, &jobs::PARALLEL_CHILD, None, &self.script);
            work.cancellation = child.cancellation.clone();
            job.children.borrow_mut().push(object);
            waiting.push((child, work));
            return Ok(());
        }
        if self.is_late() {
            return Ok(());
        }
        let (from, records) = (run.session.surroundings(true), self.records.clone());
        self.throttle.submit(self.cancellation.clone(), move || {
            if work.cancellation.is_cancelled() {
                return;
            }
            let (state, reason) = jobs::run(from, work, &records);
            match (state, reason) {
                (JobState::Failed, Some(reason)) => {
                    records.push(Stream::Error, Value::Error(Rc::new(task_error(&reason))));
                }
                (JobState::Stopped, _) => records.push(Stream::Error, Value::Error(Rc::new(stopped()))),
                _ => {}
            }
        });
        drain(run, &self.records)
    }

    /// Waits for all and writes what they bring; or starts the job.
    pub(in crate::commands::general) fn finish(mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some((job, object, work)) = self.job.take() {
            run.session.extension::<JobTable>().add(&job, object.clone());
            job.begun.set(Some(crate::value::DateTime::now()));
            job.sessions.set(if self.new_session { work.len() } else { work.len().min(self.limit) });
            for (child, work) in work {
                let from = run.session.surroundings(false);
                start::begin(&self.throttle, child, from, work);
            }
            if job.children.borrow().is_empty() {
                job.enter(JobState::Completed);
            }
            return run.write(object);
        }
        loop {
            let (records, throttle) = (self.records.clone(), self.throttle.clone());
            let deadline = self.deadline.filter(|_| !self.cancellation.is_cancelled());
            run.session.wait(&mut || !records.is_empty() || throttle.is_idle(), deadline)?;
            drain(run, &self.records)?;
            if self.throttle.is_idle() && self.records.is_empty() {
                return Ok(());
            }
            if self.is_late() {
                self.throttle.clear();
                self.cancellation.cancel();
            }
        }
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

impl Drop for Parallel {
    fn drop(&mut self) {
        if self.job.is_none() {
            self.cancellation.cancel();
        }
    }
}

/// The error of a block whose time was up.
fn stopped() -> ErrorRecord {
    let kind = types::resolve("System.Management.Automation.PipelineStoppedException");
    let exception = Exception::new(kind.unwrap_or(TypeRef::RUNTIME_EXCEPTION), "The block was stopped.", None);
    ErrorRecord::new(Rc::new(exception), "PSTaskException", ErrorCategory::InvalidOperation, Value::Null)
}

/// The error that ended a block, as the cmdlet writes it.
fn task_error(reason: &ErrorRecord) -> ErrorRecord {
    let category = ErrorCategory::InvalidOperation;
    let record = ErrorRecord::new(reason.exception.clone(), "PSTaskException", category, Value::Null);
    record.invocation.replace(reason.invocation.borrow().clone());
    record
}
