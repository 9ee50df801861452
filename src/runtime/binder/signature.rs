//! What a command takes: its parameters and parameter sets as plain owned data, made once per command from a
//! script's `param` block, a cmdlet's declaration or a manifest. Sets are bits of a `u32`.

use super::common::CommonParameter;
use crate::runtime::cmdlet::ConfirmImpact;
use crate::value::{ScriptBlock, Str, TypeRef, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::rc::Rc;

/// A set of parameter sets; [`ALL_SETS`] where none was named.
pub(crate) type SetMask = u32;
/// Every parameter set, also those that have no name.
pub(crate) const ALL_SETS: SetMask = u32::MAX;
/// The name that stands for all parameter sets.
pub(crate) const ALL_SETS_NAME: &str = "__AllParameterSets";

/// The same as a text that all share.
pub(crate) fn all_sets_name() -> Str {
    thread_local! {
        static NAME: Str = Str::from(ALL_SETS_NAME);
    }
    NAME.with(Str::clone)
}
/// Most parameter sets a command can have.
pub(crate) const MAX_SETS: usize = 32;

/// Which kind of command a signature belongs to; decides some error ids and conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandKind {
    /// A function without attributes: extra arguments go to `$args`, no common parameters.
    Simple,
    /// A function with `[CmdletBinding()]` or a `[Parameter()]` attribute.
    Advanced,
    /// A compiled-in cmdlet.
    Cmdlet,
}

/// What a command takes.
#[derive(Debug)]
pub(crate) struct CommandSignature {
    /// The command's name.
    pub name: Str,
    /// What error ids end in: the function's name, or the cmdlet's class; empty for a bare block.
    pub(crate) error_suffix: Str,
    /// Kind of command.
    pub(crate) kind: CommandKind,
    /// Declared parameters in order, then dynamic ones. Their number is their place here.
    pub(crate) parameters: Vec<Parameter>,
    /// Common parameters, numbered after the declared ones.
    pub(crate) common: &'static [CommonParameter],
    /// Names of the parameter sets; bit *n* of a mask is set *n*.
    pub(crate) sets: Vec<Str>,
    /// The default set's bit; 0 where there is none.
    pub(crate) default_set: SetMask,
    /// Parameters without a position take none (`PositionalBinding = $false`).
    pub(crate) positional: bool,
    /// `-WhatIf` and `-Confirm` exist.
    pub(crate) should_process: bool,
    /// When `-Confirm` is implied.
    pub(crate) impact: ConfirmImpact,
    /// What `[OutputType()]` names: types or their names.
    pub(crate) outputs: Vec<Value>,
    /// What `[Alias()]` on the function itself names.
    pub aliases: Vec<Str>,
    /// Some parameter takes what remains.
    pub(crate) has_remaining: bool,
    /// Numbers of the parameters that take pipeline input, the last first, as they are tried.
    pub(crate) pipeline: SmallVec<[u16; 4]>,
    /// Numbers by folded name and alias.
    pub(super) names: FxHashMap<Box<str>, u16>,
}

/// One parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub name: Str,
    /// Other names.
    pub aliases: Vec<Str>,
    /// Its type.
    pub(crate) kind: TypeRef,
    /// Further conversions in the order they apply, where more than one type was written.
    pub(crate) conversions: Vec<TypeRef>,
    /// The type's shape as the binder sees it.
    pub(crate) form: Form,
    /// True where a type was written (or the parameter is a cmdlet's), so that values are converted.
    pub(crate) typed: bool,
    /// What it is in each set.
    pub(crate) memberships: SmallVec<[Membership; 1]>,
    /// The sets it belongs to.
    pub(crate) sets: SetMask,
    /// Sets in which it must be given.
    pub(crate) mandatory: SetMask,
    /// Sets in which it binds the pipeline object.
    pub by_value: SetMask,
    /// Sets in which it binds a property of the pipeline object.
    pub by_property: SetMask,
    /// Transformations and checks, in order.
    pub(crate) checks: Vec<Check>,
    /// `[AllowNull()]`.
    pub(crate) allow_null: bool,
    /// `[AllowEmptyString()]`.
    pub(crate) allow_empty_string: bool,
    /// `[AllowEmptyCollection()]`.
    pub(crate) allow_empty_collection: bool,
    /// `DontShow`.
    pub(crate) hidden: bool,
    /// Added by `dynamicparam`.
    pub(crate) dynamic: bool,
    /// `HelpMessage`.
    pub help: Option<Str>,
    /// Attribute objects, where scripts made them (dynamic parameters).
    pub(crate) attributes: Vec<Value>,
}

