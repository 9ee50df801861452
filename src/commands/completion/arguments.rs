//! Values of parameters: what a set or an enumeration allows, what completers propose, names of things that the
//! session knows, and files for the rest.

use super::command_line::{Bound, CommandLine, Word, begins};
use super::infer::{Inference, Known, items};
use super::names::unquoted;
use super::site::Site;
use super::values::members_of;
use super::{CompletionResult, ResultType, completers, files, members, names, types};
use crate::commands::administration;
use crate::commands::general::{VERBS, all_commands};
use crate::runtime::binder::{Check, Form, Parameter, RangeKind};
use crate::runtime::providers::{Provider, items as provider_items};
use crate::runtime::{Collector, Session};
use crate::value::wildcard::Wildcard;
use crate::value::{TypeRef, Value, convert, enumerate, members as value_members, types as value_types};
use std::time::Duration;

/// How long a completion may wait for the service.
const DEADLINE: Duration = Duration::from_millis(300);

/// Where the values of a built-in parameter come from.
#[derive(Clone, Copy)]
enum From {
    Commands,
    Expression,
    LoadedModules,
    Modules,
    Variables,
    Aliases,
    Drives,
    Providers,
    Types,
    Properties,
    Members,
    PropertyValues,
    Processes,
    ProcessNumbers,
    Jobs,
    Directories,
    Verbs,
    Nouns,
    Separators,
    Formats,
    Fixed(&'static [&'static str]),
}

const SCOPES: &[&str] = &["Global", "Local", "Script"];
const ENCODINGS: &[&str] = &[
    "ansi",
    "ascii",
    "bigendianunicode",
    "bigendianutf32",
    "oem",
    "unicode",
    "utf7",
    "utf8",
    "utf8BOM",
    "utf8NoBOM",
    "utf32",
];

/// Separators that `Join-String` proposes, as they are written, and what each is.
const SEPARATORS: &[(&str, &str)] = &[
    (",", "Comma"),
    (", ", "Comma-Space"),
    (";", "Semi-Colon"),
    ("; ", "Semi-Colon-Space"),
    ("`n", "Newline"),
    ("-", "Dash"),
    (" ", "Space"),
];

/// Formats that `Join-String` proposes.
const FORMATS: &[&str] = &["[{0}]", "{0:N2}", "`n `${0}", "`n [string] `${0}"];

/// Commands (or `*`), parameter, source. The first row that fits counts.
const SOURCES: &[(&str, &str, From)] = &[
    ("*", "Scope", From::Fixed(SCOPES)),
    ("*", "Encoding", From::Fixed(ENCODINGS)),
    ("Set-StrictMode", "Version", From::Fixed(&["1.0", "2.0", "3.0", "Latest"])),
    ("Get-Date", "Format", From::Fixed(&["FileDate", "FileDateUniversal", "FileDateTime", "FileDateTimeUniversal"])),
    ("Get-Module", "PSEdition", From::Fixed(&["Desktop", "Core"])),
    ("Join-String", "Separator", From::Separators),
    ("Join-String", "FormatString", From::Formats),
    ("Format-Custom Format-List Format-Table Format-Wide", "View", From::Fixed(&[])),
    ("Get-ExperimentalFeature Enable-ExperimentalFeature Disable-ExperimentalFeature", "Name", From::Fixed(&[])),
    ("Invoke-WebRequest Invoke-RestMethod", "HttpVersion", From::Fixed(&["1.0", "1.1", "2.0", "3.0"])),
    ("Get-Command", "Name", From::Commands),
    ("Get-Help help Get-Command", "Name", From::Commands),
    ("Get-Command", "Module", From::LoadedModules),
    ("Get-Command", "ExcludeModule", From::LoadedModules),
    ("Get-Command", "ParameterType", From::Types),
    ("Get-Command Get-Verb", "Verb", From::Verbs),
    ("Get-Command", "Noun", From::Nouns),
    ("Invoke-Expression", "Command", From::Expression),
    ("Remove-Module Get-Module", "Name", From::LoadedModules),
    ("Import-Module Save-Help Update-Help", "Name", From::Modules),
    ("Save-Help Update-Help", "Module", From::Modules),
    ("Get-Variable Set-Variable Remove-Variable Clear-Variable", "Name", From::Variables),
    ("Get-Alias", "Name", From::Aliases),
    ("Get-Alias", "Definition", From::Commands),
    ("Get-PSDrive Remove-PSDrive", "Name", From::Drives),
    ("Get-PSDrive New-PSDrive Get-PSProvider Remove-PSDrive", "PSProvider", From::Providers),
    ("New-Object", "TypeName", From::Types),
    ("Get-Process Stop-Process Wait-Process Debug-Process", "Name", From::Processes),
    ("Get-Process Stop-Process Wait-Process Debug-Process", "Id", From::ProcessNumbers),
    ("Get-Job Receive-Job Remove-Job Stop-Job Wait-Job", "Name", From::Jobs),
    ("Set-Location Push-Location", "Path", From::Directories),
    ("ForEach-Object", "MemberName", From::Members),
    ("Where-Object", "Value", From::PropertyValues),
    (
        "Group-Object Measure-Object Sort-Object Where-Object Select-Object Format-Custom Format-List Format-Table Format-Wide",
        "Property",
        From::Properties,
    ),
    ("Select-Object Format-Custom Format-List Format-Table Format-Wide", "ExcludeProperty", From::Properties),
    ("Select-Object", "ExpandProperty", From::Properties),
];

