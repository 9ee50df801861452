//! What a compiled-in cmdlet is: a declaration in PowerShell's words and a struct of bound parameters, written
//! once by [`cmdlet!`](crate::cmdlet) so that the two cannot differ.
//!
//! The binder makes one instance per pipeline element, sets the parameters that the command line gives, calls
//! `begin`, then for each pipeline object sets the pipeline-bound parameters and calls `process`, then `end`.
//! A cmdlet without pipeline input gets one `process` call.

use crate::value::{Outcome, TypeRef, Value};
use std::rc::Rc;

/// How the binder fills a cmdlet's fields; written by [`cmdlet!`](crate::cmdlet).
pub(crate) trait BindParameter {
    /// Sets parameter number `index` (its place in the declaration); the value is converted to the field's type.
    fn set(&mut self, index: usize, value: Value, engine: &mut dyn crate::value::Engine) -> Outcome<()>;
    /// Puts parameter number `index` back to what it is when not given.
    fn reset(&mut self, _index: usize) {}
}

/// One cmdlet being run.
pub(crate) trait Cmdlet: BindParameter {
    /// Before the first object.
    fn begin(&mut self, _run: &mut Invocation<'_>) -> Outcome<()> {
        Ok(())
    }
    /// For each pipeline object, or once.
    fn process(&mut self, _run: &mut Invocation<'_>) -> Outcome<()> {
        Ok(())
    }
    /// After the last object; not called when the pipeline was stopped.
    fn end(&mut self, _run: &mut Invocation<'_>) -> Outcome<()> {
        Ok(())
    }
}

/// Cmdlets that are described by data: each is found and made when its name is first used.
pub(crate) trait CmdletSource {
    /// The declaration of the cmdlet of this name, in any case; `Err` where its description is at fault.
    fn find(&self, name: &str) -> crate::value::Outcome<Option<&'static CmdletSpec>>;
    /// The names of all, without making them.
    fn names(&self) -> Vec<String>;
    /// Descriptions that could not be read: what is wrong, with file, line and key.
    fn faults(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A cmdlet's declaration.
#[derive(Debug)]
pub(crate) struct CmdletSpec {
    /// `Verb-Noun`.
    pub(crate) name: &'static str,
    /// .NET class name that error ids end in, e.g. `Microsoft.PowerShell.Commands.GetItemCommand`.
    pub(crate) class: &'static str,
    /// Module it is listed under, e.g. `Microsoft.PowerShell.Utility`.
    pub(crate) module: &'static str,
    /// Parameters in order.
    pub(crate) parameters: &'static [ParameterSpec],
    /// The default parameter set.
    pub(crate) default_set: Option<&'static str>,
    /// `-WhatIf` and `-Confirm` exist.
    pub(crate) should_process: bool,
    /// When `-Confirm` is implied.
    pub(crate) impact: ConfirmImpact,
    /// One line of help.
    pub(crate) synopsis: &'static str,
    /// Examples: code and what it shows. Run by a test.
    pub(crate) examples: &'static [(&'static str, &'static str)],
    /// Type names of its output.
    pub(crate) outputs: &'static [&'static str],
    /// What a described cmdlet is described by; none for those written with [`cmdlet!`](crate::cmdlet).
    pub(crate) data: Option<&'static (dyn std::any::Any + Send + Sync)>,
    /// Makes an instance with nothing bound; it is handed the declaration it is made from.
    pub(crate) make: fn(&'static CmdletSpec) -> Box<dyn Cmdlet>,
}

/// `ConfirmImpact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum ConfirmImpact {
    None,
    Low,
    Medium,
    High,
}

/// A parameter's declaration, built by const methods: `ParameterSpec::new("Path").position(0).mandatory()`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ParameterSpec {
    /// Its name.
    pub(crate) name: &'static str,
    /// .NET type, by the name scripts write: `string[]`, `switch`, `scriptblock` … filled by the macro from the field.
    pub(crate) type_name: &'static str,
    /// The type was declared, not taken from the field.
    pub(crate) typed: bool,
    /// The type itself, where scripts have no name for it.
    pub(crate) kind: Option<TypeRef>,
    /// Other names.
    pub(crate) aliases: &'static [&'static str],
    /// Membership in parameter sets; one entry with an empty name stands for all sets.
    pub(crate) sets: &'static [SetMembership],
    /// Checks on the value after conversion.
    pub(crate) validation: &'static [Validation],
    /// Takes `$null` though mandatory.
    pub(crate) allow_null: bool,
    /// Takes an empty collection though mandatory.
    pub(crate) allow_empty: bool,
    /// `DontShow`.
    pub(crate) hidden: bool,
}

/// What a parameter is within one parameter set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetMembership {
    /// The set; empty for all sets.
    pub(crate) set: &'static str,
    /// Must be given.
    pub(crate) mandatory: bool,
    /// Place among positional arguments, from 0.
    pub(crate) position: Option<u8>,
    /// Binds the pipeline object itself.
    pub(crate) by_value: bool,
    /// Binds a property of the pipeline object by this parameter's name or alias.
    pub(crate) by_property: bool,
    /// Takes all remaining arguments.
    pub(crate) remaining: bool,
}