/// What a parameter is within some sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Membership {
    /// The sets this speaks of.
    pub(crate) sets: SetMask,
    /// Must be given.
    pub(crate) mandatory: bool,
    /// Place among positional arguments.
    pub position: Option<i32>,
    /// Takes the pipeline object.
    pub(crate) by_value: bool,
    /// Takes a property of the pipeline object.
    pub(crate) by_property: bool,
    /// Takes the remaining arguments.
    pub(crate) remaining: bool,
}

impl Default for Membership {
    fn default() -> Self {
        Membership {
            sets: ALL_SETS,
            mandatory: false,
            position: None,
            by_value: false,
            by_property: false,
            remaining: false,
        }
    }
}

/// The shape of a type as far as binding cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Anything goes.
    Object,
    /// `string`.
    Text,
    /// `switch`.
    Switch,
    /// `bool`.
    Bool,
    /// `scriptblock`.
    Block,
    /// An array.
    Array,
    /// A list or other collection that is not a dictionary.
    Collection,
    /// Any other type.
    Other,
}

/// A transformation or check of a value, from an attribute.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    /// `[ValidateNotNull()]`.
    NotNull,
    /// `[ValidateNotNullOrEmpty()]`.
    NotNullOrEmpty,
    /// `[ValidateNotNullOrWhiteSpace()]`.
    NotNullOrWhiteSpace,
    /// `[ValidateRange(a, b)]`.
    Range(Value, Value),
    /// `[ValidateRange('Positive')]`.
    RangeKind(RangeKind),
    /// `[ValidateCount(a, b)]`.
    Count(i64, i64),
    /// `[ValidateLength(a, b)]`.
    Length(i64, i64),
    /// `[ValidateSet(…)]`: values, and true to ignore case.
    Set(Rc<[Str]>, bool),
    /// `[ValidateSet([Generator])]`: an object with `GetValidValues()`, and true to ignore case.
    Generated(Value, bool),
    /// `[ValidatePattern(…)]`: pattern, and true to ignore case.
    Pattern(Str, bool),
    /// `[ValidateScript({…})]`.
    Script(Rc<ScriptBlock>),
    /// One of the three above with its `ErrorMessage`.
    Worded(Box<Check>, Str),
    /// `[ValidateDrive(…)]`.
    Drive(Rc<[Str]>),
    /// `[PSTypeName('…')]`: one of the object's type names.
    TypeName(Str),
    /// `[ValidateUserDrive()]`, `[ValidateTrustedData()]`: nothing to refuse here.
    Nothing,
    /// An attribute of a script class that validates (`Validate`) or transforms (`Transform`).
    Custom(Value, CustomCheck),
    /// `[Credential()]`, `[ArgumentToEncodingTransformation()]` and the like: conversion to the type does it.
    Transformation,
}

/// What a script-class attribute derives from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CustomCheck {
    /// `ValidateArgumentsAttribute`: `Validate(arguments, engineIntrinsics)`.
    Arguments,
    /// `ValidateEnumeratedArgumentsAttribute`: `ValidateElement(element)`.
    Elements,
    /// `ArgumentTransformationAttribute`: `Transform(engineIntrinsics, inputData)`.
    Transform,
}

/// `ValidateRangeKind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum RangeKind {
    Positive,
    NonNegative,
    Negative,
    NonPositive,
}

impl RangeKind {
    /// By name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        const NAMES: [(&str, RangeKind); 4] = [
            ("Positive", RangeKind::Positive),
            ("NonNegative", RangeKind::NonNegative),
            ("Negative", RangeKind::Negative),
            ("NonPositive", RangeKind::NonPositive),
        ];
        NAMES.iter().find(|row| row.0.eq_ignore_ascii_case(name)).map(|row| row.1)
    }
}

