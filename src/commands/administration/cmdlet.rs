//! A described cmdlet at work: bound parameters become a call, the reply becomes objects, warnings and errors.

use super::declare::{Declared, declared};
use super::object::ObjectMaker;
use super::state::{Administration, client};
use super::{approval, argument, file, object, problem, progress, source, view};
use crate::api::{Call, Problem, Reply};
use crate::catalogue::{Noun, Parameter};
use crate::runtime::{BindParameter, Cmdlet, CmdletSpec, Invocation};
use crate::value::{Engine, Fault, Outcome, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// One described cmdlet in a pipeline.
pub(super) struct ManifestCmdlet {
    declared: Option<&'static Declared>,
    /// Values by the parameters' places.
    bound: Vec<Option<Value>>,
    /// Which of them the command line gave; the others come from the pipeline and last for one object.
    explicit: Vec<bool>,
    objects: Option<ObjectMaker>,
}

impl ManifestCmdlet {
    pub(super) fn make(spec: &'static CmdletSpec) -> Box<dyn Cmdlet> {
        let count = spec.parameters.len();
        let bound = vec![None; count];
        Box::new(ManifestCmdlet { declared: declared(spec), bound, explicit: vec![false; count], objects: None })
    }

    fn declared(&self) -> Outcome<&'static Declared> {
        self.declared.ok_or_else(|| Fault::new("BrokenManifest", "The cmdlet has no manifest.").into())
    }
}

impl BindParameter for ManifestCmdlet {
    fn set(&mut self, index: usize, value: Value, _engine: &mut dyn Engine) -> Outcome<()> {
        let declared = self.declared()?;
        if let (Some(place), Some(parameter)) = (self.bound.get_mut(index), declared.cmdlet.parameters.get(index)) {
            *place = Some(argument::accept(&declared.noun, parameter, value)?);
        }
        Ok(())
    }
}

impl Cmdlet for ManifestCmdlet {
    fn begin(&mut self, _run: &mut Invocation<'_>) -> Outcome<()> {
        self.explicit = self.bound.iter().map(Option::is_some).collect();
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let declared = self.declared()?;
        let arguments = Arguments { declared, bound: &self.bound };
        let outcome = match self.request(&arguments, run) {
            Ok(call) => self.run(declared, call, run),
            Err(problem) => report(run, &problem),
        };
        for (value, explicit) in self.bound.iter_mut().zip(&self.explicit) {
            if !explicit {
                *value = None;
            }
        }
        outcome
    }
}

/// The bound parameters of one call by name.
pub(super) struct Arguments<'a> {
    declared: &'static Declared,
    bound: &'a [Option<Value>],
}

impl Arguments<'_> {
    /// Parameters that have a value.
    fn given(&self) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        let pairs = self.declared.cmdlet.parameters.iter().zip(self.bound);
        pairs.filter_map(|(parameter, value)| value.as_ref().map(|value| (parameter, value)))
    }

    /// The value of a parameter.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.given().find(|(parameter, _)| parameter.name == name).map(|(_, value)| value)
    }

    /// A parameter with its value.
    pub(super) fn parameter(&self, name: &str) -> Option<(&'static Parameter, &Value)> {
        self.given().find(|(parameter, _)| parameter.name == name)
    }

    /// The text of a parameter that has one.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(argument::text).filter(|text| !text.is_empty())
    }

    /// True where a switch is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.value(name).is_some_and(argument::truth)
    }
}

impl ManifestCmdlet {
    /// The call that the bound parameters ask for.
    fn request(&self, arguments: &Arguments<'_>, run: &mut Invocation<'_>) -> Result<Call, Problem> {
        let declared = arguments.declared;
        let mut call = Call::new(&declared.cmdlet.verb, &declared.noun.name);
        for (parameter, value) in arguments.given().filter(|(parameter, _)| !parameter.local) {
            let json = emptied(&declared.noun, parameter, argument::to_json(parameter, value));
            match (parameter.name.as_str(), &json) {
                ("Identity", Json::String(identity)) => call.identity = Some(identity.clone()),
                _ => call = call.with(&parameter.wire_name(), json),
            }
        }
        if let Some(revision) = self.guarded_instance().and_then(object::revision) {
            call.if_match = Some(format!("\"{revision}\""));
        }
        file::read_parameters(arguments, &mut call, run)?;
        let state = Administration::of(run.session);
        call.transaction.clone_from(&state.transaction);
        call.computer.clone_from(&state.computer);
        Ok(call)
    }

    /// The object of a `Set-… -Instance` that the command line gave: it may have been read long ago, so that the change is
    /// refused where the object has changed since. What comes through the pipeline was read just now.
    fn guarded_instance(&self) -> Option<&Value> {
        let declared = self.declared.filter(|declared| declared.cmdlet.verb == "Set")?;
        let place = declared.cmdlet.parameters.iter().position(|parameter| parameter.name == "Instance")?;
        self.explicit.get(place).filter(|explicit| **explicit)?;
        self.bound.get(place)?.as_ref()
    }

