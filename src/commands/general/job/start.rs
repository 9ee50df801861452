//! `Start-ThreadJob` and `Start-Job`.

use super::process;
use crate::cmdlet;
use crate::commands::general::object::file_path;
use crate::runtime::cmdlet::Switch;
use crate::runtime::jobs::{self, Job, JobState, JobTable, Work, captured};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Str, Value};
use std::rc::Rc;

const BLOCK: SetMembership = SetMembership::of("ScriptBlock");
const FILE: SetMembership = SetMembership::of("FilePath");

cmdlet! {
    /// `Start-ThreadJob`.
    pub(crate) struct StartThreadJob = "Start-ThreadJob", class "Microsoft.PowerShell.ThreadJob.StartThreadJobCommand",
        module "Microsoft.PowerShell.ThreadJob" {
        default_set: Some("ScriptBlock"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Runs a block beside the session, sharing its objects.",
        examples: &[("Start-ThreadJob { $args[0] * 2 } -ArgumentList 4 | Receive-Job -Wait", "8\n")],
        outputs: &["Microsoft.PowerShell.ThreadJob.ThreadJob"],
    }
    parameters {
        block: Option<Rc<ScriptBlock>> = ParameterSpec::new("ScriptBlock").sets(&[BLOCK.mandatory().position(0)]),
        file: Str = ParameterSpec::new("FilePath").validate(&[Validation::NotNullOrEmpty]).sets(&[FILE.mandatory().position(0)]),
        name: Option<Str> = ParameterSpec::new("Name").validate(&[Validation::NotNullOrEmpty]),
        initialization: Option<Rc<ScriptBlock>> = ParameterSpec::new("InitializationScript"),
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList"),
        throttle: i32 = ParameterSpec::new("ThrottleLimit").validate(&[Validation::Range(1.0, 1_000_000.0)]),
        host: Value = ParameterSpec::new("StreamingHost"),
    }
    state { items: Vec<Value> }
}

impl Cmdlet for StartThreadJob {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if run.expects_input() || run.is_bound("InputObject") {
            self.items.push(self.input.clone());
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (mut work, command) = work(run, self.block.as_ref(), &self.file)?;
        work.using = captured(run.session, &work.script, true)?;
        work.initialization = self.initialization.as_ref().map(|block| block.text().to_owned());
        work.arguments = std::mem::take(&mut self.arguments);
        work.input = (!self.items.is_empty()).then(|| std::mem::take(&mut self.items));
        work.shows_information = !self.host.is_null();
        let from = run.session.surroundings(work.shows_information);
        let table = run.session.extension::<JobTable>();
        if self.throttle > 0 {
            table.throttle.set_limit(usize::try_from(self.throttle).unwrap_or(1));
        }
        let (job, object) = Job::new(table, &jobs::THREAD, self.name.clone(), &command);
        table.add(&job, object.clone());
        begin(&table.throttle.clone(), job, from, work);
        run.write(object)
    }
}

/// Runs the work of a job as a task, now or when its turn comes.
pub(super) fn begin(throttle: &jobs::Throttle, job: Rc<Job>, from: jobs::Surroundings, mut work: Work) {
    work.cancellation = job.cancellation.clone();
    let runner = job.clone();
    let at_once = throttle.submit(job.cancellation.clone(), move || {
        if job.state().is_finished() {
            return;
        }
        if job.state() == JobState::NotStarted {
            job.enter(JobState::Running);
        }
        let (state, reason) = jobs::run(from, work, &job.records);
        job.reason.replace(reason);
        job.enter(state);
    });
    if at_once {
        runner.enter(JobState::Running);
    }
}

/// The work of a block or file, and how the job shows it.
fn work(run: &mut Invocation<'_>, block: Option<&Rc<ScriptBlock>>, file: &Str) -> Outcome<(Work, String)> {
    if let Some(block) = block {
        let text = block.text().to_owned();
        return Ok((Work { script: text.clone(), ..Work::default() }, text));
    }
    let path = file_path(run.session, file);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Fault::new("JobFileNotFound", format!("The script '{file}' cannot be read: {error}."))
            .category(ErrorCategory::ObjectNotFound)
            .exception("System.Management.Automation.ItemNotFoundException")
            .target(file.clone())
    })?;
    let shown = text.clone();
    Ok((Work { script: text, path: Some(path.to_string_lossy().into_owned()), ..Work::default() }, shown))
}

const COMPUTER: SetMembership = SetMembership::of("ComputerName");
const FILE_COMPUTER: SetMembership = SetMembership::of("FilePathComputerName");
const LITERAL_COMPUTER: SetMembership = SetMembership::of("LiteralFilePathComputerName");

cmdlet! {
    /// `Start-Job`.
    pub(crate) struct StartJob = "Start-Job", class "Microsoft.PowerShell.Commands.StartJobCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("ComputerName"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Runs a block in a process of its own.",
        examples: &[], outputs: &["System.Management.Automation.PSRemotingJob"],
    }
    parameters {
        block: Option<Rc<ScriptBlock>> = ParameterSpec::new("ScriptBlock").alias(&["Command"]).sets(&[COMPUTER.mandatory().position(0)]),
        file: Str = ParameterSpec::new("FilePath").sets(&[FILE_COMPUTER.mandatory().position(0)]),
        literal: Str = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[LITERAL_COMPUTER.mandatory()]),
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").by_property()]),
        initialization: Option<Rc<ScriptBlock>> = ParameterSpec::new("InitializationScript")
            .sets(&[COMPUTER.position(1), FILE_COMPUTER.position(1), LITERAL_COMPUTER.position(1)]),
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"]),
        directory: Str = ParameterSpec::new("WorkingDirectory").validate(&[Validation::NotNullOrWhiteSpace]),
        narrow: Switch = ParameterSpec::new("RunAs32"),
    }
    state { items: Vec<Value> }
}

impl Cmdlet for StartJob {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if run.expects_input() || run.is_bound("InputObject") {
            self.items.push(self.input.clone());
        }
        Ok(())
    }

    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        if self.narrow.0 {
            return Fault::new("RunAs32NotSupported", "There is no 32-bit shell to run a job in.")
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.PSNotSupportedException")
                .err();
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let file = if self.literal.is_empty() { &self.file } else { &self.literal };
        let (mut work, command) = work(run, self.block.as_ref(), file)?;
        work.using = captured(run.session, &work.script, true)?;
        work.initialization = self.initialization.as_ref().map(|block| block.text().to_owned());
        work.arguments = std::mem::take(&mut self.arguments);
        work.input = (!self.items.is_empty()).then(|| std::mem::take(&mut self.items));
        let location = match self.directory.is_empty() {
            true => run.session.location.clone(),
            false => file_path(run.session, &self.directory),
        };
        if !location.is_dir() {
            let text = format!("'{}' is no directory that a job can begin in.", location.display());
            return Fault::new("DirectoryNotFoundException", text)
                .category(ErrorCategory::InvalidOperation)
                .exception("System.IO.DirectoryNotFoundException")
                .err();
        }
        let table = run.session.extension::<JobTable>();
        let (job, object) = Job::new(table, &jobs::BACKGROUND, self.name.clone(), &command);
        let (child, child_object) = Job::new(table, &jobs::BACKGROUND_CHILD, None, &command);
        job.children.borrow_mut().push(child_object);
        table.add(&job, object.clone());
        job.begun.set(Some(crate::value::DateTime::now()));
        process::begin(run.session, child, work, location)?;
        run.write(object)
    }
}
