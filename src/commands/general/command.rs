//! `Get-Command`: what commands there are, and what each takes.

use super::alias::{alias_object, visible_aliases};
use crate::cmdlet;
use crate::commands::administration::Administration;
use crate::runtime::binder::{
    ALL_SETS, ALL_SETS_NAME, Check, CommandSignature, Form, Membership, Parameter, SetMask, from_cmdlet, usage,
};
use crate::runtime::cmdlet::Switch;
use crate::runtime::objects::{engine_version, object_with_text};
use crate::runtime::{
    Cmdlet, CmdletSpec, Command, ConfirmImpact, FunctionInfo, Invocation, ParameterSpec, Session, SetMembership,
    Symbol, Validation, object,
};
use crate::value::wildcard::{Wildcard, has_wildcard};
use crate::value::{Array, ErrorCategory, Fault, Hashtable, Outcome, Str, TypeRef, Value, convert, types};
use std::collections::HashSet;
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GetCommand::SPEC];

cmdlet! {
    /// `Get-Command`.
    pub(crate) struct GetCommand = "Get-Command", class "Microsoft.PowerShell.Commands.GetCommandCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("AllCommandSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Finds commands by name, verb, noun or module, and tells what they take.",
        examples: &[("(Get-Command Get-Date).CommandType", "Cmdlet\n")],
        outputs: &["System.Management.Automation.CommandInfo"],
    }
    parameters {
        name: Vec<Str> = ParameterSpec::new("Name").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("AllCommandSet").position(0).by_value().by_property()]),
        verb: Vec<Str> = ParameterSpec::new("Verb").sets(&[SetMembership::of("CmdletSet").by_property()]),
        noun: Vec<Str> = ParameterSpec::new("Noun").sets(&[SetMembership::of("CmdletSet").by_property()]),
        module: Vec<Str> = ParameterSpec::new("Module").alias(&["PSSnapin"]),
        excluded: Vec<Str> = ParameterSpec::new("ExcludeModule"),
        specification: Vec<Value> = ParameterSpec::new("FullyQualifiedModule").sets(&[SetMembership::of("").by_property()]),
        command_type: Option<Str> = ParameterSpec::new("CommandType").alias(&["Type"])
            .typed("System.Management.Automation.CommandTypes").sets(&[SetMembership::of("AllCommandSet").by_property()]),
        total: Option<i32> = ParameterSpec::new("TotalCount"),
        syntax: Switch = ParameterSpec::new("Syntax"),
        all: Switch = ParameterSpec::new("All"),
        list_imported: Switch = ParameterSpec::new("ListImported"),
        parameter_name: Vec<Str> = ParameterSpec::new("ParameterName"),
        parameter_type: Vec<Value> = ParameterSpec::new("ParameterType"),
        show_info: Switch = ParameterSpec::new("ShowCommandInfo"),
        fuzzy: Switch = ParameterSpec::new("UseFuzzyMatching").sets(&[SetMembership::of("AllCommandSet")]),
        distance: Option<u32> = ParameterSpec::new("FuzzyMinimumDistance").sets(&[SetMembership::of("AllCommandSet")]),
        abbreviated: Switch = ParameterSpec::new("UseAbbreviationExpansion"),
        arguments: Vec<Value> = ParameterSpec::new("ArgumentList").alias(&["Args"]),
    }
    state { written: usize }
}

fn fits(pattern: &str, text: &str) -> bool {
    pattern.eq_ignore_ascii_case(text) || Wildcard::new(pattern, false).is_ok_and(|wildcard| wildcard.matches(text))
}

impl Cmdlet for GetCommand {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let by_parts = !self.verb.is_empty() || !self.noun.is_empty();
        let names = if self.name.is_empty() { vec![Str::from("*")] } else { self.name.clone() };
        for name in names {
            if has_wildcard(&name) || by_parts || self.abbreviated.0 {
                self.list(run, &name, by_parts)?;
            } else {
                self.single(run, &name)?;
            }
        }
        Ok(())
    }
}

