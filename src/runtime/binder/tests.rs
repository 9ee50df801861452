//! The binder through its public face: tables of calls and what they bind to, and the law that the order of named
//! arguments never matters.

use super::*;
use crate::runtime::argument::{Argument, ArgumentKind};
use crate::value::convert::{self, Detached};
use crate::value::{Engine, Str, Unwind, Value, types};
use proptest::prelude::*;

/// A host that answers nothing and asks nobody.
struct Nobody(Detached);

impl BindHost for Nobody {
    fn engine(&mut self) -> &mut dyn Engine {
        &mut self.0
    }
}

fn parameter(name: &str, kind: &str, position: Option<i32>) -> Parameter {
    let mut parameter = Parameter::new(name, types::resolve(kind).expect("a type of the table"));
    parameter.memberships[0].position = position;
    parameter.summarize();
    parameter
}

/// `Name` (string, 0), `Count` (int, 1), `Force` (switch), `Named` (object).
fn sample(kind: CommandKind) -> Rc<CommandSignature> {
    let parameters = vec![
        parameter("Name", "string", Some(0)),
        parameter("Count", "int", Some(1)),
        parameter("Force", "switch", None),
        parameter("Named", "object", None),
    ];
    Rc::new(CommandSignature::new("Test-It", kind, parameters))
}

fn bound(signature: &Rc<CommandSignature>, arguments: Vec<Argument>) -> Result<String, String> {
    let mut host = Nobody(Detached);
    match bind(signature.clone(), arguments, &BindOptions::default(), &mut host) {
        Ok(binding) => {
            let mut rows: Vec<String> =
                binding.bound().iter().map(|(name, value)| format!("{name}={}", convert::to_text(value))).collect();
            rows.sort();
            rows.extend(binding.rest.iter().map(|value| format!("+{}", convert::to_text(value))));
            Ok(rows.join(" "))
        }
        Err(Unwind::Fault(fault)) => Err(fault.id.to_string()),
        Err(other) => Err(format!("{other:?}")),
    }
}

/// Words as a call site has them: `-Name` and `-Name:value` are parameters.
fn call(line: &str) -> Vec<Argument> {
    line.split_whitespace()
        .map(|word| match word.strip_prefix('-') {
            Some("-") => Argument {
                span: Default::default(),
                kind: ArgumentKind::Value { value: Value::from("--"), text: Some(Str::from("--")) },
            },
            Some(name) => match name.split_once(':') {
                Some((name, value)) => Argument::named(name, value),
                None => Argument::parameter(name),
            },
            None => Argument::value(word),
        })
        .collect()
}

#[test]
fn calls_bind_by_name_and_place() {
    let rows: &[(&str, Result<&str, &str>)] = &[
        ("", Ok("")),
        ("a 5", Ok("Count=5 Name=a")),
        ("-Count 5 a", Ok("Count=5 Name=a")),
        ("-n a", Err("AmbiguousParameter")),
        ("-na a -c 1", Err("AmbiguousParameter")),
        ("-cou 1 a", Ok("Count=1 Name=a")),
        ("-Force a", Ok("Force=True Name=a")),
        ("a 5 6", Err("PositionalParameterNotFound")),
        ("-Zed 1", Err("NamedParameterNotFound")),
        ("-Name", Err("MissingArgument")),
        ("-Name -Force", Err("MissingArgument")),
        ("-Name a -Name b", Err("ParameterAlreadyBound")),
        ("a x", Err("ParameterArgumentTransformationError")),
        ("-- -Force", Ok("Name=-Force")),
    ];
    for (line, expected) in rows {
        let found = bound(&sample(CommandKind::Advanced), call(line));
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn simple_functions_keep_what_they_do_not_know() {
    let rows: &[(&str, &str)] = &[
        ("a 5 6 7", "Count=5 Name=a +6 +7"),
        ("-Zed 1 a", "Name=a +-Zed +1"),
        ("-- -Zed", "Name=-Zed"),
        ("-Name -Unknown", "Name=-Unknown"),
    ];
    for (line, expected) in rows {
        assert_eq!(bound(&sample(CommandKind::Simple), call(line)).as_deref(), Ok(*expected), "{line}");
    }
}

/// `File` and `Url` in sets of their own; `Check` in both; a default set without any.
fn sets() -> Rc<CommandSignature> {
    let mut signature = CommandSignature::new("Test-Set", CommandKind::Advanced, Vec::new());
    signature.default_set = signature.set_bit("Default");
    let (file, url) = (signature.set_bit("File"), signature.set_bit("Url"));
    let mut parameters = vec![
        parameter("File", "object", None),
        parameter("Url", "object", None),
        parameter("Check", "switch", None),
        parameter("Common", "object", None),
    ];
    parameters[0].memberships[0] = Membership { sets: file, mandatory: true, ..Default::default() };
    parameters[1].memberships[0] = Membership { sets: url, mandatory: true, ..Default::default() };
    parameters[2].memberships[0] = Membership { sets: file | url, ..Default::default() };
    signature.parameters = parameters;
    signature.index();
    Rc::new(signature)
}

#[test]
fn parameter_sets_are_told_apart() {
    let rows: &[(&str, Result<&str, &str>)] = &[
        ("", Ok("Default")),
        ("-Common 1", Ok("Default")),
        ("-File f", Ok("File")),
        ("-Url u -Check", Ok("Url")),
        ("-File f -Url u", Err("AmbiguousParameterSet")),
        ("-Check", Err("AmbiguousParameterSet")),
    ];
    for (line, expected) in rows {
        let mut host = Nobody(Detached);
        let found = match bind(sets(), call(line), &BindOptions::default(), &mut host) {
            Ok(binding) => Ok(binding.set_name().to_string()),
            Err(Unwind::Fault(fault)) => Err(fault.id.to_string()),
            Err(other) => Err(format!("{other:?}")),
        };
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{line}");
    }
}

#[test]
fn a_plan_binds_as_the_stages_do() {
    for line in ["a 5", "-Count 5 a", "-Force a -Named x", "-Name:a 7", "-Force"] {
        let signature = sample(CommandKind::Advanced);
        let plan = Plan::new(&signature, &call(line)).expect("a call without sets has a plan");
        let mut host = Nobody(Detached);
        let planned = plan.bind(call(line), &mut host).expect("the table's calls bind");
        let mut rows: Vec<String> =
            planned.bound().iter().map(|(name, value)| format!("{name}={}", convert::to_text(value))).collect();
        rows.sort();
        assert_eq!(Ok(rows.join(" ")), bound(&signature, call(line)), "{line}");
    }
}

proptest! {
    #[test]
    fn order_of_named_arguments_never_matters(order in Just(vec![0usize, 1, 2, 3]).prop_shuffle(), count in 0i32..100) {
        let named = |at: usize| match at {
            0 => Argument::named("Name", "text"),
            1 => Argument::named("Count", count),
            2 => Argument::parameter("Force"),
            _ => Argument::named("Named", Value::Bool(true)),
        };
        let straight = bound(&sample(CommandKind::Advanced), (0..4).map(named).collect());
        let shuffled = bound(&sample(CommandKind::Advanced), order.into_iter().map(named).collect());
        prop_assert_eq!(straight, shuffled);
    }
}