    fn run(&mut self, declared: &'static Declared, call: Call, run: &mut Invocation<'_>) -> Outcome<()> {
        if declared.cmdlet.should_process && !approval::approve(&call, run)? {
            return Ok(());
        }
        let client = client(run);
        let mut log = file::Log::default();
        let shown = progress::begin(run, &call.verb, call.parameters.text("fileName"));
        for page in client.pages(&call) {
            match page {
                Ok(reply) => {
                    if shown {
                        progress::end(run);
                    } else if !call.is_read() {
                        progress::wrote(run);
                    }
                    log.add(&reply);
                    if let Some(instance) = self.guarded_instance() {
                        // What a transaction does is not yet so: the object's next change within it is not guarded.
                        let revision = reply.revisions.first().filter(|_| call.transaction.is_none());
                        object::set_revision(instance, revision.copied());
                    }
                    self.reply(declared, &reply, run)?;
                }
                Err(problem) => {
                    if shown {
                        progress::end(run);
                    }
                    let problem = match approval::force_after_question(&client, &call, problem, run)? {
                        Ok(reply) => return self.reply(declared, &reply, run),
                        Err(problem) => problem,
                    };
                    log.problem(&problem);
                    report(run, &problem)?;
                }
            }
        }
        let arguments = Arguments { declared, bound: &self.bound };
        if !log.has_errors() {
            file::write_backup(&arguments, &call, run)?;
        }
        file::write_report(&arguments, &log, run)
    }

    fn reply(&mut self, declared: &'static Declared, reply: &Reply, run: &mut Invocation<'_>) -> Outcome<()> {
        tell(reply, run)?;
        let arguments = Arguments { declared, bound: &self.bound };
        if file::take_reply(&arguments, reply, run)? {
            return Ok(());
        }
        let has_pass_through = declared.cmdlet.parameters.iter().any(|p| p.name == "PassThru");
        let wanted = if has_pass_through { arguments.is_on("PassThru") } else { !declared.cmdlet.outputs.is_empty() };
        if wanted {
            let maker = self.objects.get_or_insert_with(|| maker(declared, run));
            for (place, item) in reply.value.iter().enumerate() {
                let object = maker.make(item, reply.revision_of(place));
                run.write(object)?;
            }
        }
        reply.problems.iter().try_for_each(|problem| report(run, problem))
    }
}

/// Says what a reply says besides its objects.
pub(super) fn tell(reply: &Reply, run: &mut Invocation<'_>) -> Outcome<()> {
    reply.warnings.iter().try_for_each(|text| run.warning(text))?;
    reply.verbose.iter().try_for_each(|text| run.verbose(text))
}

/// Writes a problem as an error: one that ends the pipeline where the service says so.
pub(super) fn report(run: &mut Invocation<'_>, problem: &Problem) -> Outcome<()> {
    let fault = problem::fault(problem);
    if problem.terminating { fault.err() } else { run.error(fault) }
}

/// Nouns whose objects other nouns' cmdlets give as well, by the end of the type's name.
const SHARED_OUTPUTS: [(&str, &str); 2] =
    [("OCSUserOrAppContact", "CsUser"), ("SyntheticTransactions.TaskOutput", "CsReplica")];

/// What comes out of cmdlets that answer with another noun's object, such as a user, is shown as that noun's.
fn maker(declared: &'static Declared, run: &mut Invocation<'_>) -> ObjectMaker {
    let output = declared.cmdlet.outputs.first().map(String::as_str);
    let shared = SHARED_OUTPUTS.iter().find(|(end, _)| output.is_some_and(|name| name.ends_with(end)));
    let noun: Arc<Noun> = match shared.and_then(|(_, noun)| source::noun(run.session, noun)) {
        Some(noun) => noun,
        None => declared.noun.clone(),
    };
    view::register(run.session, &noun);
    let plain = |name: &str| matches!(name, "System.Object" | "System.String" | "System.Byte[]");
    let first = output.filter(|name| !noun.types.iter().any(|known| known == name) && !plain(name));
    ObjectMaker::new(noun, if declared.noun.types.is_empty() || shared.is_some() { first } else { None })
}

/// An empty text takes a value away where the property can be without one, since `$null` given to a text parameter
/// arrives as an empty text.
fn emptied(noun: &Noun, parameter: &Parameter, value: Json) -> Json {
    if value.as_str() != Some("") {
        return value;
    }
    let nullable = noun.property(parameter.sets_property()).is_some_and(|property| property.default.is_null());
    if parameter.name == "PolicyName" || (nullable && parameter.name != "Identity") { Json::Null } else { value }
}
