//! A signature as text: what `Get-Command -Syntax` and `Get-Help` show of each parameter set.

use super::signature::{ALL_SETS, CommandSignature, Form, Parameter, SetMask};

/// One line per parameter set, without line ends.
pub(crate) fn lines(signature: &CommandSignature) -> Vec<String> {
    masks(signature).into_iter().map(|mask| line(signature, mask)).collect()
}

/// The masks of the sets a command has, in order; all sets where it names none.
pub(crate) fn masks(signature: &CommandSignature) -> Vec<SetMask> {
    match signature.sets.len() {
        0 => vec![ALL_SETS],
        n => (0..n as u32).map(|bit| 1 << bit).collect(),
    }
}

/// The line of one parameter set.
pub(crate) fn line(signature: &CommandSignature, mask: SetMask) -> String {
    let mut text = signature.name.to_string();
    for parameter in in_order(signature, mask) {
        text.push(' ');
        text.push_str(&parameter_text(parameter, mask));
    }
    if signature.should_process {
        text.push_str(" [-WhatIf] [-Confirm]");
    }
    if signature.is_advanced() {
        text.push_str(" [<CommonParameters>]");
    }
    text
}

/// Positional parameters by position, then mandatory ones, then the rest, as declared.
pub(crate) fn in_order(signature: &CommandSignature, mask: SetMask) -> Vec<&Parameter> {
    let mut found: Vec<&Parameter> = signature.parameters.iter().filter(|p| p.sets & mask != 0 && !p.hidden).collect();
    found.sort_by_key(|parameter| match parameter.position(mask) {
        Some(position) => (0, position),
        None if parameter.mandatory & mask != 0 => (1, 0),
        None => (2, 0),
    });
    found
}

fn parameter_text(parameter: &Parameter, mask: SetMask) -> String {
    let mandatory = parameter.mandatory & mask != 0;
    let name = format!("-{}", parameter.name);
    if parameter.form == Form::Switch {
        return if mandatory { name } else { format!("[{name}]") };
    }
    let value = format!("<{}>", short_type(parameter));
    match (parameter.position(mask).is_some(), mandatory) {
        (true, true) => format!("[{name}] {value}"),
        (true, false) => format!("[[{name}] {value}]"),
        (false, true) => format!("{name} {value}"),
        (false, false) => format!("[{name} {value}]"),
    }
}

/// A type as syntax lines show it: the short name scripts use.
pub(crate) fn short_type(parameter: &Parameter) -> String {
    let display = parameter.kind.display_name();
    match display.rsplit_once('.') {
        Some((_, short)) if !display.contains('[') => short.to_owned(),
        _ => display.into_owned(),
    }
}
