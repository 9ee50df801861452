//! The cmdlet itself.

use super::text::{self, Detail};
use super::topic::{self, Topic};
use super::{about, comment, object, text::render};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, Command, ConfirmImpact, FunctionInfo, Invocation, ParameterSpec, SetMembership, Symbol};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};
use std::rc::Rc;

cmdlet! {
    /// Shows help.
    pub(crate) struct GetHelp = "Get-Help", class "Microsoft.PowerShell.Commands.GetHelpCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: Some("AllUsersView"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows what a command does and how it is used, or a text on a topic.",
        examples: &[
            ("Get-Help New-CsPersistentChatRoom -Examples", "Shows examples of a cmdlet."),
            ("Get-Help about_*", "Lists the topics."),
        ],
        outputs: &["ExtendedCmdletHelpInfo"],
    }
    parameters {
        name: Option<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("").position(0).by_property()]),
        category: Option<Value> = ParameterSpec::new("Category"),
        full: Switch = ParameterSpec::new("Full").sets(&[SetMembership::of("AllUsersView")]),
        detailed: Switch = ParameterSpec::new("Detailed").sets(&[SetMembership::of("DetailedView").mandatory()]),
        examples: Switch = ParameterSpec::new("Examples").sets(&[SetMembership::of("Examples").mandatory()]),
        parameter: Option<Str> = ParameterSpec::new("Parameter").sets(&[SetMembership::of("Parameters").mandatory()]),
        online: Switch = ParameterSpec::new("Online").sets(&[SetMembership::of("Online").mandatory()]),
    }
    state {}
}

/// Names, categories and synopses of everything there is help on.
struct Entry {
    name: String,
    category: &'static str,
    synopsis: String,
}

impl Cmdlet for GetHelp {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let name = self.name.as_ref().map_or_else(|| "about_Administration".to_owned(), Str::to_string);
        if name.contains(['*', '?']) {
            return self.list(&name, run);
        }
        if let Some(topic) = find(&name, run)? {
            return self.show(&topic, run);
        }
        if let Some(about) = about::topics().find(|about| about.name.eq_ignore_ascii_case(&name)) {
            return run.write(Value::from(format!("{}\n\n{}\n\n{}", about.name, about.synopsis, about.text)));
        }
        match self.entries(&format!("*{name}*"), run)?.len() {
            0 => not_found(&name),
            _ => self.list(&format!("*{name}*"), run),
        }
    }
}

impl GetHelp {
    fn detail(&self) -> Detail {
        match (self.full.0, self.detailed.0, self.examples.0) {
            (true, ..) => Detail::Full,
            (_, true, _) => Detail::Detailed,
            (.., true) => Detail::Examples,
            _ => Detail::Brief,
        }
    }

    fn show(&self, topic: &Topic, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(wanted) = &self.parameter else {
            return run.write(object::of_topic(topic, &render(topic, self.detail())));
        };
        let pattern = Wildcard::new(wanted, false)?;
        let mut found = topic.parameters.iter().filter(|parameter| pattern.matches(&parameter.name)).peekable();
        if found.peek().is_none() {
            let known: Vec<&str> = topic.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let message = format!("{} has no parameter '{wanted}'. It has: {}.", topic.name, known.join(", "));
            let fault = Fault::new("NoMatchingParameterFound", message).category(ErrorCategory::InvalidArgument);
            return run
                .error(fault.exception("System.Management.Automation.PSArgumentException").target(wanted.clone()));
        }
        found.try_for_each(|parameter| {
            let shown = text::parameter(parameter, true);
            run.write(object::of_parameter(parameter, &format!("\n{}", shown.trim_end())))
        })
    }

    fn list(&self, pattern: &str, run: &mut Invocation<'_>) -> Outcome<()> {
        for entry in self.entries(pattern, run)? {
            let rows = [
                ("Name", Value::from(entry.name)),
                ("Category", Value::from(entry.category)),
                ("Synopsis", Value::from(entry.synopsis)),
            ];
            run.write(object::custom("HelpInfoShort", rows.into_iter().collect()))?;
        }
        Ok(())
    }