/// Parameters whose values are identities of a noun other than the cmdlet's.
const NAMED_BY: [(&str, &str); 6] = [
    ("Category", "CsPersistentChatCategory"),
    ("Addin", "CsPersistentChatAddin"),
    ("Room", "CsPersistentChatRoom"),
    ("RegistrarPool", "CsPool"),
    ("PersistentChatPoolFqdn", "CsPool"),
    ("PoolFqdn", "CsPool"),
];

/// Proposals for the argument at the cursor.
pub(super) fn complete(session: &mut Session, site: &Site<'_>, line: &CommandLine) -> Vec<CompletionResult> {
    let written = site.written();
    let redirected = site.statement().last().is_some_and(|last| site.slice(last).ends_with('>'));
    let Some((command, signature)) = line.signature(session, site).filter(|_| !redirected) else {
        if let Some(results) = native(session, site, line).filter(|_| !redirected) {
            return results;
        }
        return files::complete(session, written, false, false);
    };
    let bound = Bound::new(site, line, signature);
    let full = command.name().to_string();
    for target in bound.targets.clone() {
        if let Some(results) = of_parameter(session, site, line, &bound, &full, target) {
            return results;
        }
    }
    files::complete(session, written, false, false)
}

/// What a program's own completer proposes.
pub(super) fn native(session: &mut Session, site: &Site<'_>, line: &CommandLine) -> Option<Vec<CompletionResult>> {
    let block = completers::native(session, &line.name)?;
    completers::run_native(session, &block, site, line)
}

