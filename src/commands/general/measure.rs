//! `Measure-Object`: counts, sums, averages, extremes; lines, words and characters.

use super::object::typed_object;
use super::sort::order_of;
use crate::cmdlet;
use crate::format::expression::{EXPRESSION, Expression, Selector};
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{ErrorCategory, Fault, Outcome, Str, TypeRef, Value, convert, types};
use std::cmp::Ordering;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&MeasureObject::SPEC];

const NUMBERS: SetMembership = SetMembership::of("GenericMeasure");
const TEXT: SetMembership = SetMembership::of("TextMeasure");

cmdlet! {
    /// `Measure-Object`.
    pub(crate) struct MeasureObject = "Measure-Object", class "Microsoft.PowerShell.Commands.MeasureObjectCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("GenericMeasure"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Counts objects and works out sums, averages and extremes.",
        examples: &[("(1..4 | Measure-Object -Sum).Sum", "10\n"), ("('a b', 'c' | Measure-Object -Word).Words", "3\n")], outputs: &[],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").allow_null().sets(&[SetMembership::of("").by_value()]),
        property: Vec<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        sum: Switch = ParameterSpec::new("Sum").sets(&[NUMBERS]),
        average: Switch = ParameterSpec::new("Average").sets(&[NUMBERS]),
        maximum: Switch = ParameterSpec::new("Maximum").sets(&[NUMBERS]),
        minimum: Switch = ParameterSpec::new("Minimum").sets(&[NUMBERS]),
        deviation: Switch = ParameterSpec::new("StandardDeviation").sets(&[NUMBERS]),
        all: Switch = ParameterSpec::new("AllStats").sets(&[NUMBERS]),
        line: Switch = ParameterSpec::new("Line").sets(&[TEXT]),
        word: Switch = ParameterSpec::new("Word").sets(&[TEXT]),
        character: Switch = ParameterSpec::new("Character").sets(&[TEXT]),
        ignore_white_space: Switch = ParameterSpec::new("IgnoreWhiteSpace").sets(&[TEXT]),
    }
    state { selectors: Vec<Selector>, totals: Vec<Totals>, started: bool, not_a_number: bool }
}

/// What is known of one property so far.
#[derive(Default)]
struct Totals {
    name: Option<Str>,
    count: i32,
    sum: f64,
    /// For the deviation: running mean and sum of squared distances.
    mean: f64,
    squares: f64,
    numbers: u64,
    maximum: Option<Value>,
    minimum: Option<Value>,
    not_numeric: bool,
    lines: i32,
    words: i32,
    characters: i32,
}

impl MeasureObject {
    fn start(&mut self) -> Outcome<()> {
        if std::mem::replace(&mut self.started, true) {
            return Ok(());
        }
        for property in &self.property {
            self.selectors.push(Selector::read(property, &[EXPRESSION])?);
        }
        Ok(())
    }

    fn measures_text(&self) -> bool {
        self.line.0 || self.word.0 || self.character.0
    }

    fn totals_of(&mut self, name: Option<&Str>) -> usize {
        let found = self.totals.iter().position(|totals| totals.name.as_deref() == name.map(|name| &**name));
        found.unwrap_or_else(|| {
            self.totals.push(Totals { name: name.cloned(), ..Totals::default() });
            self.totals.len() - 1
        })
    }

    fn add(&mut self, run: &mut Invocation<'_>, name: Option<&Str>, value: &Value) -> Outcome<()> {
        let at = self.totals_of(name);
        let text = self.measures_text();
        let (wants_numbers, wants_extremes) = self.wants();
        let case = self.ignore_white_space.0;
        let Some(totals) = self.totals.get_mut(at) else { return Ok(()) };
        totals.count = totals.count.saturating_add(1);
        if text {
            totals.add_text(&convert::to_text_with(run.session, value, None)?, case);
            return Ok(());
        }
        let number = if wants_numbers || wants_extremes { as_number(run, value) } else { None };
        match number {
            Some(number) => totals.add_number(number),
            None if wants_numbers => {
                self.not_a_number = true;
                let shown = convert::to_text_with(run.session, value, None)?;
                return run.error(
                    Fault::new(
                        "NonNumericInputObject",
                        format!("'{shown}' is no number, so it is not part of the sum."),
                    )
                    .category(ErrorCategory::InvalidType)
                    .exception("System.Management.Automation.PSInvalidOperationException")
                    .target(value.clone()),
                );
            }
            None => {}
        }
        if wants_extremes {
            totals.not_numeric |= number.is_none();
            let kept = number.map_or_else(|| value.clone(), Value::F64);
            totals.add_extreme(run, kept)?;
        }
        Ok(())
    }

    /// Whether sums and the like are asked for, and whether extremes are.
    fn wants(&self) -> (bool, bool) {
        let all = self.all.0;
        (all || self.sum.0 || self.average.0 || self.deviation.0, all || self.maximum.0 || self.minimum.0)
    }