    fn entries(&self, pattern: &str, run: &mut Invocation<'_>) -> Outcome<Vec<Entry>> {
        let pattern = Wildcard::new(pattern, false)?;
        let mut names: Vec<String> = run.session.cmdlets.values().map(|spec| spec.name.to_owned()).collect();
        names.extend(run.session.cmdlet_sources.clone().iter().flat_map(|source| source.names()));
        let functions = functions(run).into_iter().filter(|function| pattern.matches(&function.name));
        let functions: Vec<Entry> = functions.map(of_function).collect();
        names.retain(|name| pattern.matches(name));
        names.sort_by_key(|name| name.to_lowercase());
        names.dedup();
        let mut entries: Vec<Entry> = names.into_iter().filter_map(|name| entry(name, run)).collect();
        entries.extend(functions);
        let about = about::topics().filter(|about| pattern.matches(about.name));
        entries.extend(about.map(|about| Entry {
            name: about.name.to_owned(),
            category: "HelpFile",
            synopsis: about.synopsis.to_owned(),
        }));
        Ok(entries)
    }
}

/// Functions in sight that carry a help comment.
fn functions(run: &Invocation<'_>) -> Vec<Rc<FunctionInfo>> {
    let mut found: Vec<Rc<FunctionInfo>> = Vec::new();
    let mut at = Some(run.session.frame.clone());
    while let Some(frame) = at {
        if let Some(extra) = frame.extra() {
            let own = extra.functions.borrow();
            found.extend(own.values().filter(|function| function.block.ast.help.is_some()).cloned());
        }
        at = frame.parent.clone();
    }
    found.sort_by_key(|function| function.name.to_lowercase());
    found.dedup_by(|left, right| left.name.eq_ignore_ascii_case(&right.name));
    found
}

fn of_function(function: Rc<FunctionInfo>) -> Entry {
    let help = function.block.ast.help.as_deref().map(comment::read).unwrap_or_default();
    Entry { name: function.name.to_string(), category: "Function", synopsis: help.synopsis }
}

/// The help of a command: a cmdlet, an alias for one, a function or a script.
fn find(name: &str, run: &mut Invocation<'_>) -> Outcome<Option<Topic>> {
    let Some(command) = run.session.find_command(name, Symbol::new(name))? else { return Ok(None) };
    match command {
        Command::Cmdlet(spec) => Ok(Some(topic::of_cmdlet(spec))),
        Command::Function(function) => {
            let help = function.block.ast.help.as_deref().map(comment::read).unwrap_or_default();
            if let Some(target) = help.forward.as_ref().filter(|target| !target.eq_ignore_ascii_case(name)) {
                return find(&target.clone(), run);
            }
            let signature = run.session.block_signature(&function.name, &function.block)?;
            Ok(Some(topic::of_function(&function, &signature, help)))
        }
        Command::Script(path) => {
            let function = run.session.load_script(&path)?;
            let help = function.block.ast.help.as_deref().map(comment::read).unwrap_or_default();
            let signature = run.session.block_signature(&function.name, &function.block)?;
            Ok(Some(topic::of_function(&function, &signature, help)))
        }
        Command::External(_) => Ok(None),
    }
}

fn entry(name: String, run: &mut Invocation<'_>) -> Option<Entry> {
    let spec = run.session.find_cmdlet(Symbol::new(&name)).ok().flatten()?;
    Some(Entry { name, category: "Cmdlet", synopsis: spec.synopsis.to_owned() })
}

fn not_found(name: &str) -> Outcome<()> {
    let message = format!("There is no help on '{name}'. Get-Help * lists everything there is help on.");
    Fault::new("HelpNotFound", message)
        .category(ErrorCategory::ResourceUnavailable)
        .exception("Microsoft.PowerShell.Commands.HelpNotFoundException")
        .target(name)
        .err()
}