/// Proposals for one parameter; `None` where another parameter or files should be tried.
fn of_parameter(
    session: &mut Session,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
    command: &str,
    number: u16,
) -> Option<Vec<CompletionResult>> {
    let written = site.written();
    let name = bound.signature.parameter_name(number).to_string();
    let common = bound.signature.common_parameter(number);
    let (kind, form) = match (bound.signature.parameter(number), common) {
        (Some(parameter), _) => (parameter.kind, parameter.form),
        (None, Some(common)) => {
            let kind = value_types::resolve(common.type_name())?;
            (kind, Form::of(kind))
        }
        (None, None) => return None,
    };
    let parameter = bound.signature.parameter(number);
    if let Some(set) = parameter.and_then(|parameter| allowed_values(session, parameter)) {
        return Some(of_list(set, written));
    }
    let element = kind.info().element.unwrap_or(kind);
    let element = element.nullable_of().unwrap_or(element);
    if element.is_enum() {
        let range = parameter.and_then(enum_range);
        let allowed = |value: i64| range.as_ref().is_none_or(|range| range.contains(&value));
        let named = element.enum_members().iter().filter(|(_, value)| allowed(*value));
        return Some(of_list(named.map(|(name, _)| (*name).to_owned()).collect(), written));
    }
    if form == Form::Switch {
        let both = written.is_empty() || written == "$";
        let values = if both { vec!["$true", "$false"] } else { Vec::new() };
        return Some(values.into_iter().map(CompletionResult::value).collect());
    }
    if let Some(block) = completers::registered(session, command, &name)
        && let Some(results) = completers::run_parameter(session, &block, (command, &name), site, line, bound)
    {
        return Some(results);
    }
    if let Some(results) = parameter.and_then(|p| by_attribute(session, site, line, bound, (command, &name), p)) {
        return Some(results);
    }
    if let Some(results) = built_in(session, site, line, bound, (command, &name)) {
        return Some(results);
    }
    identities(session, command, &name, written)
}

/// The values that `[ValidateSet()]` allows.
fn allowed_values(session: &mut Session, parameter: &Parameter) -> Option<Vec<String>> {
    parameter.checks.iter().find_map(|check| match check {
        Check::Set(values, _) => Some(values.iter().map(|value| value.to_string()).collect()),
        Check::Generated(generator, _) => {
            let values = value_members::call(session, generator, "GetValidValues", Vec::new()).ok()?;
            let values = enumerate(&values).unwrap_or_else(|| vec![values.clone()]);
            Some(values.iter().map(|value| convert::to_text(value).to_string()).collect())
        }
        _ => None,
    })
}

/// The numbers of an enumeration that `[ValidateRange()]` leaves.
fn enum_range(parameter: &Parameter) -> Option<std::ops::RangeInclusive<i64>> {
    parameter.checks.iter().find_map(|check| match check {
        Check::Range(low, high) => {
            let number = |value: &Value| match convert::to_plain(value, parameter.kind).ok()? {
                Value::Enum(member) => Some(member.bits),
                _ => None,
            };
            Some(number(low)?..=number(high)?)
        }
        Check::RangeKind(kind) => Some(match kind {
            RangeKind::Positive => 1..=i64::MAX,
            RangeKind::NonNegative => 0..=i64::MAX,
            RangeKind::Negative => i64::MIN..=-1,
            RangeKind::NonPositive => i64::MIN..=0,
        }),
        _ => None,
    })
}

/// Values of a fixed list: the one that is written first, the others by name.
fn of_list(mut values: Vec<String>, written: &str) -> Vec<CompletionResult> {
    let (quote, word) = unquoted(written);
    values.sort_by_key(|value| value.to_lowercase());
    values.retain(|value| !value.is_empty());
    if let Some(exact) = values.iter().position(|value| !word.is_empty() && value.eq_ignore_ascii_case(word)) {
        let found = values.remove(exact);
        values.insert(0, found);
    }
    fitting(values, quote, word)
}

fn fitting(values: Vec<String>, quote: &str, word: &str) -> Vec<CompletionResult> {
    let Ok(pattern) = Wildcard::new(&format!("{word}*"), false) else { return Vec::new() };
    let found = values.into_iter().filter(|value| pattern.matches(value) || begins(value, word));
    found
        .map(|value| CompletionResult { text: files::quoted(&value, quote), ..CompletionResult::value(value) })
        .collect()
}

