//! `Get-`, `Add-`, `Clear-` and `Invoke-History`: the lines that were run.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, Session, SetMembership, Symbol, Validation, object,
};
use crate::syntax::Source;
use crate::value::culture::Culture;
use crate::value::date_text::{Styles, parse_date};
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, Str, TimeSpan, TypeRef, Value, convert, members};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&GetHistory::SPEC, &AddHistory::SPEC, &ClearHistory::SPEC, &InvokeHistory::SPEC];

/// One line that was run.
#[derive(Clone)]
struct Entry {
    id: i64,
    line: Str,
    status: Value,
    begun: DateTime,
    ended: DateTime,
}

/// The lines of a session.
#[derive(Default)]
struct History {
    entries: Vec<Entry>,
    last: i64,
    /// Entries that `Invoke-History` is running, so that one that runs itself is found.
    running: Vec<i64>,
}

/// Adds a line that has just been run at the prompt or from standard input. It comes after its own end, so
/// `Get-History` does not list itself. Lines with secrets are kept out, as from the history of the prompt.
pub(crate) fn remember(session: &mut Session, line: &str, begun: DateTime) {
    let status = TypeRef::PIPELINE_STATE.enum_value(if session.succeeded { "Completed" } else { "Failed" });
    let entry =
        Entry { id: 0, line: Str::from(line), status: status.unwrap_or_default(), begun, ended: DateTime::now() };
    add(session, entry);
}

fn add(session: &mut Session, mut entry: Entry) -> Entry {
    let most = session.variable(Symbol::new("MaximumHistoryCount")).and_then(|most| convert::to_i64(&most).ok());
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(4096).max(1);
    let history = session.extension::<History>();
    history.last += 1;
    entry.id = history.last;
    history.entries.push(entry.clone());
    let over = history.entries.len().saturating_sub(most);
    history.entries.drain(..over);
    entry
}

fn shown(entry: &Entry) -> Value {
    object(
        TypeRef::HISTORY_INFO.name(),
        vec![
            ("Id", Value::I64(entry.id)),
            ("CommandLine", Value::Str(entry.line.clone())),
            ("ExecutionStatus", entry.status.clone()),
            ("StartExecutionTime", Value::DateTime(entry.begun)),
            ("EndExecutionTime", Value::DateTime(entry.ended)),
            ("Duration", Value::TimeSpan(TimeSpan(entry.ended.ticks() - entry.begun.ticks()))),
        ],
    )
}

fn not_there(id: i64) -> Fault {
    Fault::new("GetHistoryNoHistoryForId", format!("The history has no line {id}."))
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.ArgumentException")
        .target(Value::I64(id))
}

cmdlet! {
    /// `Get-History`.
    pub(crate) struct GetHistory = "Get-History", class "Microsoft.PowerShell.Commands.GetHistoryCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the lines that were run.", examples: &[], outputs: &["Microsoft.PowerShell.Commands.HistoryInfo"],
    }
    parameters {
        id: Vec<i64> = ParameterSpec::new("Id").validate(&[Validation::Range(1.0, 9.2e18)])
            .sets(&[SetMembership::of("").position(0).by_value()]),
        count: Option<i32> = ParameterSpec::new("Count").validate(&[Validation::Range(0.0, 32767.0)])
            .sets(&[SetMembership::of("").position(1)]),
    }
    state {}
}

impl Cmdlet for GetHistory {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let entries = run.session.extension::<History>().entries.clone();
        let count = self.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
        match self.id.as_slice() {
            [] => {
                let from = entries.len().saturating_sub(count);
                entries.iter().skip(from).try_for_each(|entry| run.write(shown(entry)))
            }
            [id] if self.count.is_some() => {
                let upto: Vec<&Entry> = entries.iter().filter(|entry| entry.id <= *id).collect();
                let from = upto.len().saturating_sub(count);
                upto.into_iter().skip(from).try_for_each(|entry| run.write(shown(entry)))
            }
            ids => {
                for id in ids {
                    match entries.iter().find(|entry| entry.id == *id) {
                        Some(entry) => run.write(shown(entry))?,
                        None => run.error(not_there(*id))?,
                    }
                }
                Ok(())
            }
        }
    }
}

cmdlet! {
    /// `Add-History`.
    pub(crate) struct AddHistory = "Add-History", class "Microsoft.PowerShell.Commands.AddHistoryCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Adds lines to the history.", examples: &[], outputs: &["Microsoft.PowerShell.Commands.HistoryInfo"],
    }
    parameters {
        input: Vec<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").position(0).by_value()]),
        pass_thru: Switch = ParameterSpec::new("Passthru"),
    }
    state {}
}

impl Cmdlet for AddHistory {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for item in std::mem::take(&mut self.input) {
            let Some(entry) = entry_of(run.session, &item)? else {
                let fault =
                    Fault::new("AddHistoryInvalidInput", "The object does not have what a line of the history has.")
                        .category(ErrorCategory::InvalidData)
                        .exception("System.IO.InvalidDataException")
                        .target(item);
                run.error(fault)?;
                continue;
            };
            let entry = add(run.session, entry);
            if self.pass_thru.0 {
                run.write(shown(&entry))?;
            }
        }
        Ok(())
    }
}

