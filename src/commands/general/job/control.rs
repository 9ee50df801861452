//! `Get-Job`, `Wait-Job`, `Stop-Job`, `Remove-Job`.

use super::choose::{Choice, Found, GuidItem, JobItem, StateItem, listed};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::jobs::{Job, JobState, JobTable};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, Str, Value};
use std::rc::Rc;
use std::time::{Duration, Instant};

pub(super) const ID: SetMembership = SetMembership::of("SessionIdParameterSet");
pub(super) const INSTANCE: SetMembership = SetMembership::of("InstanceIdParameterSet");
pub(super) const NAME: SetMembership = SetMembership::of("NameParameterSet");
pub(super) const STATE: SetMembership = SetMembership::of("StateParameterSet");
pub(super) const COMMAND: SetMembership = SetMembership::of("CommandParameterSet");
const JOB: SetMembership = SetMembership::of("JobParameterSet");

const AT_WILL: SetMembership = ID.position(0).by_property();
const MUST: SetMembership = AT_WILL.mandatory();

const NAMES: ParameterSpec = ParameterSpec::new("Name").sets(&[NAME.mandatory().position(0).by_property()]);
const STATES: ParameterSpec = ParameterSpec::new("State").sets(&[STATE.mandatory().position(0).by_property()]);
const JOBS: ParameterSpec = ParameterSpec::new("Job").sets(&[JOB.mandatory().position(0).by_value().by_property()]);
const INSTANCES: ParameterSpec =
    ParameterSpec::new("InstanceId").sets(&[INSTANCE.mandatory().position(0).by_property()]);

cmdlet! {
    /// `Get-Job`.
    pub(crate) struct GetJob = "Get-Job", class "Microsoft.PowerShell.Commands.GetJobCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("SessionIdParameterSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the jobs of the session.",
        examples: &[("$null = Start-ThreadJob { 1 } -Name one; (Get-Job one).PSJobTypeName", "ThreadJob\n")],
        outputs: &["System.Management.Automation.Job"],
    }
    parameters {
        ids: Vec<i32> = ParameterSpec::new("Id").sets(&[AT_WILL]),
        instances: Vec<GuidItem> = INSTANCES,
        names: Vec<Str> = NAMES,
        state: Option<StateItem> = STATES,
        commands: Vec<Str> = ParameterSpec::new("Command").sets(&[COMMAND.by_property()]),
        include_children: Switch = ParameterSpec::new("IncludeChildJob"),
        child_state: Option<StateItem> = ParameterSpec::new("ChildJobState"),
        more_data: Option<bool> = ParameterSpec::new("HasMoreData"),
        before: Option<DateTime> = ParameterSpec::new("Before"),
        after: Option<DateTime> = ParameterSpec::new("After"),
        newest: Option<i32> = ParameterSpec::new("Newest"),
    }
    state {}
}

impl Cmdlet for GetJob {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let choice = Choice {
            ids: &self.ids,
            names: &self.names,
            instances: &self.instances,
            state: self.state.as_ref(),
            commands: &self.commands,
            ..Choice::default()
        };
        let mut found = if choice.is_open() { listed(run) } else { choice.find(run)? };
        found.retain(|(job, _)| self.fits(job));
        if let Some(newest) = self.newest {
            found.sort_by_key(|(job, _)| std::cmp::Reverse(job.begun.get().map(|at| at.ticks())));
            found.truncate(usize::try_from(newest).unwrap_or(0));
        }
        for (job, object) in found {
            run.write(object)?;
            if self.include_children.0 || self.child_state.is_some() {
                for child in job.children.borrow().clone() {
                    run.write(child)?;
                }
            }
        }
        Ok(())
    }
}

impl GetJob {
    fn fits(&self, job: &Job) -> bool {
        let ended = job.ended.get().map(|at| at.ticks());
        let in_time = self.before.is_none_or(|limit| ended.is_some_and(|at| at < limit.ticks()))
            && self.after.is_none_or(|limit| ended.is_some_and(|at| at > limit.ticks()));
        in_time && self.more_data.is_none_or(|wanted| wanted == job.has_more_data())
    }
}

cmdlet! {
    /// `Wait-Job`.
    pub(crate) struct WaitJob = "Wait-Job", class "Microsoft.PowerShell.Commands.WaitJobCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("SessionIdParameterSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Waits until jobs have ended.",
        examples: &[("(Start-ThreadJob { 1 } | Wait-Job).State", "Completed\n")],
        outputs: &["System.Management.Automation.Job"],
    }
    parameters {
        jobs: Vec<JobItem> = JOBS,
        ids: Vec<i32> = ParameterSpec::new("Id").sets(&[MUST]),
        instances: Vec<GuidItem> = INSTANCES,
        names: Vec<Str> = NAMES,
        state: Option<StateItem> = STATES,
        any: Switch = ParameterSpec::new("Any"),
        timeout: i32 = ParameterSpec::new("Timeout").alias(&["TimeoutSec"]).validate(&[Validation::Range(-1.0, 2_147_483_647.0)]),
        force: Switch = ParameterSpec::new("Force"),
    }
    state { found: Vec<Found>, begun: Option<Instant> }
}