/// `[ArgumentCompleter()]` and `[ArgumentCompletions()]`.
fn by_attribute(
    session: &mut Session,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
    names: (&str, &str),
    parameter: &Parameter,
) -> Option<Vec<CompletionResult>> {
    for attribute in &parameter.attributes {
        let kind = TypeRef::of(attribute);
        let read = |name: &str| value_members::get(&mut convert::Detached, attribute, name).ok().flatten();
        if kind == TypeRef::ARGUMENT_COMPLETIONS_ATTRIBUTE {
            let values = enumerate(&read("Completions")?).unwrap_or_default();
            let (quote, word) = unquoted(site.written());
            let values = values.iter().map(|value| convert::to_text(value).to_string()).collect();
            return Some(fitting(values, quote, word));
        }
        if let Some(Value::ScriptBlock(block)) = read("ScriptBlock").filter(|_| has_completer(kind)) {
            return completers::run_parameter(session, &block, names, site, line, bound);
        }
        if let Some(Value::Type(class)) = read("Type").filter(|_| has_completer(kind)) {
            return by_class(session, class, site, line, bound, names);
        }
        if kind.is_script_class() {
            let made = value_members::call(session, attribute, "Create", Vec::new());
            if let Some(results) = made.ok().and_then(|completer| asked(session, &completer, site, line, bound, names))
            {
                return Some(results);
            }
        }
    }
    None
}

fn has_completer(kind: TypeRef) -> bool {
    kind == TypeRef::ARGUMENT_COMPLETER_ATTRIBUTE
}

fn by_class(
    session: &mut Session,
    class: TypeRef,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
    names: (&str, &str),
) -> Option<Vec<CompletionResult>> {
    use crate::value::Engine;
    let completer = session.new_class_instance(class, &[]).ok()?;
    asked(session, &completer, site, line, bound, names)
}

/// What an `IArgumentCompleter` proposes.
fn asked(
    session: &mut Session,
    completer: &Value,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
    names: (&str, &str),
) -> Option<Vec<CompletionResult>> {
    let arguments = completers::parameter_arguments(session, names, site, line, bound).to_vec();
    let found = value_members::call(session, completer, "CompleteArgument", arguments).ok()?;
    let found = enumerate(&found).unwrap_or_else(|| vec![found]);
    completers::proposals(&found)
}

fn built_in(
    session: &mut Session,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
    (command, parameter): (&str, &str),
) -> Option<Vec<CompletionResult>> {
    let is_row = |(commands, name, _): &&(&str, &str, From)| {
        let named = *commands == "*" || commands.split(' ').any(|known| known.eq_ignore_ascii_case(command));
        named && name.eq_ignore_ascii_case(parameter)
    };
    let (commands, _, source) = SOURCES.iter().find(is_row)?;
    let is_own = bound.signature.kind == crate::runtime::binder::CommandKind::Cmdlet;
    if *commands == "*" && !is_own {
        return None;
    }
    let written = site.written();
    let (quote, word) = unquoted(written);
    let listed = |values: Vec<String>| Some(fitting(values, quote, word));
    match source {
        From::Fixed(values) => listed(values.iter().map(|value| (*value).to_owned()).collect()),
        From::Commands => {
            let modules = bound.texts_of(site, "Module");
            Some(names::command_values(session, written, modules.first().map(String::as_str)))
        }
        From::Expression => Some(names::commands(session, site, written)),
        From::LoadedModules => Some(names::modules(session, written, bound.value_of("ListAvailable").is_none())),
        From::Modules => {
            let mut found = names::modules(session, written, false);
            if names::is_path(written) || found.is_empty() {
                found.extend(files::complete(session, written, false, false));
            }
            Some(found)
        }
        From::Variables => {
            let names = provider_items::names(session, Provider::Variable);
            listed(sorted(names.iter().map(|name| name.to_string()).collect()))
        }
        From::Aliases => Some(names::aliases(session, written)),
        From::Drives => {
            let drives = session.drives().all();
            listed(sorted(drives.iter().map(|drive| drive.name.to_string()).collect()))
        }
        From::Providers => listed(sorted(Provider::all().map(|provider| provider.name().to_owned()).collect())),
        From::Types => {
            // `List[dat`: the type inside.
            let (outer, inner) = word.rfind(['[', ',']).map_or(("", word), |at| word.split_at(at + 1));
            let found = types::named(session, None, inner);
            let text = |one: &CompletionResult| match outer.is_empty() {
                true => files::quoted(&one.text, quote),
                false => format!("'{outer}{}]'", one.text),
            };
            Some(found.into_iter().map(|one| CompletionResult { text: text(&one), ..one }).collect())
        }
        From::Properties | From::Members => {
            let methods = matches!(source, From::Members);
            Some(of_input(session, site, line, bound, parameter, methods))
        }
        From::PropertyValues => property_values(session, site, line, bound),
        From::Processes => listed(process_values(session, "Name")),
        From::ProcessNumbers => Some(process_numbers(session, word)),
        From::Jobs => listed(values_of(session, "Get-Job | ForEach-Object Name")),
        From::Directories => Some(files::complete(session, written, true, false)),
        From::Verbs => listed(verbs(session, site, bound)),
        From::Nouns => listed(nouns(session, site, bound)),
        From::Separators => Some(separators(quote, word)),
        From::Formats => {
            let fitting = FORMATS.iter().filter(|format| format.starts_with(word));
            Some(fitting.map(|format| escaped(format, format, quote)).collect())
        }
    }
}

