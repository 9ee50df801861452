//! The common parameters: names, aliases, and how their values are read.

use super::faults;
use super::signature::CommandSignature;
use crate::runtime::streams::{ActionPreference, CommonParameters};
use crate::value::{Outcome, Str, Value};

/// A common parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum CommonParameter {
    Verbose,
    Debug,
    ErrorAction,
    WarningAction,
    InformationAction,
    ProgressAction,
    ErrorVariable,
    WarningVariable,
    InformationVariable,
    OutVariable,
    OutBuffer,
    PipelineVariable,
    WhatIf,
    Confirm,
}

use CommonParameter::*;

/// Parameter, name, alias; in the order that Get-Command lists them.
const TABLE: [(CommonParameter, &str, &str); 14] = [
    (Verbose, "Verbose", "vb"),
    (Debug, "Debug", "db"),
    (ErrorAction, "ErrorAction", "ea"),
    (WarningAction, "WarningAction", "wa"),
    (InformationAction, "InformationAction", "infa"),
    (ProgressAction, "ProgressAction", "proga"),
    (ErrorVariable, "ErrorVariable", "ev"),
    (WarningVariable, "WarningVariable", "wv"),
    (InformationVariable, "InformationVariable", "iv"),
    (OutVariable, "OutVariable", "ov"),
    (OutBuffer, "OutBuffer", "ob"),
    (PipelineVariable, "PipelineVariable", "pv"),
    (WhatIf, "WhatIf", "wi"),
    (Confirm, "Confirm", "cf"),
];

/// The parameters of the table; the last two are those of commands that ask before they act.
const ALL: [CommonParameter; TABLE.len()] = {
    let mut all = [Verbose; TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        all[at] = TABLE[at].0;
        at += 1;
    }
    all
};

impl CommonParameter {
    /// Those of a command, with `-WhatIf` and `-Confirm` or without.
    pub(crate) fn for_command(should_process: bool) -> &'static [CommonParameter] {
        if should_process { &ALL } else { ALL.split_at(12).0 }
    }

    fn row(self) -> (CommonParameter, &'static str, &'static str) {
        TABLE.get(self as usize).copied().unwrap_or((self, "", ""))
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    /// Its alias.
    pub(crate) fn alias(self) -> &'static str {
        self.row().2
    }

    /// True where the name alone means `$true`.
    pub(crate) fn is_switch(self) -> bool {
        matches!(self, Verbose | Debug | WhatIf | Confirm)
    }

    /// The type as scripts write it.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Verbose | Debug | WhatIf | Confirm => "switch",
            ErrorAction | WarningAction | InformationAction | ProgressAction => {
                "System.Management.Automation.ActionPreference"
            }
            OutBuffer => "int",
            ErrorVariable | WarningVariable | InformationVariable | OutVariable | PipelineVariable => "string",
        }
    }

    /// Reads a value into the record of common parameters.
    pub(super) fn apply(
        self,
        signature: &CommandSignature,
        value: &Value,
        common: &mut CommonParameters,
    ) -> Outcome<Value> {
        if self.is_switch() {
            return self.apply_switch(signature, value, common);
        }
        match self {
            OutBuffer => self.apply_number(signature, value, common),
            ErrorAction | WarningAction | InformationAction | ProgressAction => {
                self.apply_action(signature, value, common)
            }
            _ => self.apply_name(signature, value, common),
        }
    }

    fn apply_switch(
        self,
        signature: &CommandSignature,
        value: &Value,
        common: &mut CommonParameters,
    ) -> Outcome<Value> {
        let Some(on) = super::assign::as_switch(value) else {
            return faults::cannot_convert_boolean(signature, self.name(), value).err();
        };
        let place = match self {
            Verbose => &mut common.verbose,
            Debug => &mut common.debug,
            WhatIf => &mut common.what_if,
            _ => &mut common.confirm,
        };
        *place = Some(on);
        Ok(super::assign::switch_value(on))
    }

    fn apply_action(
        self,
        signature: &CommandSignature,
        value: &Value,
        common: &mut CommonParameters,
    ) -> Outcome<Value> {
        if value.is_null() {
            return faults::failed(signature, self.name(), "it needs a value such as Stop or SilentlyContinue").err();
        }
        let Some(action) = parse_action(value) else {
            return faults::cannot_convert(signature, self.name(), value, "ActionPreference", None).err();
        };
        let place = match self {
            ErrorAction => &mut common.error_action,
            WarningAction => &mut common.warning_action,
            InformationAction => &mut common.information_action,
            _ => &mut common.progress_action,
        };
        *place = Some(action);
        let kind = crate::value::types::resolve(self.type_name());
        Ok(kind.map_or_else(|| value.clone(), |kind| kind.enum_of(action as i64)))
    }

    fn apply_number(
        self,
        signature: &CommandSignature,
        value: &Value,
        common: &mut CommonParameters,
    ) -> Outcome<Value> {
        let number = match value {
            Value::I32(number) => Some(*number),
            other => super::assign::text_of(other).trim().parse().ok(),
        };
        match number {
            Some(number) => {
                common.out_buffer = Some(number);
                Ok(Value::I32(number))
            }
            None => faults::cannot_convert(signature, self.name(), value, "System.Int32", None).err(),
        }
    }

    fn apply_name(self, signature: &CommandSignature, value: &Value, common: &mut CommonParameters) -> Outcome<Value> {
        let name = Str::from(super::assign::text_of(value).as_ref());
        if name.is_empty() {
            return faults::null_not_allowed(signature, self.name()).err();
        }
        let place = match self {
            ErrorVariable => &mut common.error_variable,
            WarningVariable => &mut common.warning_variable,
            InformationVariable => &mut common.information_variable,
            OutVariable => &mut common.out_variable,
            _ => &mut common.pipeline_variable,
        };
        *place = Some(name.clone());
        Ok(Value::Str(name))
    }
}

/// An action by name, unambiguous beginning, number or enumeration member.
fn parse_action(value: &Value) -> Option<ActionPreference> {
    match value {
        Value::Enum(member) => ActionPreference::parse(&member.bits.to_string()),
        Value::I32(number) => ActionPreference::parse(&number.to_string()),
        other => {
            let text = super::assign::text_of(other);
            ActionPreference::parse(&text).or_else(|| by_beginning(&text))
        }
    }
}

fn by_beginning(text: &str) -> Option<ActionPreference> {
    const NAMES: [&str; 7] = ["SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend", "Break"];
    let text = text.trim();
    let begins = |name: &&&str| name.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text));
    let mut found = NAMES.iter().filter(begins);
    match (found.next(), found.next()) {
        (Some(name), None) if !text.is_empty() => ActionPreference::parse(name),
        _ => None,
    }
}