impl GetCommand {
    /// The command that a name means.
    fn single(&mut self, run: &mut Invocation<'_>, name: &Str) -> Outcome<()> {
        let symbol = Symbol::new(name);
        if self.wants("Alias")
            && let Some(alias) = run.session.find_alias(symbol)
        {
            let shown = alias_object(run.session, &alias);
            return self.give(run, shown, None);
        }
        match self.find(run.session, name, symbol)? {
            Some(command) if !Refused::among(run, &[&command]).holds(&command) => {
                let signature = signature_of(run.session, &command)?;
                let shown = command_object(run.session, &command, signature.as_ref())?;
                self.give(run, shown, signature)
            }
            _ => {
                let fault = Fault::new("CommandNotFoundException", format!("There is no command named '{name}'."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Management.Automation.CommandNotFoundException")
                    .property("CommandName", Value::Str(name.clone()))
                    .target(Value::Str(name.clone()));
                run.error(fault)
            }
        }
    }

    /// The first command of a name that is of a kind asked for.
    fn find(&self, session: &mut Session, name: &str, symbol: Symbol) -> Outcome<Option<Command>> {
        let found = session.find_command(name, symbol)?;
        if let Some(command) = found.filter(|command| self.wants(kind_name(command))) {
            return Ok(Some(command));
        }
        if self.wants("Cmdlet")
            && let Some(spec) = session.find_cmdlet(symbol)?
        {
            return Ok(Some(Command::Cmdlet(spec)));
        }
        let external = session.find_external(name);
        Ok(external.filter(|command| self.wants(kind_name(command))))
    }

    fn wants(&self, kind: &str) -> bool {
        let Some(types) = &self.command_type else { return true };
        types.split(',').any(|wanted| {
            let wanted = wanted.trim();
            wanted.eq_ignore_ascii_case("All") || wanted.eq_ignore_ascii_case(kind)
        })
    }

    fn give(&mut self, run: &mut Invocation<'_>, shown: Value, signature: Option<Rc<CommandSignature>>) -> Outcome<()> {
        if self.total.is_some_and(|total| self.written >= total.max(0) as usize) {
            return Ok(());
        }
        self.written += 1;
        match (self.syntax.0, signature) {
            (true, Some(signature)) => {
                let text: String = usage::lines(&signature).into_iter().map(|line| format!("\n{line}\n")).collect();
                run.write(Value::from(text))
            }
            _ => run.write(shown),
        }
    }

    /// All commands that match: aliases, functions, cmdlets, each sorted by name.
    fn list(&mut self, run: &mut Invocation<'_>, pattern: &str, by_parts: bool) -> Outcome<()> {
        let mut found: Vec<(String, Command)> = Vec::new();
        if self.wants("Function") || self.wants("Filter") {
            let functions = visible_functions(run.session).into_iter();
            found.extend(functions.map(|f| (f.name.to_string(), Command::Function(f))));
        }
        if self.wants("Cmdlet") {
            for name in cmdlet_names(run.session) {
                let wanted =
                    fits(pattern, &name) || self.abbreviated.0 && abbreviation(&name).eq_ignore_ascii_case(pattern);
                if wanted && let Some(spec) = run.session.find_cmdlet(Symbol::new(&name))? {
                    found.push((name, Command::Cmdlet(spec)));
                }
            }
        }
        let fits_name =
            |name: &str| fits(pattern, name) || self.abbreviated.0 && abbreviation(name).eq_ignore_ascii_case(pattern);
        found.retain(|(name, command)| fits_name(name) && self.right_parts(name) && self.right_module(command));
        let commands: Vec<&Command> = found.iter().map(|(_, command)| command).collect();
        let refused = Refused::among(run, &commands);
        found.retain(|(_, command)| !refused.holds(command));
        found.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        if self.command_type.is_some() && self.wants("Application") && !by_parts {
            let pattern = Wildcard::new(pattern, false)?;
            for program in run.session.programs(&|name| pattern.matches(name)) {
                let shown = run.session.command_object(&program);
                self.give(run, shown, None)?;
            }
        }
        if self.wants("Alias") && !by_parts && self.module.is_empty() && self.parameter_name.is_empty() {
            for alias in visible_aliases(run.session, None) {
                if fits(pattern, &alias.name) {
                    let shown = alias_object(run.session, &alias);
                    self.give(run, shown, None)?;
                }
            }
        }
        for (_, command) in found {
            let signature = signature_of(run.session, &command)?;
            if !self.has_parameters(signature.as_deref()) {
                continue;
            }
            let shown = command_object(run.session, &command, signature.as_ref())?;
            self.give(run, shown, signature)?;
        }
        Ok(())
    }

    fn right_parts(&self, name: &str) -> bool {
        let (verb, noun) = name.split_once('-').unwrap_or((name, ""));
        let any = |patterns: &[Str], text: &str| patterns.is_empty() || patterns.iter().any(|p| fits(p, text));
        let both = self.verb.is_empty() && self.noun.is_empty() || name.contains('-');
        both && any(&self.verb, verb) && any(&self.noun, noun)
    }

    fn right_module(&self, command: &Command) -> bool {
        let module = module_name(command);
        let excluded = self.excluded.iter().any(|pattern| fits(pattern, &module));
        !excluded && (self.module.is_empty() || self.module.iter().any(|pattern| fits(pattern, &module)))
    }

    fn has_parameters(&self, signature: Option<&CommandSignature>) -> bool {
        let takes = |wanted: &Str| {
            signature.is_some_and(|s| s.parameters.iter().any(|p| fits(wanted, &p.name)) || s.find(wanted).is_some())
        };
        self.parameter_name.is_empty() || self.parameter_name.iter().any(takes)
    }
}

/// The cmdlets of the management service that the connected account's roles do not hold: they are not shown.
struct Refused(Option<HashSet<String>>);

impl Refused {
    /// The service is asked only where one of its cmdlets is among those to be shown.
    fn among(run: &mut Invocation<'_>, commands: &[&Command]) -> Self {
        match commands.iter().any(|command| described(command).is_some()) {
            true => Refused(Administration::of(run.session).runnable()),
            false => Refused(None),
        }
    }

    fn holds(&self, command: &Command) -> bool {
        let Refused(Some(runnable)) = self else { return false };
        described(command).is_some_and(|name| !runnable.contains(&name.to_ascii_lowercase()))
    }
}

/// The name of a cmdlet that a manifest describes.
fn described(command: &Command) -> Option<&'static str> {
    match command {
        Command::Cmdlet(spec) if spec.data.is_some() => Some(spec.name),
        _ => None,
    }
}

fn visible_functions(session: &Session) -> Vec<Rc<FunctionInfo>> {
    let mut found: Vec<Rc<FunctionInfo>> = Vec::new();
    let mut at = Some(session.frame.clone());
    while let Some(frame) = at {
        if let Some(extra) = frame.extra() {
            for function in extra.functions.borrow().values() {
                if !found.iter().any(|known| known.name.eq_ignore_ascii_case(&function.name)) {
                    found.push(function.clone());
                }
            }
        }
        at = frame.parent.clone();
    }
    found
}

fn cmdlet_names(session: &Session) -> Vec<String> {
    let mut names: Vec<String> = session.cmdlets.values().map(|spec| spec.name.to_owned()).collect();
    for source in &session.cmdlet_sources {
        names.extend(source.names());
    }
    names.sort();
    names.dedup();
    names
}

/// The capitals of a name with its dash: `I-PSDF` for `Import-PowerShellDataFile`.
pub(crate) fn abbreviation(name: &str) -> String {
    name.chars().filter(|c| c.is_uppercase() || *c == '-').collect()
}

/// Aliases, functions and cmdlets whose names are wanted, perhaps of one module; aliases have no command of their own.
pub(crate) fn all_commands(
    session: &mut Session,
    wanted: &dyn Fn(&str) -> bool,
    module: Option<&str>,
) -> Vec<(String, Option<Command>)> {
    let mut found: Vec<(String, Option<Command>)> = Vec::new();
    let functions = visible_functions(session).into_iter().filter(|function| wanted(&function.name));
    found.extend(functions.map(|function| (function.name.to_string(), Some(Command::Function(function)))));
    for name in cmdlet_names(session) {
        let hidden = found.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
        if wanted(&name)
            && !hidden
            && let Ok(Some(spec)) = session.find_cmdlet(Symbol::new(&name))
        {
            found.push((name, Some(Command::Cmdlet(spec))));
        }
    }
    match module {
        Some(module) => found.retain(|(_, command)| {
            command.as_ref().is_some_and(|command| module_name(command).eq_ignore_ascii_case(module))
        }),
        None => {
            let aliases = visible_aliases(session, None).into_iter().filter(|alias| wanted(&alias.name));
            found.extend(aliases.map(|alias| (alias.name.to_string(), None)));
        }
    }
    found
}

fn kind_name(command: &Command) -> &'static str {
    match command {
        Command::Function(function) if function.is_script => "ExternalScript",
        Command::Function(function) if function.block.is_filter => "Filter",
        Command::Function(_) => "Function",
        Command::Cmdlet(_) => "Cmdlet",
        Command::External(_) => "Application",
        Command::Script(_) => "ExternalScript",
    }
}

