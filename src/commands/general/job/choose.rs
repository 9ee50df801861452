//! Which jobs a command is about: given as objects, or by number, name, instance, state or command.

use crate::runtime::jobs::{Job, JobTable, job_of};
use crate::runtime::{FromValue, Invocation};
use crate::value::{Engine, ErrorCategory, Fault, Outcome, Str, Value, convert, wildcard::Wildcard};
use std::rc::Rc;

/// Parameter types that stand for one .NET type and keep the object as it is.
macro_rules! kept_arguments {
    ($($(#[$doc:meta])* $name:ident $one:literal $many:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub(super) struct $name(pub(super) Value);

        impl FromValue for $name {
            const TYPE: &'static str = $one;
            const ARRAY: &'static str = $many;
            fn from_value(value: Value, _: &mut dyn Engine) -> Outcome<Self> {
                Ok($name(value))
            }
        }
    )*};
}

kept_arguments! {
    /// A job.
    JobItem "System.Management.Automation.Job" "System.Management.Automation.Job[]";
    /// A GUID.
    GuidItem "guid" "guid[]";
    /// A job's state.
    StateItem "System.Management.Automation.JobState" "System.Management.Automation.JobState[]";
}

/// A job and its object.
pub(super) type Found = (Rc<Job>, Value);

/// What the parameters say.
#[derive(Default)]
pub(super) struct Choice<'a> {
    pub(super) jobs: &'a [JobItem],
    pub(super) ids: &'a [i32],
    pub(super) names: &'a [Str],
    pub(super) instances: &'a [GuidItem],
    pub(super) state: Option<&'a StateItem>,
    pub(super) commands: &'a [Str],
}

impl Choice<'_> {
    /// True where no parameter chooses.
    pub(super) fn is_open(&self) -> bool {
        let lists = [self.ids.is_empty(), self.names.is_empty(), self.instances.is_empty(), self.commands.is_empty()];
        lists.into_iter().all(|empty| empty) && self.jobs.is_empty() && self.state.is_none()
    }

    /// The jobs, each name or number that fits none being an error of its own.
    pub(super) fn find(&self, run: &mut Invocation<'_>) -> Outcome<Vec<Found>> {
        let mut found: Vec<Found> =
            self.jobs.iter().filter_map(|object| Some((job_of(&object.0)?, object.0.clone()))).collect();
        let known = known(run);
        for id in self.ids {
            let fits: Vec<Found> = known.iter().filter(|(job, _)| job.id == *id).cloned().collect();
            if fits.is_empty() {
                run.error(missing("JobWithSpecifiedSessionNotFound", "number", Value::I32(*id)))?;
            }
            found.extend(fits);
        }
        for name in self.names {
            let pattern = Wildcard::new(name, false)?;
            let fits: Vec<Found> =
                known.iter().filter(|(job, _)| pattern.matches(&job.name.borrow())).cloned().collect();
            if fits.is_empty() && !name.contains(['*', '?', '[']) {
                run.error(missing("JobWithSpecifiedNameNotFound", "name", Value::Str(name.clone())))?;
            }
            found.extend(fits);
        }
        for GuidItem(instance) in self.instances {
            let text = convert::to_text(instance).to_string();
            let fits = |job: &Job| job.instance.to_string().eq_ignore_ascii_case(text.trim_matches(['{', '}']));
            let fits: Vec<Found> = known.iter().filter(|(job, _)| fits(job)).cloned().collect();
            if fits.is_empty() {
                run.error(missing("JobWithSpecifiedInstanceIdNotFound", "instance", instance.clone()))?;
            }
            found.extend(fits);
        }
        if let Some(StateItem(state)) = self.state {
            let state = convert::to_text(state);
            let fits = |job: &Job| convert::to_text(&job.state().value()).eq_ignore_ascii_case(&state);
            found.extend(listed(run).into_iter().filter(|(job, _)| fits(job)));
        }
        for command in self.commands {
            let pattern = Wildcard::new(command, false)?;
            found.extend(listed(run).into_iter().filter(|(job, _)| pattern.matches(&job.command)));
        }
        Ok(found)
    }
}

fn missing(id: &'static str, what: &str, value: Value) -> Fault {
    let text = format!("No job of this session has the {what} {}; Get-Job lists them.", convert::to_text(&value));
    Fault::new(id, text)
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.PSArgumentException")
        .target(value)
}

/// The jobs of the session, without their children.
pub(super) fn listed(run: &mut Invocation<'_>) -> Vec<Found> {
    run.session.extension::<JobTable>().all()
}

/// The jobs of the session and their children.
pub(super) fn known(run: &mut Invocation<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for (job, object) in listed(run) {
        let children: Vec<Found> =
            job.children.borrow().iter().filter_map(|child| Some((job_of(child)?, child.clone()))).collect();
        all.push((job, object));
        all.extend(children);
    }
    all
}