/// The entry that an object describes; none where something is missing or of the wrong kind.
fn entry_of(session: &mut Session, item: &Value) -> Outcome<Option<Entry>> {
    let Some(Value::Str(line)) = members::get(session, item, "CommandLine")? else { return Ok(None) };
    let status = members::get(session, item, "ExecutionStatus")?.unwrap_or_default();
    let Ok(status) = convert::to(session, &status, TypeRef::PIPELINE_STATE) else { return Ok(None) };
    let mut time = |name: &str| {
        let value = members::get(session, item, name)?.unwrap_or_default();
        Ok::<_, crate::value::Unwind>(match &value {
            Value::DateTime(date) => Some(*date),
            // A text is read as the culture writes dates.
            Value::Str(text) => parse_date(text, Culture::current(), Styles::default()),
            _ => None,
        })
    };
    let (Some(begun), Some(ended)) = (time("StartExecutionTime")?, time("EndExecutionTime")?) else { return Ok(None) };
    Ok(Some(Entry { id: 0, line, status, begun, ended }))
}

cmdlet! {
    /// `Clear-History`.
    pub(crate) struct ClearHistory = "Clear-History", class "Microsoft.PowerShell.Commands.ClearHistoryCommand", module "Microsoft.PowerShell.Core" {
        default_set: Some("IDParameter"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Takes lines out of the history.", examples: &[], outputs: &[],
    }
    parameters {
        id: Vec<i32> = ParameterSpec::new("Id").validate(&[Validation::Range(1.0, 2_147_483_647.0)])
            .sets(&[SetMembership::of("IDParameter").position(0)]),
        line: Vec<Str> = ParameterSpec::new("CommandLine").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("CommandLineParameter")]),
        count: Option<i32> = ParameterSpec::new("Count").validate(&[Validation::Range(1.0, 2_147_483_647.0)])
            .sets(&[SetMembership::of("").position(1)]),
        newest: Switch = ParameterSpec::new("Newest"),
    }
    state {}
}

impl Cmdlet for ClearHistory {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !run.should_process("the history of this session", "Clear-History")? {
            return Ok(());
        }
        let entries = run.session.extension::<History>().entries.clone();
        for id in &self.id {
            if !entries.iter().any(|entry| entry.id == i64::from(*id)) {
                run.error(not_there(i64::from(*id)))?;
            }
        }
        let patterns = self.line.iter().map(|line| crate::value::wildcard::Wildcard::new(line, false));
        let patterns = patterns.collect::<Outcome<Vec<_>>>()?;
        let chosen = |entry: &&Entry| {
            let by_id = self.id.is_empty() || self.id.iter().any(|id| i64::from(*id) == entry.id);
            by_id && (patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&entry.line)))
        };
        let mut found: Vec<i64> = entries.iter().filter(chosen).map(|entry| entry.id).collect();
        if self.newest.0 {
            found.reverse();
        }
        found.truncate(self.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX));
        run.session.extension::<History>().entries.retain(|entry| !found.contains(&entry.id));
        Ok(())
    }
}

cmdlet! {
    /// `Invoke-History`.
    pub(crate) struct InvokeHistory = "Invoke-History", class "Microsoft.PowerShell.Commands.InvokeHistoryCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Runs a line of the history again.", examples: &[], outputs: &[],
    }
    parameters {
        id: Option<Str> = ParameterSpec::new("Id").sets(&[SetMembership::of("").position(0).by_property()]),
    }
    state {}
}

impl InvokeHistory {
    /// The line of a number, the newest that begins with a text, or the last.
    fn entry(&self, session: &mut Session) -> Outcome<Entry> {
        let entries = &session.extension::<History>().entries;
        let missing = |id: &'static str, what: String| {
            Fault::new(id, what).category(ErrorCategory::ObjectNotFound).exception("System.ArgumentException")
        };
        let found = match &self.id {
            None => entries.last(),
            Some(text) => match text.parse::<i64>() {
                Ok(number) => entries.iter().find(|entry| entry.id == number),
                Err(_) => entries.iter().rev().find(|entry| entry.line.starts_with(text.as_str())),
            },
        };
        match (found, &self.id) {
            (Some(entry), _) => Ok(entry.clone()),
            (None, None) => missing("InvokeHistoryNoLastHistoryEntryFound", "The history is empty.".into()).err(),
            (None, Some(id)) => {
                missing("InvokeHistoryNoHistoryForId", format!("The history has no line '{id}'.")).err()
            }
        }
    }
}

impl Cmdlet for InvokeHistory {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let entry = self.entry(run.session)?;
        if run.session.extension::<History>().running.contains(&entry.id) {
            return Fault::new("InvokeHistoryLoopDetected", "This line of the history runs itself.")
                .category(ErrorCategory::InvalidOperation)
                .exception("System.InvalidOperationException")
                .err();
        }
        if !run.should_process(&entry.line, "Invoke-History")? {
            return Ok(());
        }
        run.session.extension::<History>().running.push(entry.id);
        run.session.host_line(&entry.line);
        let result = run
            .session
            .parse_block(Source::anonymous(entry.line.to_string()))
            .and_then(|block| run.session.run_in_current_scope(&block, None, &[], run.out));
        run.session.extension::<History>().running.pop();
        result
    }
}