fn module_name(command: &Command) -> Str {
    match command {
        Command::Cmdlet(spec) => Str::from(spec.module),
        Command::Function(function) => {
            function.home.module.as_ref().map_or_else(|| Str::from(""), |module| module.name.borrow().clone())
        }
        Command::External(_) | Command::Script(_) => Str::from(""),
    }
}

/// What a command takes; `None` for programs.
pub(crate) fn signature_of(session: &mut Session, command: &Command) -> Outcome<Option<Rc<CommandSignature>>> {
    match command {
        Command::Function(function) => session.block_signature(&function.name, &function.block).map(Some),
        Command::Cmdlet(spec) => Ok(Some(Rc::new(from_cmdlet(spec)))),
        Command::External(_) | Command::Script(_) => Ok(None),
    }
}

/// A command as scripts see it, with its parameters.
fn command_object(
    session: &mut Session,
    command: &Command,
    signature: Option<&Rc<CommandSignature>>,
) -> Outcome<Value> {
    let Some(signature) = signature else { return Ok(session.command_object(command)) };
    let kind = kind_name(command);
    let (class, label) = match command {
        Command::Cmdlet(_) => ("System.Management.Automation.CmdletInfo", "Cmdlet"),
        Command::Function(_) if kind == "Filter" => ("System.Management.Automation.FilterInfo", kind),
        Command::Function(_) if kind == "ExternalScript" => ("System.Management.Automation.ExternalScriptInfo", kind),
        _ => ("System.Management.Automation.FunctionInfo", kind),
    };
    let module = module_name(command);
    let name = command.name();
    let (verb, noun) = name.split_once('-').unwrap_or(("", ""));
    let command_type = types::resolve("System.Management.Automation.CommandTypes");
    let command_type = command_type.and_then(|kind| kind.enum_value(label)).unwrap_or_else(|| Value::from(label));
    let definition = match command {
        Command::Function(function) => Value::from(function.block.text()),
        _ => Value::from(usage::lines(signature).join("\n\n")),
    };
    let block = match command {
        Command::Function(function) => Value::ScriptBlock(function.block.clone()),
        _ => Value::Null,
    };
    let default = signature.set_name(signature.default_set);
    let mut rows = vec![
        ("Name", Value::Str(name.clone())),
        ("CommandType", command_type),
        ("Definition", definition),
        ("Source", Value::Str(module.clone())),
        ("Version", version_of(session, command)),
        ("ModuleName", Value::Str(module)),
        ("Verb", Value::from(verb)),
        ("Noun", Value::from(noun)),
        ("OutputType", output_types(session, &signature.outputs)),
        ("Parameters", parameters_table(signature)),
        ("ParameterSets", parameter_sets(signature)),
        ("DefaultParameterSet", if signature.default_set == 0 { Value::Null } else { Value::Str(default) }),
        ("CmdletBinding", Value::Bool(signature.is_advanced())),
        ("Visibility", Value::from("Public")),
        ("HelpFile", Value::from("")),
        ("Description", Value::from("")),
        (
            "Options",
            match command {
                Command::Function(function) => super::variable::options_value(function.options.get()),
                _ => Value::from("None"),
            },
        ),
    ];
    match command {
        Command::Function(function) => {
            rows.push(("ScriptBlock", block));
            if let Some(path) = function.block.source.path.as_deref().filter(|_| function.is_script) {
                rows.push(("Path", Value::from(path)));
            }
            let module = function.home.module.clone();
            rows.push(("Module", module.map_or(Value::Null, |m| crate::runtime::modules::module_object(session, &m))));
        }
        Command::Cmdlet(spec) => rows.push(("ImplementingType", Value::from(spec.class))),
        Command::External(_) | Command::Script(_) => {}
    }
    Ok(object_with_text(class, name, rows))
}

