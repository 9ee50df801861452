//! `Receive-Job`.

use super::choose::{Choice, Found, GuidItem, JobItem};
use super::control::{ID, INSTANCE, NAME};
use super::deliver::deliver;
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::jobs::{Job, JobState, JobTable, state_event};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Stream};
use crate::value::{ErrorCategory, ErrorRecord, Fault, Outcome, Str, Value};
use std::rc::Rc;

const LOCATION: SetMembership = SetMembership::of("Location");
const COMPUTER: SetMembership = SetMembership::of("ComputerName");
const GIVEN: SetMembership = LOCATION.mandatory().position(0).by_value().by_property();

cmdlet! {
    /// `Receive-Job`.
    pub(crate) struct ReceiveJob = "Receive-Job", class "Microsoft.PowerShell.Commands.ReceiveJobCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("Location"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Fetches what jobs have written.",
        examples: &[("Start-ThreadJob { 1 + 1 } | Receive-Job -Wait -AutoRemoveJob", "2\n")], outputs: &[],
    }
    parameters {
        jobs: Vec<JobItem> = ParameterSpec::new("Job").sets(&[GIVEN, COMPUTER.mandatory().position(0).by_value().by_property()]),
        computer: Vec<Str> = ParameterSpec::new("ComputerName").alias(&["Cn"]).sets(&[COMPUTER.position(1).by_property()]),
        location: Vec<Str> = ParameterSpec::new("Location").sets(&[LOCATION.position(1)]),
        ids: Vec<i32> = ParameterSpec::new("Id").sets(&[ID.mandatory().position(0).by_property()]),
        instances: Vec<GuidItem> = ParameterSpec::new("InstanceId").sets(&[INSTANCE.mandatory().position(0).by_property()]),
        names: Vec<Str> = ParameterSpec::new("Name").sets(&[NAME.mandatory().position(0).by_property()]),
        keep: Switch = ParameterSpec::new("Keep"),
        no_recurse: Switch = ParameterSpec::new("NoRecurse"),
        force: Switch = ParameterSpec::new("Force"),
        wait: Switch = ParameterSpec::new("Wait"),
        auto_remove: Switch = ParameterSpec::new("AutoRemoveJob"),
        write_events: Switch = ParameterSpec::new("WriteEvents"),
        write_job: Switch = ParameterSpec::new("WriteJobInResults"),
    }
    state {}
}

/// The order in which the streams of a job are handed on.
const ORDER: [Stream; 6] =
    [Stream::Output, Stream::Error, Stream::Verbose, Stream::Debug, Stream::Warning, Stream::Information];

impl Cmdlet for ReceiveJob {
    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        let rows = [
            (self.auto_remove.0 && !self.wait.0, "-AutoRemoveJob needs -Wait: a job is removed once it has ended."),
            (self.write_job.0 && !self.wait.0, "-WriteJobInResults needs -Wait."),
            (self.write_events.0 && !self.wait.0, "-WriteEvents needs -Wait."),
            (self.force.0 && !self.wait.0, "-Force needs -Wait."),
            (self.keep.0 && self.wait.0, "-Keep and -Wait exclude each other."),
        ];
        match rows.iter().find(|(wrong, _)| *wrong) {
            Some((_, text)) => Fault::new("InvalidOperation", *text)
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err(),
            None => Ok(()),
        }
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let choice = Choice {
            jobs: &self.jobs,
            ids: &self.ids,
            names: &self.names,
            instances: &self.instances,
            ..Choice::default()
        };
        let mut found = choice.find(run)?;
        if !self.location.is_empty() || !self.computer.is_empty() {
            let places: Vec<&Str> = self.location.iter().chain(&self.computer).collect();
            found.retain(|(job, _)| places.iter().any(|place| place.eq_ignore_ascii_case(job.kind.location)));
        }
        if self.write_job.0 {
            for (_, object) in &found {
                run.write(object.clone())?;
            }
        }
        for (job, _) in &found {
            for part in self.parts(job) {
                self.hand_on(run, &part)?;
            }
        }
        if self.wait.0 {
            self.wait_for(run, &found)?;
        }
        Ok(())
    }
}

impl ReceiveJob {
    /// A job and, unless that is not wanted, its children, innermost first.
    fn parts(&self, job: &Rc<Job>) -> Vec<Rc<Job>> {
        if self.no_recurse.0 { vec![job.clone()] } else { job.tree() }
    }

    /// Writes what a job has written so far and, where it failed, why.
    fn hand_on(&self, run: &mut Invocation<'_>, job: &Rc<Job>) -> Outcome<()> {
        let mut records = if self.keep.0 { job.records.list() } else { job.records.take() };
        if !job.kind.keeps_order {
            records.sort_by_key(|(stream, _)| ORDER.iter().position(|of| of == stream));
        }
        for (stream, value) in records {
            deliver(run, stream, value)?;
        }
        self.tell_reason(run, job)
    }

    fn tell_reason(&self, run: &mut Invocation<'_>, job: &Rc<Job>) -> Outcome<()> {
        let Some(reason) = job.reason.borrow().clone() else { return Ok(()) };
        if job.state() != JobState::Failed || (self.wait.0 && job.told.replace(true)) {
            return Ok(());
        }
        let record = match job.kind.keeps_order {
            true => reason,
            false => {
                let record = ErrorRecord::new(
                    reason.exception.clone(),
                    "JobStateFailed",
                    ErrorCategory::InvalidResult,
                    Value::Null,
                );
                record.invocation.replace(reason.invocation.borrow().clone());
                Rc::new(record)
            }
        };
        run.session.write_error_record(record, run.context, run.out)
    }

    /// Writes what comes until the jobs have ended.
    fn wait_for(&self, run: &mut Invocation<'_>, found: &[Found]) -> Outcome<()> {
        let parts: Vec<Rc<Job>> = found.iter().flat_map(|(job, _)| self.parts(job)).collect();
        loop {
            let ended = || found.iter().all(|(job, _)| job.state().is_finished());
            let came = || parts.iter().any(|part| !part.records.is_empty());
            run.session.wait(&mut || came() || ended(), None)?;
            let all_ended = ended();
            for part in &parts {
                while let Some((stream, value)) = part.records.pop() {
                    deliver(run, stream, value)?;
                }
                self.tell_reason(run, part)?;
            }
            if all_ended {
                break;
            }
        }
        if self.write_events.0 {
            for part in &parts {
                run.write(state_event(part))?;
            }
        }
        if self.auto_remove.0 {
            for (job, _) in found {
                run.session.extension::<JobTable>().jobs.shift_remove(&job.id);
            }
        }
        Ok(())
    }
}