    fn result(&self, totals: &Totals) -> Value {
        let property = totals.name.clone().map_or(Value::Null, Value::Str);
        if self.measures_text() {
            let when = |asked: Switch, number: i32| if asked.0 { Value::I32(number) } else { Value::Null };
            let properties = vec![
                ("Lines", when(self.line, totals.lines)),
                ("Words", when(self.word, totals.words)),
                ("Characters", when(self.character, totals.characters)),
                ("Property", property),
            ];
            return made("TextMeasureInfo", properties);
        }
        let when = |asked: Switch, number: f64| match (asked.0 || self.all.0) && !self.not_a_number {
            true => Value::F64(number),
            false => Value::Null,
        };
        let extreme = |asked: Switch, found: &Option<Value>| match asked.0 || self.all.0 {
            true => found.clone().unwrap_or(Value::Null),
            false => Value::Null,
        };
        let kind = if totals.not_numeric { "GenericObjectMeasureInfo" } else { "GenericMeasureInfo" };
        let numbers = totals.numbers.max(1) as f64;
        let deviation = if totals.numbers > 1 { (totals.squares / (totals.numbers - 1) as f64).sqrt() } else { 0.0 };
        let properties = vec![
            ("Count", Value::I32(totals.count)),
            ("Average", if totals.count > 0 { when(self.average, totals.sum / numbers) } else { Value::Null }),
            ("Sum", when(self.sum, totals.sum)),
            ("Maximum", extreme(self.maximum, &totals.maximum)),
            ("Minimum", extreme(self.minimum, &totals.minimum)),
            ("StandardDeviation", when(self.deviation, deviation)),
            ("Property", property),
        ];
        made(kind, properties)
    }
}

impl Totals {
    fn add_number(&mut self, number: f64) {
        self.sum += number;
        self.numbers += 1;
        let distance = number - self.mean;
        self.mean += distance / self.numbers as f64;
        self.squares += distance * (number - self.mean);
    }

    fn add_extreme(&mut self, run: &mut Invocation<'_>, value: Value) -> Outcome<()> {
        let beyond = |run: &mut Invocation<'_>, kept: &Option<Value>, wanted: Ordering| match kept {
            Some(kept) => order_of(run, &value, kept, false).map(|order| order == wanted),
            None => Ok(true),
        };
        if beyond(run, &self.maximum, Ordering::Greater)? {
            self.maximum = Some(value.clone());
        }
        if beyond(run, &self.minimum, Ordering::Less)? {
            self.minimum = Some(value);
        }
        Ok(())
    }

    fn add_text(&mut self, text: &str, ignore_white_space: bool) {
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        self.lines = self.lines.saturating_add(number(text.matches('\n').count()) + i32::from(!text.is_empty()));
        self.words = self.words.saturating_add(number(text.split_whitespace().count()));
        let counted = text.chars().filter(|c| !ignore_white_space || !c.is_whitespace()).map(char::len_utf16).sum();
        self.characters = self.characters.saturating_add(number(counted));
    }
}

fn made(name: &str, properties: Vec<(&str, Value)>) -> Value {
    let kind = types::resolve(&format!("Microsoft.PowerShell.Commands.{name}")).unwrap_or(TypeRef::OBJECT);
    Value::Object(typed_object(kind, properties))
}

/// A number, or a text that is one.
fn as_number(run: &mut Invocation<'_>, value: &Value) -> Option<f64> {
    let kind = TypeRef::of(value);
    let countable = kind.is_number() || matches!(value, Value::Str(_) | Value::Bool(_) | Value::Wrapped(_));
    let converted = if countable { convert::to(run.session, value, TypeRef::DOUBLE).ok() } else { None };
    match (value, converted) {
        (Value::Str(text), _) if text.trim().is_empty() => None,
        (_, Some(Value::F64(number))) => Some(number),
        _ => None,
    }
}

impl Cmdlet for MeasureObject {
    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.start()
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.start()?;
        let input = self.input.clone();
        if input.is_null() {
            return Ok(());
        }
        if self.selectors.is_empty() {
            return self.add(run, None, &input);
        }
        for selector in self.selectors.clone() {
            if let Expression::Name(name) = &selector.expression {
                // A name may also be a key of a dictionary, which is no property that could be listed.
                if let Some(value) = selector.expression.value(run.session, &input)?
                    && !value.is_null()
                {
                    self.add(run, Some(name), &value)?;
                }
                continue;
            }
            let resolved = selector.expression.resolve(run.session, &input)?;
            for expression in resolved {
                if let Some(value) = expression.value(run.session, &input)?
                    && !value.is_null()
                {
                    self.add(run, Some(&expression.label()), &value)?;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.selectors.is_empty() {
            self.totals_of(None);
        }
        let strict = run.session.strict_mode() >= 2;
        let id = if self.measures_text() { "TextMeasurePropertyNotFound" } else { "GenericMeasurePropertyNotFound" };
        for selector in &self.selectors {
            let missing = match &selector.expression {
                Expression::Name(name) => {
                    !self.totals.iter().any(|t| t.name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(name)))
                }
                Expression::Pattern(_) | Expression::Block(_) | Expression::Code(..) => false,
            };
            if missing && strict {
                let label = selector.expression.label();
                run.error(
                    Fault::new(id, format!("No object has a property '{label}'."))
                        .category(ErrorCategory::ObjectNotFound)
                        .exception("System.Management.Automation.PSArgumentException"),
                )?;
            }
        }
        for totals in &self.totals {
            run.write(self.result(totals))?;
        }
        Ok(())
    }
}