/// The version of the module that a command is from.
fn version_of(session: &mut Session, command: &Command) -> Value {
    let module = match command {
        Command::Cmdlet(_) => return engine_version(),
        Command::Function(function) => function.home.module.clone(),
        Command::External(_) | Command::Script(_) => None,
    };
    let version = module.map(|module| Value::Str(module.version.borrow().clone()));
    version.and_then(|text| convert::to(session, &text, TypeRef::VERSION).ok()).unwrap_or_default()
}

fn output_types(session: &mut Session, outputs: &[Value]) -> Value {
    let mut items = Vec::with_capacity(outputs.len());
    for output in outputs {
        let kind = match output {
            Value::Type(kind) => Some(*kind),
            other => session.resolve_type_text(&convert::to_text(other)).ok(),
        };
        let name = kind.map_or_else(|| convert::to_text(output), |kind| Str::from(kind.name()));
        items.push(object(
            "System.Management.Automation.PSTypeName",
            vec![("Name", Value::Str(name)), ("Type", kind.map_or(Value::Null, Value::Type))],
        ));
    }
    Value::array(items)
}

fn text_array(texts: &[Str]) -> Value {
    Value::Array(Array::typed(TypeRef::STRING, texts.iter().cloned().map(Value::Str).collect()))
}

/// Every parameter by name, common ones included.
fn parameters_table(signature: &CommandSignature) -> Value {
    let own = signature.parameters.iter().map(|p| (p.name.clone(), parameter_metadata(signature, p)));
    let common = signature.common.iter().map(|common| {
        let parameter = common_parameter(common.name(), common.alias(), common.type_name());
        (Str::from(common.name()), parameter_metadata(signature, &parameter))
    });
    let pairs = own.chain(common).map(|(name, value)| (Value::Str(name), value));
    Value::Hashtable(Hashtable::from_pairs(true, pairs))
}