impl Form {
    /// The form of a type.
    pub(crate) fn of(kind: TypeRef) -> Form {
        if kind.info().element.is_some() {
            return Form::Array;
        }
        match kind.name() {
            "System.Object" => Form::Object,
            "System.String" => Form::Text,
            "System.Boolean" => Form::Bool,
            "System.Management.Automation.SwitchParameter" => Form::Switch,
            "System.Management.Automation.ScriptBlock" => Form::Block,
            "System.Array"
            | "System.Collections.ArrayList"
            | "System.Collections.IList"
            | "System.Collections.ICollection" => Form::Collection,
            name if name.starts_with("System.Collections.Generic.List`1")
                || name.starts_with("System.Collections.ObjectModel.Collection`1")
                || name.starts_with("System.Collections.Generic.IList`1")
                || name.starts_with("System.Collections.Generic.ICollection`1") =>
            {
                Form::Collection
            }
            _ => Form::Other,
        }
    }

    /// True for what binds many values.
    pub(crate) fn is_collection(self) -> bool {
        matches!(self, Form::Array | Form::Collection)
    }
}

impl Parameter {
    /// An optional parameter of every set, of a type.
    pub(crate) fn new(name: impl Into<Str>, kind: TypeRef) -> Parameter {
        let mut parameter = Parameter {
            name: name.into(),
            aliases: Vec::new(),
            kind,
            conversions: Vec::new(),
            form: Form::of(kind),
            typed: true,
            memberships: SmallVec::from_elem(Membership::default(), 1),
            sets: ALL_SETS,
            mandatory: 0,
            by_value: 0,
            by_property: 0,
            checks: Vec::new(),
            allow_null: false,
            allow_empty_string: false,
            allow_empty_collection: false,
            hidden: false,
            dynamic: false,
            help: None,
            attributes: Vec::new(),
        };
        parameter.summarize();
        parameter
    }

    /// Works the masks out of the memberships; to be called after these change.
    pub(crate) fn summarize(&mut self) {
        if self.memberships.is_empty() {
            self.memberships.push(Membership::default());
        }
        let mask = |wanted: fn(&Membership) -> bool| {
            self.memberships.iter().filter(|m| wanted(m)).fold(0, |mask, m| mask | m.sets)
        };
        (self.sets, self.mandatory) = (mask(|_| true), mask(|m| m.mandatory));
        (self.by_value, self.by_property) = (mask(|m| m.by_value), mask(|m| m.by_property));
    }

    /// True where it takes pipeline input of some kind.
    pub(crate) fn takes_pipeline(&self) -> bool {
        self.by_value | self.by_property != 0
    }

    /// What it is in the first of these sets that it belongs to.
    pub(crate) fn within(&self, sets: SetMask) -> Option<&Membership> {
        self.memberships.iter().find(|m| m.sets & sets != 0)
    }

    /// Its position in any of these sets.
    pub(crate) fn position(&self, sets: SetMask) -> Option<i32> {
        self.memberships.iter().filter(|m| m.sets & sets != 0).find_map(|m| m.position)
    }

    /// True where it takes what remains in any of these sets.
    pub(crate) fn is_remaining(&self, sets: SetMask) -> bool {
        self.memberships.iter().any(|m| m.remaining && m.sets & sets != 0)
    }
}

impl CommandSignature {
    /// A signature of these parameters; works out positions, masks and the table of names.
    pub(crate) fn new(name: impl Into<Str>, kind: CommandKind, parameters: Vec<Parameter>) -> CommandSignature {
        let name = name.into();
        let mut signature = CommandSignature {
            error_suffix: name.clone(),
            name,
            kind,
            parameters,
            common: if kind == CommandKind::Simple { &[] } else { CommonParameter::for_command(false) },
            sets: Vec::new(),
            default_set: 0,
            positional: true,
            should_process: false,
            impact: ConfirmImpact::Medium,
            outputs: Vec::new(),
            aliases: Vec::new(),
            has_remaining: false,
            pipeline: SmallVec::new(),
            names: FxHashMap::default(),
        };
        signature.index();
        signature
    }

