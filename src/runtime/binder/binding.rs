//! The state that binding works on: what is bound to what, which sets are still possible, what is left over.

use super::signature::{ALL_SETS, CommandSignature, SetMask};
use crate::runtime::argument::Argument;
use crate::runtime::streams::CommonParameters;
use crate::value::{Engine, Hashtable, Outcome, ScriptBlock, Str, Unwind, Value};
use smallvec::SmallVec;
use std::rc::Rc;

/// What binding may ask of the world around it.
pub(crate) trait BindHost {
    /// The engine, for conversions and for scripts in attributes.
    fn engine(&mut self) -> &mut dyn Engine;
    /// Asks a person for mandatory parameters; `None` where nobody can be asked.
    fn prompt(&mut self, _signature: &CommandSignature, _missing: &[u16]) -> Outcome<Option<Vec<Value>>> {
        Ok(None)
    }
    /// Runs `dynamicparam` with what is bound so far; the parameters it declares.
    fn dynamic_parameters(&mut self, _binding: &Binding) -> Outcome<Vec<super::Parameter>> {
        Ok(Vec::new())
    }
}

/// How a call is to be bound.
#[derive(Clone, Default)]
pub(crate) struct BindOptions {
    /// Objects come down the pipeline.
    pub(crate) expects_input: bool,
    /// `$PSDefaultParameterValues`, where it holds anything.
    pub(crate) defaults: Option<Rc<Hashtable>>,
    /// The command has a `dynamicparam` block.
    pub(crate) has_dynamic: bool,
}

/// A call's arguments bound to a signature.
pub(crate) struct Binding {
    /// What is being bound; with dynamic parameters once these are known.
    pub(crate) signature: Rc<CommandSignature>,
    /// Values by parameter number; null where not bound.
    pub(crate) values: Vec<Value>,
    /// Numbers of bound parameters, common ones included, in binding order.
    pub(crate) order: SmallVec<[u16; 8]>,
    /// Values of common parameters, as `$PSBoundParameters` shows them.
    pub(crate) common_values: SmallVec<[(u16, Value); 1]>,
    /// Common parameters as read.
    pub(crate) common: Option<Box<CommonParameters>>,
    /// What no parameter took: `$args` of a simple function.
    pub(crate) rest: Vec<Value>,
    /// Sets still possible.
    pub(crate) sets: SetMask,
    /// Sets possible before any pipeline object came.
    pub(crate) sets_before_input: SetMask,
    /// The set the cmdlet shows as chosen.
    pub(crate) chosen: SetMask,
    /// The set to try first for each pipeline object; 0 for none.
    pub(crate) prioritized: SetMask,
    /// Script blocks to be evaluated per pipeline object.
    pub(crate) delayed: Vec<(u16, Rc<ScriptBlock>)>,
    /// Parameters bound from the current pipeline object, to be undone before the next.
    pub(crate) from_pipeline: SmallVec<[u16; 4]>,
    /// Parameters bound from `$PSDefaultParameterValues`.
    pub(crate) from_defaults: SmallVec<[u16; 2]>,
    /// Arguments not bound yet.
    pub(super) unbound: Vec<Argument>,
    /// The error of a positional argument that fitted nowhere.
    pub(super) positional_error: Option<Unwind>,
}

impl Binding {
    /// Nothing bound yet.
    pub(crate) fn new(signature: Rc<CommandSignature>, arguments: Vec<Argument>) -> Binding {
        Binding {
            values: vec![Value::Null; signature.parameters.len()],
            signature,
            order: SmallVec::new(),
            common_values: SmallVec::new(),
            common: None,
            rest: Vec::new(),
            sets: ALL_SETS,
            sets_before_input: ALL_SETS,
            chosen: ALL_SETS,
            prioritized: 0,
            delayed: Vec::new(),
            from_pipeline: SmallVec::new(),
            from_defaults: SmallVec::new(),
            unbound: arguments,
            positional_error: None,
        }
    }

    /// True where a parameter has been given.
    #[inline]
    pub(crate) fn is_bound(&self, number: u16) -> bool {
        self.order.contains(&number)
    }

    /// The value of a bound parameter.
    pub(crate) fn value(&self, number: u16) -> Option<&Value> {
        if !self.is_bound(number) {
            return None;
        }
        let common = || self.common_values.iter().find(|row| row.0 == number).map(|row| &row.1);
        self.values.get(number as usize).or_else(common)
    }

    /// Bound parameters in binding order with their declared names: `$PSBoundParameters`.
    pub(crate) fn bound(&self) -> Vec<(Str, Value)> {
        let row = |number: &u16| Some((self.signature.parameter_name(*number), self.value(*number)?.clone()));
        self.order.iter().filter_map(row).collect()
    }

    /// The name of the parameter set chosen.
    pub(crate) fn set_name(&self) -> Str {
        self.signature.set_name(self.chosen)
    }

    /// Numbers of declared parameters that are not bound and belong to a set still possible.
    pub(super) fn open_parameters(&self) -> Vec<u16> {
        let open = |number: &u16| {
            let belongs = self.signature.parameter(*number).is_some_and(|p| p.sets & self.sets != 0);
            belongs && !self.is_bound(*number)
        };
        (0..self.signature.parameters.len() as u16).filter(open).collect()
    }

    /// Puts a converted value in place.
    pub(super) fn put(&mut self, number: u16, value: Value) {
        if let Some(place) = self.values.get_mut(number as usize) {
            *place = value;
        }
        if !self.order.contains(&number) {
            self.order.push(number);
        }
        if let Some(parameter) = self.signature.parameter(number) {
            self.sets &= parameter.sets;
        }
    }

    /// Takes a value out again.
    pub(super) fn remove(&mut self, number: u16) {
        if let Some(place) = self.values.get_mut(number as usize) {
            *place = Value::Null;
        }
        self.order.retain(|n| *n != number);
    }
}
