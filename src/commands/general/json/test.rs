//! `Test-Json`: well-formed or not, and whether it fits a schema.

use super::schema::{Schema, broken_reference};
use crate::cmdlet;
use crate::commands::general::object::{file_path, io_fault};
use crate::runtime::providers::{Expansion, path};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};

const TEXT: [&str; 3] = ["JsonString", "JsonStringWithSchemaString", "JsonStringWithSchemaFile"];
const PATH: [&str; 3] = ["JsonPath", "JsonPathWithSchemaString", "JsonPathWithSchemaFile"];
const LITERAL: [&str; 3] = ["JsonLiteralPath", "JsonLiteralPathWithSchemaString", "JsonLiteralPathWithSchemaFile"];
const OPTIONS: &[&str] = &["None", "IgnoreComments", "AllowTrailingCommas"];

const fn needed(set: &'static str) -> SetMembership {
    SetMembership::of(set).mandatory().position(0)
}

const fn schema(set: &'static str) -> SetMembership {
    SetMembership::of(set).mandatory().position(1)
}

cmdlet! {
    /// Whether a text is JSON, and fits a schema.
    pub(crate) struct TestJson = "Test-Json", class "Microsoft.PowerShell.Commands.TestJsonCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("JsonString"),
        should_process: false,
        impact: ConfirmImpact::Medium,
        synopsis: "Tells whether a text is JSON.",
        examples: &[("'{}' | Test-Json", "True.")],
        outputs: &["System.Boolean"],
    }
    parameters {
        json: Option<Str> = ParameterSpec::new("Json").allow_empty()
            .sets(&[needed(TEXT[0]).by_value(), needed(TEXT[1]).by_value(), needed(TEXT[2]).by_value()]),
        path: Option<Str> = ParameterSpec::new("Path")
            .sets(&[needed(PATH[0]).by_property(), needed(PATH[1]).by_property(), needed(PATH[2]).by_property()]),
        literal: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[needed(LITERAL[0]).by_property(), needed(LITERAL[1]).by_property(), needed(LITERAL[2]).by_property()]),
        schema: Option<Str> = ParameterSpec::new("Schema").validate(&[Validation::NotNullOrEmpty])
            .sets(&[schema(TEXT[1]), schema(PATH[1]), schema(LITERAL[1])]),
        schema_file: Option<Str> = ParameterSpec::new("SchemaFile").validate(&[Validation::NotNullOrEmpty])
            .sets(&[schema(TEXT[2]), schema(PATH[2]), schema(LITERAL[2])]),
        options: Vec<Str> = ParameterSpec::new("Options").validate(&[Validation::Set(OPTIONS)]),
    }
    state { rules: Option<serde_json::Value>, folder: Option<std::path::PathBuf> }
}

impl Cmdlet for TestJson {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let text = match (&self.schema, &self.schema_file) {
            (Some(text), _) => text.to_string(),
            (None, Some(file)) => {
                let path = file_path(run.session, file);
                self.folder = path.parent().map(std::path::Path::to_owned);
                std::fs::read_to_string(&path).map_err(|error| {
                    let text = format!("The schema '{}' cannot be read: {error}.", path.display());
                    Fault::new("JsonSchemaFileOpenFailure", text)
                        .category(ErrorCategory::OpenError)
                        .exception("System.Exception")
                        .target(file.as_str())
                })?
            }
            (None, None) => return Ok(()),
        };
        let rules = serde_json::from_str(&text)
            .map_err(|error| failure("InvalidJsonSchema", &format!("The schema is not JSON: {error}."), &text))?;
        if let Some(problem) = self.folder.as_ref().and_then(|folder| broken_reference(&rules, folder)) {
            return failure(
                "InvalidJsonSchema",
                &format!("The schema refers to what cannot be read: {problem}."),
                &text,
            )
            .err();
        }
        self.rules = Some(rules);
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(text) = self.text(run)? else { return Ok(()) };
        let option = |name: &str| self.options.iter().any(|known| known.eq_ignore_ascii_case(name));
        let plain = tolerated(&text, option("IgnoreComments"), option("AllowTrailingCommas"));
        let document: serde_json::Value = match serde_json::from_str(&plain) {
            Ok(document) => document,
            Err(error) => {
                run.error(failure("InvalidJson", &format!("The text is not JSON: {error}."), &text))?;
                return run.write(Value::Bool(false));
            }
        };
        let problems = self
            .rules
            .as_ref()
            .map(|rules| Schema::new(rules, self.folder.as_deref()).problems(&document))
            .unwrap_or_default();
        for problem in &problems {
            let shown = format!("The JSON does not fit the schema: {} at '{}'.", problem.text, problem.place);
            run.error(failure("InvalidJsonAgainstSchemaDetailed", &shown, &text))?;
        }
        run.write(Value::Bool(problems.is_empty()))
    }
}

impl TestJson {
    /// The text that is meant; `None` where it cannot be had, which is an error of its own.
    fn text(&self, run: &mut Invocation<'_>) -> Outcome<Option<String>> {
        let literal = self.literal.is_some();
        let Some(given) = self.literal.as_ref().or(self.path.as_ref()) else {
            return Ok(Some(self.json.as_deref().unwrap_or("").to_owned()));
        };
        let found = run.session.expand_path(given, Expansion { literal, ..Expansion::default() });
        let place = match found {
            Ok(places) => match places.into_iter().next() {
                Some(place) => std::path::PathBuf::from(place.path),
                // A pattern that fits nothing is taken as a name.
                None => file_path(run.session, given),
            },
            Err(crate::value::Unwind::Fault(fault)) if literal || !path::has_wildcards(given) => {
                run.error(*fault)?;
                return Ok(None);
            }
            Err(crate::value::Unwind::Fault(_)) => file_path(run.session, given),
            Err(other) => return Err(other),
        };
        match std::fs::read_to_string(&place) {
            Ok(text) => Ok(Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())),
            Err(error) => {
                run.error(io_fault(&error, &place))?;
                Ok(None)
            }
        }
    }
}

/// The text without comments and without commas before a closing bracket, where these are allowed.
fn tolerated(text: &str, comments: bool, commas: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' if quoted => {
                plain.push(c);
                plain.extend(rest.next());
                continue;
            }
            '"' => quoted = !quoted,
            '/' if comments && !quoted && rest.peek() == Some(&'/') => {
                while rest.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            '/' if comments && !quoted && rest.peek() == Some(&'*') => {
                let mut last = ' ';
                rest.next();
                for c in rest.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
                continue;
            }
            '}' | ']' if commas && !quoted => {
                let kept = plain.trim_end().len();
                if plain.trim_end().ends_with(',') {
                    plain.remove(kept - 1);
                }
            }
            _ => {}
        }
        plain.push(c);
    }
    plain
}

fn failure(id: &'static str, message: &str, target: &str) -> Fault {
    Fault::new(id, message).category(ErrorCategory::InvalidData).exception("System.Exception").target(target)
}