fn common_parameter(name: &str, alias: &str, kind: &str) -> Parameter {
    let mut parameter = Parameter::new(name, types::resolve(kind).unwrap_or(TypeRef::OBJECT));
    parameter.aliases = vec![Str::from(alias)];
    parameter
}

fn parameter_metadata(signature: &CommandSignature, parameter: &Parameter) -> Value {
    let sets = parameter.memberships.iter().map(|m| {
        let row = object(
            "System.Management.Automation.ParameterSetMetadata",
            vec![
                ("IsMandatory", Value::Bool(m.mandatory)),
                ("Position", Value::I32(m.position.unwrap_or(i32::MIN))),
                ("ValueFromPipeline", Value::Bool(m.by_value)),
                ("ValueFromPipelineByPropertyName", Value::Bool(m.by_property)),
                ("ValueFromRemainingArguments", Value::Bool(m.remaining)),
                ("HelpMessage", parameter.help.clone().into()),
            ],
        );
        (Value::Str(membership_name(signature, m)), row)
    });
    let sets = Value::Hashtable(Hashtable::from_pairs(true, sets.collect::<Vec<_>>()));
    object(
        "System.Management.Automation.ParameterMetadata",
        vec![
            ("Name", Value::Str(parameter.name.clone())),
            ("ParameterType", Value::Type(parameter.kind)),
            ("ParameterSets", sets),
            ("IsDynamic", Value::Bool(parameter.dynamic)),
            ("Aliases", text_array(&parameter.aliases)),
            ("Attributes", Value::array(attributes(signature, parameter))),
            ("SwitchParameter", Value::Bool(parameter.form == Form::Switch)),
        ],
    )
}

fn membership_name(signature: &CommandSignature, membership: &Membership) -> Str {
    if membership.sets == ALL_SETS { Str::from(ALL_SETS_NAME) } else { signature.set_name(membership.sets) }
}

