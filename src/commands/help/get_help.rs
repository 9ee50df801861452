//! The cmdlet itself.

use super::text::{self, Detail};
use super::topic::{self, Topic};
use super::{about, text::render};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Symbol};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, PsObject, Shape, Str, Value};
use std::rc::Rc;

cmdlet! {
    /// Shows help.
    pub struct GetHelp = "Get-Help", class "Microsoft.PowerShell.Commands.GetHelpCommand",
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
        if let Some(spec) = run.session.find_cmdlet(Symbol::new(&name))? {
            return self.show(&topic::of_cmdlet(spec), run);
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
            return run.write(object(topic, &render(topic, self.detail())));
        };
        let pattern = Wildcard::new(wanted, false)?;
        let mut found = topic.parameters.iter().filter(|parameter| pattern.matches(&parameter.name)).peekable();
        if found.peek().is_none() {
            return not_found(&format!("{} -{wanted}", topic.name));
        }
        let text: String = found.map(|parameter| text::parameter(parameter, true)).collect();
        run.write(Value::from(text.trim_end()))
    }

    fn list(&self, pattern: &str, run: &mut Invocation<'_>) -> Outcome<()> {
        for entry in self.entries(pattern, run)? {
            let rows = [
                ("Name", Value::from(entry.name)),
                ("Category", Value::from(entry.category)),
                ("Synopsis", Value::from(entry.synopsis)),
            ];
            run.write(custom("HelpInfoShort", rows.into_iter().collect()))?;
        }
        Ok(())
    }

    fn entries(&self, pattern: &str, run: &mut Invocation<'_>) -> Outcome<Vec<Entry>> {
        let pattern = Wildcard::new(pattern, false)?;
        let mut names: Vec<String> = run.session.cmdlets.values().map(|spec| spec.name.to_owned()).collect();
        names.extend(run.session.cmdlet_sources.clone().iter().flat_map(|source| source.names()));
        names.retain(|name| pattern.matches(name));
        names.sort_by_key(|name| name.to_lowercase());
        names.dedup();
        let mut entries: Vec<Entry> = names.into_iter().filter_map(|name| entry(name, run)).collect();
        let about = about::topics().filter(|about| pattern.matches(about.name));
        entries.extend(about.map(|about| Entry {
            name: about.name.to_owned(),
            category: "HelpFile",
            synopsis: about.synopsis.to_owned(),
        }));
        Ok(entries)
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

/// The help of a command as an object; its text is what is shown.
fn object(topic: &Topic, text: &str) -> Value {
    let lines = |items: &[String]| Value::array(items.iter().map(|item| Value::from(item.as_str())).collect());
    let parameters = topic.parameters.iter().map(|parameter| {
        let rows = vec![
            ("name", Value::from(parameter.name.as_str())),
            ("type", Value::from(parameter.type_name.as_str())),
            ("description", Value::from(parameter.help.as_str())),
            ("required", Value::from(parameter.required)),
            ("pipelineInput", Value::from(parameter.pipeline)),
        ];
        custom("MamlCommandHelpInfo#parameter", rows)
    });
    let examples = topic.examples.iter().map(|(code, shows)| {
        let rows = vec![("code", Value::from(code.as_str())), ("remarks", Value::from(shows.as_str()))];
        custom("MamlCommandHelpInfo#example", rows)
    });
    let rows = vec![
        ("Name", Value::from(topic.name.as_str())),
        ("Category", Value::from(topic.category)),
        ("Synopsis", Value::from(topic.synopsis.as_str())),
        ("Description", Value::from(topic.description.as_str())),
        ("Syntax", lines(&topic.syntax)),
        ("Parameters", Value::array(parameters.collect())),
        ("Examples", Value::array(examples.collect())),
        ("ReturnValues", lines(&topic.outputs)),
        ("ModuleName", Value::from(topic.module.as_str())),
        ("Text", Value::from(text)),
    ];
    custom("MamlCommandHelpInfo", rows)
}

fn custom(type_name: &str, rows: Vec<(&str, Value)>) -> Value {
    let names = rows.iter().map(|(name, _)| Str::from(*name)).collect();
    let object = PsObject::custom(Rc::new(Shape { names }), rows.into_iter().map(|(_, value)| value).collect());
    let types = [type_name, "System.Management.Automation.PSCustomObject", "System.Object"];
    object.extension.make().borrow_mut().type_names = Some(types.iter().map(|name| Str::from(*name)).collect());
    Value::Object(object)
}
