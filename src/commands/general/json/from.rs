//! `ConvertFrom-Json`.

use super::read::{Dates, Problem, Reader, Style};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};

cmdlet! {
    /// JSON text as objects.
    pub(crate) struct ConvertFromJson = "ConvertFrom-Json", class "Microsoft.PowerShell.Commands.ConvertFromJsonCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None,
        should_process: false,
        impact: ConfirmImpact::Medium,
        synopsis: "Reads JSON text as objects.",
        examples: &[("'{\"Name\":\"ops\"}' | ConvertFrom-Json", "An object with the property Name.")],
        outputs: &["System.Management.Automation.PSObject", "System.Collections.Hashtable"],
    }
    parameters {
        input_object: Str = ParameterSpec::new("InputObject").allow_empty()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        as_hashtable: Switch = ParameterSpec::new("AsHashtable"),
        depth: Option<i32> = ParameterSpec::new("Depth").validate(&[Validation::Range(1.0, 2147483647.0)]),
        no_enumerate: Switch = ParameterSpec::new("NoEnumerate"),
        date_kind: Option<Str> = ParameterSpec::new("DateKind")
            .validate(&[Validation::Set(&["Default", "Local", "Utc", "Offset", "String"])]),
    }
    state { lines: Vec<Str> }
}

const DATE_KINDS: [(&str, Dates); 5] = [
    ("Default", Dates::Default),
    ("Local", Dates::Local),
    ("Utc", Dates::Utc),
    ("Offset", Dates::Offset),
    ("String", Dates::Text),
];

impl Cmdlet for ConvertFromJson {
    fn process(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.lines.push(std::mem::take(&mut self.input_object));
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let lines = std::mem::take(&mut self.lines);
        let Some(first) = lines.first() else { return Ok(()) };
        if lines.len() == 1 {
            return self.send(run, first);
        }
        // Several texts are documents of their own where the first is one; else lines of a single document.
        if Reader::new(first, self.style()).document().is_ok() {
            return lines.iter().try_for_each(|line| self.send(run, line));
        }
        let whole: Vec<&str> = lines.iter().map(Str::as_str).collect();
        self.send(run, &whole.join("\n"))
    }
}

impl ConvertFromJson {
    fn style(&self) -> Style {
        let wanted = self.date_kind.as_ref();
        let dates = DATE_KINDS.iter().find(|(name, _)| wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(name)));
        Style {
            as_hashtable: self.as_hashtable.0,
            max_depth: self.depth.and_then(|depth| usize::try_from(depth).ok()).unwrap_or(1024),
            dates: dates.map_or(Dates::Default, |(_, dates)| *dates),
            make_offset: crate::commands::general::object::date_time_offset,
        }
    }

    fn send(&self, run: &mut Invocation<'_>, text: &str) -> Outcome<()> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let value = Reader::new(text, self.style()).document().map_err(|problem| fault(problem, text))?;
        if self.no_enumerate.0 { run.write(value) } else { run.write_enumerated(value) }
    }
}

/// Line and column of a byte.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or(before);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

fn fault(problem: Problem, text: &str) -> Fault {
    match problem {
        Problem::Syntax(why, at) => {
            let (line, column) = place(text, at);
            let message = format!("The text is not JSON: line {line}, column {column}: {why}.");
            Fault::new("System.ArgumentException", message)
                .exception("System.ArgumentException")
                .category(ErrorCategory::NotSpecified)
        }
        Problem::Casing(first, second) => Fault::new(
            "KeysWithDifferentCasingInJsonString",
            format!("The names '{first}' and '{second}' differ in case only; use -AsHashtable to keep both."),
        )
        .exception("System.InvalidOperationException")
        .category(ErrorCategory::InvalidOperation)
        .target(Value::from(second)),
        Problem::EmptyName => Fault::new(
            "EmptyKeyInJsonString",
            "A member has an empty name, which no property can have; use -AsHashtable to keep it.",
        )
        .exception("System.InvalidOperationException")
        .category(ErrorCategory::InvalidOperation),
    }
}