fn separators(quote: &str, word: &str) -> Vec<CompletionResult> {
    let fitting = SEPARATORS.iter().filter(|(text, _)| text.starts_with(word));
    fitting.map(|(text, name)| escaped(text, &format!("{name} - '{text}'"), quote)).collect()
}

/// A text with escapes, which only double quotes keep.
fn escaped(text: &str, tip: &str, quote: &str) -> CompletionResult {
    let quote = if text.contains('`') {
        "\""
    } else if quote.is_empty() {
        "'"
    } else {
        quote
    };
    CompletionResult::new(format!("{quote}{text}{quote}"), text, ResultType::ParameterValue, tip)
}

fn sorted(mut values: Vec<String>) -> Vec<String> {
    values.sort_by_key(|value| value.to_lowercase());
    values.dedup_by_key(|value| value.to_lowercase());
    values
}

/// The texts that a command line of our own gives.
fn values_of(session: &mut Session, text: &str) -> Vec<String> {
    let Ok(block) = session.parse_block(super::site::source_of(text)) else { return Vec::new() };
    let mut output = Collector::default();
    if session.run_block_with(&block, &[], None, &mut output).is_err() {
        return Vec::new();
    }
    sorted(output.into_items().iter().map(|item| convert::to_text(item).to_string()).collect())
}

fn process_values(session: &mut Session, property: &str) -> Vec<String> {
    values_of(session, &format!("Get-Process | ForEach-Object {property} | Where-Object {{ $_ }}"))
}

fn process_numbers(session: &mut Session, word: &str) -> Vec<CompletionResult> {
    let lines = values_of(session, "Get-Process | ForEach-Object { \"$($_.Id) - $($_.Name)\" }");
    let fitting = lines.into_iter().filter(|line| line.starts_with(word));
    let result = |line: String| {
        let number = line.split(' ').next().unwrap_or("").to_owned();
        CompletionResult::new(number, line.clone(), ResultType::ParameterValue, line)
    };
    fitting.map(result).collect()
}

/// The properties of what comes down the pipeline, but for those that are named already.
fn of_input(
    session: &mut Session,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
    parameter: &str,
    methods: bool,
) -> Vec<CompletionResult> {
    let known = input_of(session, site, line);
    let used = bound.texts_of(site, parameter);
    let named_here = line.words.iter().rev().skip_while(|word| !matches!(word, Word::Parameter(..) | Word::Comma));
    let has_named = named_here.count() > 0 || !used.is_empty();
    let mut found = members::names_of(&known, site.written(), methods);
    found.retain(|one| !has_named || !used.iter().any(|used| used.eq_ignore_ascii_case(&one.shown)));
    found
}

fn input_of(session: &mut Session, site: &Site<'_>, line: &CommandLine) -> Vec<Known> {
    match &line.input {
        Some(range) => items(Inference::new(session, site).of_range(range.clone())),
        None => Vec::new(),
    }
}