impl Cmdlet for WaitJob {
    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.begun = Some(Instant::now());
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let choice = Choice {
            jobs: &self.jobs,
            ids: &self.ids,
            names: &self.names,
            instances: &self.instances,
            state: self.state.as_ref(),
            ..Choice::default()
        };
        let found = choice.find(run)?;
        self.found.extend(found);
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let found = std::mem::take(&mut self.found);
        if found.is_empty() {
            return Ok(());
        }
        let limit = u64::try_from(self.timeout).ok().filter(|_| run.is_bound("Timeout"));
        let deadline = limit.zip(self.begun).map(|(seconds, begun)| begun + Duration::from_secs(seconds));
        let ended = |(job, _): &Found| job.state().is_finished();
        let any = self.any.0;
        let enough = || if any { found.iter().any(ended) } else { found.iter().all(ended) };
        if !run.session.wait(&mut || enough(), deadline)? {
            return Ok(());
        }
        let wanted = if any { 1 } else { usize::MAX };
        for (_, object) in found.iter().filter(|found| ended(found)).take(wanted) {
            run.write(object.clone())?;
        }
        Ok(())
    }
}

/// Stops a job and waits until it has.
fn stop(run: &mut Invocation<'_>, job: &Rc<Job>) -> Outcome<()> {
    if !job.state().is_finished() {
        job.stop();
        run.session.wait(&mut || job.state().is_finished(), None)?;
    }
    Ok(())
}

cmdlet! {
    /// `Stop-Job`.
    pub(crate) struct StopJob = "Stop-Job", class "Microsoft.PowerShell.Commands.StopJobCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("SessionIdParameterSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Stops jobs.",
        examples: &[("$j = Start-ThreadJob { Start-Sleep 60 }; Stop-Job $j; $j.State", "Stopped\n")],
        outputs: &["System.Management.Automation.Job"],
    }
    parameters {
        jobs: Vec<JobItem> = JOBS,
        ids: Vec<i32> = ParameterSpec::new("Id").sets(&[MUST]),
        instances: Vec<GuidItem> = INSTANCES,
        names: Vec<Str> = NAMES,
        state: Option<StateItem> = STATES,
        pass_through: Switch = ParameterSpec::new("PassThru"),
    }
    state {}
}

impl Cmdlet for StopJob {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let choice = Choice {
            jobs: &self.jobs,
            ids: &self.ids,
            names: &self.names,
            instances: &self.instances,
            state: self.state.as_ref(),
            ..Choice::default()
        };
        for (job, object) in choice.find(run)? {
            let target = format!("{} ({})", job.name.borrow(), job.id);
            if run.should_process(&target, "Stop-Job")? {
                stop(run, &job)?;
            }
            if self.pass_through.0 {
                run.write(object)?;
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Remove-Job`.
    pub(crate) struct RemoveJob = "Remove-Job", class "Microsoft.PowerShell.Commands.RemoveJobCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("SessionIdParameterSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Takes jobs that have ended off the session's list.",
        examples: &[("Start-ThreadJob { 1 } | Wait-Job | Remove-Job; @(Get-Job).Count", "0\n")], outputs: &[],
    }
    parameters {
        jobs: Vec<JobItem> = JOBS,
        ids: Vec<i32> = ParameterSpec::new("Id").sets(&[MUST]),
        instances: Vec<GuidItem> = INSTANCES,
        names: Vec<Str> = NAMES,
        state: Option<StateItem> = STATES,
        commands: Vec<Str> = ParameterSpec::new("Command").sets(&[COMMAND.by_property()]),
        force: Switch = ParameterSpec::new("Force").alias(&["F"]),
    }
    state {}
}

impl Cmdlet for RemoveJob {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let choice = Choice {
            jobs: &self.jobs,
            ids: &self.ids,
            names: &self.names,
            instances: &self.instances,
            state: self.state.as_ref(),
            commands: &self.commands,
        };
        for (job, object) in choice.find(run)? {
            let target = format!("{} ({})", job.name.borrow(), job.id);
            if !run.should_process(&target, "Remove-Job")? {
                continue;
            }
            if !matches!(job.state(), JobState::Completed | JobState::Failed | JobState::Stopped) {
                if !self.force.0 {
                    run.error(unfinished(&job, object))?;
                    continue;
                }
                stop(run, &job)?;
            }
            run.session.extension::<JobTable>().jobs.shift_remove(&job.id);
        }
        Ok(())
    }
}

fn unfinished(job: &Job, object: Value) -> Fault {
    let text = format!("The job {} has not ended; stop it first, or use -Force.", job.id);
    Fault::new("JobObjectNotFinishedCannotBeRemoved", text)
        .category(ErrorCategory::InvalidOperation)
        .exception("System.ArgumentException")
        .target(object)
}
