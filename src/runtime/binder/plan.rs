//! A call site's arguments matched to a signature once: names become parameter numbers, so that later calls from
//! the same place only convert and check values.

use super::assign::{Coercion, assign, converted, switch_value};
use super::binding::{BindHost, Binding};
use super::named::{as_written, resolve_name};
use super::signature::{ALL_SETS, CommandSignature, Form};
use super::{faults, remaining};
use crate::runtime::argument::{Argument, ArgumentKind};
use crate::value::{Outcome, Str, Value};
use smallvec::SmallVec;
use std::rc::Rc;

/// Where each argument of a call site goes.
pub(crate) struct Plan {
    /// The signature it was made for.
    signature: Rc<CommandSignature>,
    /// Per argument in the order written.
    targets: Box<[Target]>,
    /// The order in which `$PSBoundParameters` lists what is bound: named first.
    order: Box<[u16]>,
}

enum Target {
    /// The argument's value is this parameter's.
    Parameter(u16),
    /// The argument is a switch's name: on.
    Switch(u16),
    /// The argument is a name whose value follows as the next argument.
    Name,
    /// No parameter takes it: `$args`.
    Rest,
}

impl Plan {
    /// The plan of a call; `None` where binding depends on values or has several outcomes: parameter sets,
    /// remaining arguments, splatting, anything that is an error.
    pub(crate) fn new(signature: &Rc<CommandSignature>, arguments: &[Argument]) -> Option<Plan> {
        if !signature.sets.is_empty() || signature.has_remaining {
            return None;
        }
        let mut targets = Vec::with_capacity(arguments.len());
        let mut order: Vec<u16> = Vec::new();
        let mut rest = arguments.iter().enumerate().peekable();
        while let Some((_, argument)) = rest.next() {
            if matches!(&argument.kind, ArgumentKind::Value { text: Some(text), .. } if text.as_str() == "--") {
                return None;
            }
            let ArgumentKind::Parameter { name, value, splatted, .. } = &argument.kind else {
                targets.push(Target::Rest);
                continue;
            };
            let number = match resolve_name(signature, name) {
                Ok(Some(number)) if !*splatted && !order.contains(&number) => number,
                _ => return None,
            };
            order.push(number);
            if value.is_some() {
                targets.push(Target::Parameter(number));
            } else if signature.is_switch(number) {
                targets.push(Target::Switch(number));
            } else {
                match rest.next().map(|(_, next)| &next.kind) {
                    Some(ArgumentKind::Value { text, .. }) if text.as_deref() != Some("--") => {}
                    _ => return None,
                }
                targets.push(Target::Name);
                targets.push(Target::Parameter(number));
            }
        }
        place_positional(signature, &mut targets, &mut order)?;
        let complete = |p: &super::Parameter, n: usize| p.mandatory == 0 || order.contains(&(n as u16));
        if !signature.parameters.iter().enumerate().all(|(n, p)| complete(p, n)) {
            return None;
        }
        Some(Plan { signature: signature.clone(), targets: targets.into(), order: order.into() })
    }

    /// True where the plan was made for this signature.
    pub(crate) fn is_for(&self, signature: &Rc<CommandSignature>) -> bool {
        Rc::ptr_eq(&self.signature, signature)
    }

    /// Binds the arguments of one call. They must have the forms the plan was made from.
    pub(crate) fn bind(&self, arguments: Vec<Argument>, host: &mut dyn BindHost) -> Outcome<Binding> {
        let mut binding = Binding::new(self.signature.clone(), Vec::new());
        let mut left = Vec::new();
        for (target, argument) in self.targets.iter().zip(arguments) {
            match (target, argument.kind) {
                (Target::Name, _) => {}
                (Target::Switch(number), _) => {
                    self.give(&mut binding, host, *number, switch_value(true), None)?;
                }
                (Target::Parameter(number), ArgumentKind::Parameter { value: Some(value), .. }) => {
                    self.give(&mut binding, host, *number, value, None)?
                }
                (Target::Parameter(number), ArgumentKind::Value { value, text }) => {
                    self.give(&mut binding, host, *number, value, text)?;
                }
                (_, kind) => left.push(Argument { span: argument.span, kind }),
            }
        }
        if !left.is_empty() {
            binding.rest = remaining::as_values(left);
        }
        binding.order = SmallVec::from_slice(&self.order);
        binding.chosen = ALL_SETS;
        Ok(binding)
    }

    fn give(
        &self,
        binding: &mut Binding,
        host: &mut dyn BindHost,
        number: u16,
        value: Value,
        text: Option<Str>,
    ) -> Outcome<()> {
        let Some(parameter) = self.signature.parameter(number) else {
            return assign(binding, host, number, value, Coercion::Allowed).map(|_| ());
        };
        let late = parameter.takes_pipeline() && !matches!(parameter.form, Form::Object | Form::Block);
        if late && matches!(value, Value::ScriptBlock(_)) && self.signature.is_advanced() {
            return faults::block_without_input(&self.signature, &parameter.name).err();
        }
        let value = as_written(&self.signature, number, value, text);
        let value = converted(&self.signature, parameter, host.engine(), value, Coercion::Allowed)?;
        if let (Some(value), Some(place)) = (value, binding.values.get_mut(number as usize)) {
            *place = value;
        }
        Ok(())
    }
}

/// Gives what has no name its parameter by position. `None` where that is an error.
fn place_positional(signature: &CommandSignature, targets: &mut [Target], order: &mut Vec<u16>) -> Option<()> {
    let mut open: Vec<(i32, u16)> = Vec::new();
    for (number, parameter) in signature.parameters.iter().enumerate() {
        let number = number as u16;
        if let Some(position) = parameter.position(ALL_SETS).filter(|_| !order.contains(&number)) {
            if open.iter().any(|row| row.0 == position) {
                return None;
            }
            open.push((position, number));
        }
    }
    open.sort_unstable();
    let mut open = open.into_iter();
    for target in targets.iter_mut().filter(|t| matches!(t, Target::Rest)) {
        match open.next() {
            Some((_, number)) => {
                *target = Target::Parameter(number);
                order.push(number);
            }
            None if signature.is_advanced() => return None,
            None => {}
        }
    }
    Some(())
}