/// Declared checks, named as PowerShell's attributes.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum Validation {
    NotNull,
    NotNullOrEmpty,
    NotNullOrWhiteSpace,
    Range(f64, f64),
    Count(usize, usize),
    Set(&'static [&'static str]),
    Pattern(&'static str),
}

const ANYWHERE: SetMembership =
    SetMembership { set: "", mandatory: false, position: None, by_value: false, by_property: false, remaining: false };

impl SetMembership {
    /// Membership in one set, nothing else said.
    pub(crate) const fn of(set: &'static str) -> Self {
        SetMembership { set, ..ANYWHERE }
    }
    /// Must be given.
    pub(crate) const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }
    /// Positional.
    pub(crate) const fn position(mut self, position: u8) -> Self {
        self.position = Some(position);
        self
    }
    /// Pipeline input by value.
    pub(crate) const fn by_value(mut self) -> Self {
        self.by_value = true;
        self
    }
    /// Pipeline input by property name.
    pub(crate) const fn by_property(mut self) -> Self {
        self.by_property = true;
        self
    }
    /// Takes what remains.
    pub(crate) const fn remaining(mut self) -> Self {
        self.remaining = true;
        self
    }
}

impl ParameterSpec {
    /// A named optional parameter of all sets.
    pub(crate) const fn new(name: &'static str) -> Self {
        ParameterSpec {
            name,
            type_name: "object",
            typed: false,
            kind: None,
            aliases: &[],
            sets: const { &[ANYWHERE] },
            validation: &[],
            allow_null: false,
            allow_empty: false,
            hidden: false,
        }
    }
    /// With its type, where the field's own type does not say it.
    pub(crate) const fn typed(mut self, type_name: &'static str) -> Self {
        self.type_name = type_name;
        self.typed = true;
        self
    }
    /// With the type of its field, where none was declared; used by the macro.
    pub(crate) const fn typed_by(mut self, type_name: &'static str) -> Self {
        if !self.typed {
            self.type_name = type_name;
        }
        self
    }
    /// With aliases.
    pub(crate) const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
    /// In these sets (or `""` for all), with what it is in each.
    pub(crate) const fn sets(mut self, sets: &'static [SetMembership]) -> Self {
        self.sets = sets;
        self
    }
    /// With checks.
    pub(crate) const fn validate(mut self, validation: &'static [Validation]) -> Self {
        self.validation = validation;
        self
    }
    /// `[AllowNull()]`.
    pub(crate) const fn allow_null(mut self) -> Self {
        self.allow_null = true;
        self
    }
    /// `[AllowEmptyCollection()]`, `[AllowEmptyString()]`.
    pub(crate) const fn allow_empty(mut self) -> Self {
        self.allow_empty = true;
        self
    }
}

/// A `switch` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Switch(pub(crate) bool);

pub(crate) use super::invocation::Invocation;
pub(crate) use super::parameter_types::FromValue;

/// Declares a cmdlet and the struct of its bound parameters from one list.
///
/// ```ignore
/// cmdlet! {
///     /// Sends only every second object.
///     pub struct SelectOdd = "Select-Odd", class "Pcsh.SelectOddCommand", module "Pcsh.Sample" {
///         default_set: None, should_process: false, impact: ConfirmImpact::Medium,
///         synopsis: "Passes every second object on.", examples: &[], outputs: &[],
///     }
///     parameters {
///         input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
///     }
///     state { seen: usize }
/// }
/// ```
#[macro_export]
macro_rules! cmdlet {
    (
        $(#[$doc:meta])*
        pub(crate) struct $name:ident = $verb_noun:literal, class $class:literal, module $module:literal {
            $($option:ident : $value:expr),* $(,)?
        }
        parameters { $($field:ident : $kind:ty = $spec:expr),* $(,)? }
        state { $($state:ident : $state_kind:ty),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name {
            $($field: $kind,)*
            $($state: $state_kind,)*
        }
        impl $name {
            /// The declaration.
            pub(crate) const SPEC: $crate::runtime::CmdletSpec = $crate::runtime::CmdletSpec {
                name: $verb_noun,
                class: $class,
                module: $module,
                parameters: &[$($spec.typed_by(<$kind as $crate::runtime::FromValue>::TYPE)),*],
                data: None,
                make: |_| Box::new($name::default()),
                $($option: $value,)*
            };
        }
        impl $crate::runtime::BindParameter for $name {
            #[allow(unused_variables, unused_mut, unused_assignments, reason = "a cmdlet may have no parameters")]
            fn set(&mut self, index: usize, value: $crate::value::Value, engine: &mut dyn $crate::value::Engine)
                -> $crate::value::Outcome<()> {
                let mut at = 0usize;
                $(
                    if index == at {
                        self.$field = $crate::runtime::FromValue::from_value(value, engine)?;
                        return Ok(());
                    }
                    at += 1;
                )*
                Ok(())
            }
            #[allow(unused_variables, unused_mut, unused_assignments, reason = "a cmdlet may have no parameters")]
            fn reset(&mut self, index: usize) {
                let mut at = 0usize;
                $(
                    if index == at {
                        self.$field = Default::default();
                        return;
                    }
                    at += 1;
                )*
            }
        }
    };
}

/// Shared script block as a parameter type.
pub(crate) type Block = Rc<crate::value::ScriptBlock>;
