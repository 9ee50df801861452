//! What a compiled-in cmdlet is: a declaration in PowerShell's words and a struct of bound parameters, written
//! once by [`cmdlet!`](crate::cmdlet) so that the two cannot differ.
//!
//! The binder makes one instance per pipeline element, sets the parameters that the command line gives, calls
//! `begin`, then for each pipeline object sets the pipeline-bound parameters and calls `process`, then `end`.
//! A cmdlet without pipeline input gets one `process` call.

use crate::value::{Outcome, TypeRef, Value};
use std::rc::Rc;

/// How the binder fills a cmdlet's fields; written by [`cmdlet!`](crate::cmdlet).
pub trait BindParameter {
    /// Sets parameter number `index` (its place in the declaration); the value is converted to the field's type.
    fn set(&mut self, index: usize, value: Value, engine: &mut dyn crate::value::Engine) -> Outcome<()>;
    /// Puts parameter number `index` back to what it is when not given.
    fn reset(&mut self, _index: usize) {}
}

/// One cmdlet being run.
pub trait Cmdlet: BindParameter {
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
pub trait CmdletSource {
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
pub struct CmdletSpec {
    /// `Verb-Noun`.
    pub name: &'static str,
    /// .NET class name that error ids end in, e.g. `Microsoft.PowerShell.Commands.GetItemCommand`.
    pub class: &'static str,
    /// Module it is listed under, e.g. `Microsoft.PowerShell.Utility`.
    pub module: &'static str,
    /// Parameters in order.
    pub parameters: &'static [ParameterSpec],
    /// The default parameter set.
    pub default_set: Option<&'static str>,
    /// `-WhatIf` and `-Confirm` exist.
    pub should_process: bool,
    /// When `-Confirm` is implied.
    pub impact: ConfirmImpact,
    /// One line of help.
    pub synopsis: &'static str,
    /// Examples: code and what it shows. Run by a test.
    pub examples: &'static [(&'static str, &'static str)],
    /// Type names of its output.
    pub outputs: &'static [&'static str],
    /// What a described cmdlet is described by; none for those written with [`cmdlet!`](crate::cmdlet).
    pub data: Option<&'static (dyn std::any::Any + Send + Sync)>,
    /// Makes an instance with nothing bound; it is handed the declaration it is made from.
    pub make: fn(&'static CmdletSpec) -> Box<dyn Cmdlet>,
}

/// `ConfirmImpact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub enum ConfirmImpact {
    None,
    Low,
    Medium,
    High,
}

/// A parameter's declaration, built by const methods: `ParameterSpec::new("Path").position(0).mandatory()`.
#[derive(Clone, Copy, Debug)]
pub struct ParameterSpec {
    /// Its name.
    pub name: &'static str,
    /// .NET type, by the name scripts write: `string[]`, `switch`, `scriptblock` … filled by the macro from the field.
    pub type_name: &'static str,
    /// The type was declared, not taken from the field.
    pub typed: bool,
    /// The type itself, where scripts have no name for it.
    pub kind: Option<TypeRef>,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Membership in parameter sets; one entry with an empty name stands for all sets.
    pub sets: &'static [SetMembership],
    /// Checks on the value after conversion.
    pub validation: &'static [Validation],
    /// Takes `$null` though mandatory.
    pub allow_null: bool,
    /// Takes an empty collection though mandatory.
    pub allow_empty: bool,
    /// `DontShow`.
    pub hidden: bool,
}

/// What a parameter is within one parameter set.
#[derive(Clone, Copy, Debug)]
pub struct SetMembership {
    /// The set; empty for all sets.
    pub set: &'static str,
    /// Must be given.
    pub mandatory: bool,
    /// Place among positional arguments, from 0.
    pub position: Option<u8>,
    /// Binds the pipeline object itself.
    pub by_value: bool,
    /// Binds a property of the pipeline object by this parameter's name or alias.
    pub by_property: bool,
    /// Takes all remaining arguments.
    pub remaining: bool,
}

/// Declared checks, named as PowerShell's attributes.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub enum Validation {
    NotNull,
    NotNullOrEmpty,
    NotNullOrWhiteSpace,
    Range(f64, f64),
    Count(usize, usize),
    Length(usize, usize),
    Set(&'static [&'static str]),
    Pattern(&'static str),
}

const ANYWHERE: SetMembership =
    SetMembership { set: "", mandatory: false, position: None, by_value: false, by_property: false, remaining: false };

impl SetMembership {
    /// Membership in one set, nothing else said.
    pub const fn of(set: &'static str) -> Self {
        SetMembership { set, ..ANYWHERE }
    }
    /// Must be given.
    pub const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }
    /// Positional.
    pub const fn position(mut self, position: u8) -> Self {
        self.position = Some(position);
        self
    }
    /// Pipeline input by value.
    pub const fn by_value(mut self) -> Self {
        self.by_value = true;
        self
    }
    /// Pipeline input by property name.
    pub const fn by_property(mut self) -> Self {
        self.by_property = true;
        self
    }
    /// Takes what remains.
    pub const fn remaining(mut self) -> Self {
        self.remaining = true;
        self
    }
}

impl ParameterSpec {
    /// A named optional parameter of all sets.
    pub const fn new(name: &'static str) -> Self {
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
    pub const fn typed(mut self, type_name: &'static str) -> Self {
        self.type_name = type_name;
        self.typed = true;
        self
    }
    /// With the type of its field, where none was declared; used by the macro.
    pub const fn typed_by(mut self, type_name: &'static str) -> Self {
        if !self.typed {
            self.type_name = type_name;
        }
        self
    }
    /// With aliases.
    pub const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
    /// In these sets (or `""` for all), with what it is in each.
    pub const fn sets(mut self, sets: &'static [SetMembership]) -> Self {
        self.sets = sets;
        self
    }
    /// With checks.
    pub const fn validate(mut self, validation: &'static [Validation]) -> Self {
        self.validation = validation;
        self
    }
    /// `[AllowNull()]`.
    pub const fn allow_null(mut self) -> Self {
        self.allow_null = true;
        self
    }
    /// `[AllowEmptyCollection()]`, `[AllowEmptyString()]`.
    pub const fn allow_empty(mut self) -> Self {
        self.allow_empty = true;
        self
    }
}

/// A `switch` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switch(pub bool);

pub use super::invocation::Invocation;
pub use super::parameter_types::FromValue;

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
        pub struct $name:ident = $verb_noun:literal, class $class:literal, module $module:literal {
            $($option:ident : $value:expr),* $(,)?
        }
        parameters { $($field:ident : $kind:ty = $spec:expr),* $(,)? }
        state { $($state:ident : $state_kind:ty),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name {
            $($field: $kind,)*
            $($state: $state_kind,)*
        }
        impl $name {
            /// The declaration.
            pub const SPEC: $crate::runtime::CmdletSpec = $crate::runtime::CmdletSpec {
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
pub type Block = Rc<crate::value::ScriptBlock>;