/// The attributes of a parameter as objects of their classes.
fn attributes(signature: &CommandSignature, parameter: &Parameter) -> Vec<Value> {
    const SPACE: &str = "System.Management.Automation.";
    let mut found: Vec<Value> = Vec::new();
    for m in &parameter.memberships {
        found.push(object(
            "System.Management.Automation.ParameterAttribute",
            vec![
                ("Position", Value::I32(m.position.unwrap_or(i32::MIN))),
                ("ParameterSetName", Value::Str(membership_name(signature, m))),
                ("Mandatory", Value::Bool(m.mandatory)),
                ("ValueFromPipeline", Value::Bool(m.by_value)),
                ("ValueFromPipelineByPropertyName", Value::Bool(m.by_property)),
                ("ValueFromRemainingArguments", Value::Bool(m.remaining)),
                ("HelpMessage", parameter.help.clone().into()),
                ("DontShow", Value::Bool(parameter.hidden)),
            ],
        ));
    }
    if !parameter.aliases.is_empty() {
        let names = text_array(&parameter.aliases);
        found.push(object("System.Management.Automation.AliasAttribute", vec![("AliasNames", names)]));
    }
    for check in &parameter.checks {
        let (name, rows) = check_rows(check);
        if !name.is_empty() {
            found.push(object(&format!("{SPACE}{name}Attribute"), rows));
        }
    }
    found
}

fn check_rows(check: &Check) -> (&'static str, Vec<(&'static str, Value)>) {
    match check {
        Check::NotNull => ("ValidateNotNull", Vec::new()),
        Check::NotNullOrEmpty => ("ValidateNotNullOrEmpty", Vec::new()),
        Check::NotNullOrWhiteSpace => ("ValidateNotNullOrWhiteSpace", Vec::new()),
        Check::Range(low, high) => ("ValidateRange", vec![("MinRange", low.clone()), ("MaxRange", high.clone())]),
        Check::RangeKind(kind) => ("ValidateRange", vec![("RangeKind", Value::from(format!("{kind:?}")))]),
        Check::Count(low, high) => {
            ("ValidateCount", vec![("MinLength", Value::I32(*low as i32)), ("MaxLength", Value::I32(*high as i32))])
        }
        Check::Length(low, high) => {
            ("ValidateLength", vec![("MinLength", Value::I32(*low as i32)), ("MaxLength", Value::I32(*high as i32))])
        }
        Check::Set(values, ignore_case) => {
            ("ValidateSet", vec![("ValidValues", text_array(values)), ("IgnoreCase", Value::Bool(*ignore_case))])
        }
        Check::Pattern(pattern, _) => ("ValidatePattern", vec![("RegexPattern", Value::Str(pattern.clone()))]),
        Check::Script(block) => ("ValidateScript", vec![("ScriptBlock", Value::ScriptBlock(block.clone()))]),
        Check::Worded(check, message) => {
            let (name, mut rows) = check_rows(check);
            rows.push(("ErrorMessage", Value::Str(message.clone())));
            (name, rows)
        }
        Check::Drive(drives) => ("ValidateDrive", vec![("ValidRootDrives", text_array(drives))]),
        Check::TypeName(_) | Check::Generated(..) | Check::Nothing | Check::Custom(..) | Check::Transformation => {
            ("", Vec::new())
        }
    }
}

fn parameter_sets(signature: &CommandSignature) -> Value {
    let sets = usage::masks(signature).into_iter().map(|mask| {
        let parameters: Vec<Value> =
            usage::in_order(signature, mask).into_iter().map(|p| parameter_info(p, mask)).collect();
        object(
            "System.Management.Automation.CommandParameterSetInfo",
            vec![
                ("Name", Value::Str(signature.set_name(mask))),
                ("IsDefault", Value::Bool(signature.default_set != 0 && mask == signature.default_set)),
                ("Parameters", Value::array(parameters)),
            ],
        )
    });
    Value::array(sets.collect())
}

fn parameter_info(parameter: &Parameter, mask: SetMask) -> Value {
    let within = parameter.within(mask).copied().unwrap_or_default();
    object(
        "System.Management.Automation.CommandParameterInfo",
        vec![
            ("Name", Value::Str(parameter.name.clone())),
            ("ParameterType", Value::Type(parameter.kind)),
            ("IsMandatory", Value::Bool(within.mandatory)),
            ("IsDynamic", Value::Bool(parameter.dynamic)),
            ("Position", Value::I32(within.position.unwrap_or(i32::MIN))),
            ("ValueFromPipeline", Value::Bool(within.by_value)),
            ("ValueFromPipelineByPropertyName", Value::Bool(within.by_property)),
            ("ValueFromRemainingArguments", Value::Bool(within.remaining)),
            ("HelpMessage", parameter.help.clone().into()),
            ("Aliases", text_array(&parameter.aliases)),
        ],
    )
}