/// `Where-Object CommandType -eq `: members of the property's enumeration.
fn property_values(
    session: &mut Session,
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
) -> Option<Vec<CompletionResult>> {
    let property = bound.texts_of(site, "Property").into_iter().next()?;
    let known = input_of(session, site, line);
    let kind = known.iter().find_map(|known| {
        let kind = match known {
            Known::Value(value) => {
                let value = value_members::get(session, value, &property).ok().flatten()?;
                TypeRef::of(&value)
            }
            Known::Type(kind) => value_types::resolve(value_members::find_property(*kind, &property)?.kind)?,
            _ => return None,
        };
        kind.is_enum().then_some(kind)
    });
    let values = kind.map(members_of).unwrap_or_default();
    let (_, word) = unquoted(site.written());
    Some(values.into_iter().filter(|value| begins(value, word)).map(CompletionResult::value).collect())
}

fn verbs(session: &mut Session, site: &Site<'_>, bound: &Bound) -> Vec<String> {
    let groups = bound.texts_of(site, "Group");
    let nouns = bound.texts_of(site, "Noun");
    if !nouns.is_empty() {
        let part = |name: &str| name.split_once('-').map(|(verb, noun)| (verb.to_owned(), noun.to_owned()));
        let found = module_commands(session, site, bound).into_iter().filter_map(|name| part(&name));
        let fitting = found.filter(|(_, noun)| nouns.iter().any(|known| known.eq_ignore_ascii_case(noun)));
        return sorted(fitting.map(|(verb, _)| verb).collect());
    }
    let in_group = |group: &str| groups.is_empty() || groups.iter().any(|known| known.eq_ignore_ascii_case(group));
    sorted(VERBS.iter().filter(|row| in_group(row.0)).map(|row| row.1.to_owned()).collect())
}

fn nouns(session: &mut Session, site: &Site<'_>, bound: &Bound) -> Vec<String> {
    let verbs = bound.texts_of(site, "Verb");
    let names = module_commands(session, site, bound);
    let parts = names.iter().filter_map(|name| name.split_once('-'));
    let fitting =
        parts.filter(|(verb, _)| verbs.is_empty() || verbs.iter().any(|known| known.eq_ignore_ascii_case(verb)));
    sorted(fitting.map(|(_, noun)| noun.to_owned()).collect())
}

fn module_commands(session: &mut Session, site: &Site<'_>, bound: &Bound) -> Vec<String> {
    let modules = bound.texts_of(site, "Module");
    if modules.is_empty() {
        return all_commands(session, &|_| true, None).into_iter().map(|(name, _)| name).collect();
    }
    let of_module = |module: &String| all_commands(session, &|_| true, Some(module));
    modules.iter().flat_map(of_module).map(|(name, _)| name).collect()
}

/// Identities that the management service knows, for its cmdlets' parameters that name a thing.
fn identities(session: &mut Session, command: &str, parameter: &str, written: &str) -> Option<Vec<CompletionResult>> {
    let (_, noun) = command.split_once('-')?;
    if !begins(noun, "cs") {
        return None;
    }
    let other = NAMED_BY.iter().find(|(name, _)| name.eq_ignore_ascii_case(parameter)).map(|(_, noun)| *noun);
    let own = parameter.eq_ignore_ascii_case("Identity").then_some(noun);
    let (quote, word) = unquoted(written);
    let found = administration::identities(session, own.or(other)?, word, DEADLINE);
    let result = |name: String| CompletionResult { text: files::quoted(&name, quote), ..CompletionResult::value(name) };
    // `pool\name` is also found by its name.
    let fits = |name: &String| begins(name, word) || name.rsplit('\\').next().is_some_and(|own| begins(own, word));
    let found: Vec<CompletionResult> = found.into_iter().filter(fits).map(result).collect();
    (!found.is_empty()).then_some(found)
}