    /// Works out what depends on the parameters; to be called after these change.
    pub(crate) fn index(&mut self) {
        self.common = match self.kind {
            CommandKind::Simple => &[],
            CommandKind::Advanced | CommandKind::Cmdlet => CommonParameter::for_command(self.should_process),
        };
        self.names.clear();
        for (number, parameter) in self.parameters.iter_mut().enumerate() {
            parameter.summarize();
            for name in std::iter::once(&parameter.name).chain(&parameter.aliases) {
                self.names.entry(folded(name)).or_insert(number as u16);
            }
        }
        for (place, common) in self.common.iter().enumerate() {
            let number = (self.parameters.len() + place) as u16;
            for name in [common.name(), common.alias()] {
                self.names.entry(folded(name)).or_insert(number);
            }
        }
        self.has_remaining = self.parameters.iter().any(|p| p.is_remaining(ALL_SETS));
        let takers = self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.takes_pipeline());
        self.pipeline = takers.map(|(number, _)| number as u16).rev().collect();
    }

    /// The bit of a set by name, made when it is new. All bits where the table is full or the name is the
    /// one for all sets.
    pub(crate) fn set_bit(&mut self, name: &str) -> SetMask {
        if name.is_empty() || name.eq_ignore_ascii_case(ALL_SETS_NAME) {
            return ALL_SETS;
        }
        if let Some(at) = self.sets.iter().position(|set| set.eq_ignore_ascii_case(name)) {
            return 1 << at;
        }
        if self.sets.len() >= MAX_SETS {
            return ALL_SETS;
        }
        self.sets.push(Str::from(name));
        1 << (self.sets.len() - 1)
    }

    /// The name of the first set in a mask, as `$PSCmdlet.ParameterSetName` gives it.
    pub(crate) fn set_name(&self, mask: SetMask) -> Str {
        if mask == ALL_SETS || mask == 0 {
            return all_sets_name();
        }
        self.sets.get(mask.trailing_zeros() as usize).cloned().unwrap_or_else(all_sets_name)
    }

    /// The number of a parameter by its exact name or alias, case aside.
    pub(crate) fn find(&self, name: &str) -> Option<u16> {
        self.names.get(&folded(name)).copied()
    }

    /// The declared or dynamic parameter of a number; `None` for common ones.
    pub(crate) fn parameter(&self, number: u16) -> Option<&Parameter> {
        self.parameters.get(number as usize)
    }

    /// The common parameter of a number.
    pub(crate) fn common_parameter(&self, number: u16) -> Option<CommonParameter> {
        self.common.get((number as usize).checked_sub(self.parameters.len())?).copied()
    }

    /// The declared name of a parameter of any kind.
    pub(crate) fn parameter_name(&self, number: u16) -> Str {
        match self.parameter(number) {
            Some(parameter) => parameter.name.clone(),
            None => Str::from(self.common_parameter(number).map_or("", CommonParameter::name)),
        }
    }

    /// True where the parameter is a switch: its name alone means `$true`.
    pub(crate) fn is_switch(&self, number: u16) -> bool {
        match self.parameter(number) {
            Some(parameter) => parameter.form == Form::Switch,
            None => self.common_parameter(number).is_some_and(CommonParameter::is_switch),
        }
    }

    /// True for a function with common parameters, or a cmdlet.
    pub(crate) fn is_advanced(&self) -> bool {
        self.kind != CommandKind::Simple
    }

    /// This signature with dynamic parameters added.
    pub(crate) fn with_dynamic(&self, dynamic: Vec<Parameter>) -> CommandSignature {
        let mut parameters = self.parameters.clone();
        parameters.extend(dynamic.into_iter().map(|mut p| {
            p.dynamic = true;
            p
        }));
        let mut signature = CommandSignature {
            name: self.name.clone(),
            error_suffix: self.error_suffix.clone(),
            kind: self.kind,
            parameters,
            common: self.common,
            sets: self.sets.clone(),
            default_set: self.default_set,
            positional: self.positional,
            should_process: self.should_process,
            impact: self.impact,
            outputs: self.outputs.clone(),
            aliases: self.aliases.clone(),
            has_remaining: false,
            pipeline: SmallVec::new(),
            names: FxHashMap::default(),
        };
        signature.index();
        signature
    }
}

/// A name as the tables know it.
pub(super) fn folded(name: &str) -> Box<str> {
    if name.is_ascii() { name.to_ascii_lowercase().into() } else { name.to_lowercase().into() }
}
