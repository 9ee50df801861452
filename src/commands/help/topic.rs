//! What help knows of a command: gathered from its declaration, and from its manifest where it has one.

use super::comment::CommentHelp;
use crate::commands::administration::manifest_of;
use crate::runtime::binder::{self, CommandSignature, usage};
use crate::runtime::{CmdletSpec, FunctionInfo, ParameterSpec, SetMembership};
use crate::value::Str;

/// The help of one command.
pub(super) struct Topic {
    pub(super) name: String,
    pub(super) category: &'static str,
    pub(super) module: String,
    pub(super) synopsis: String,
    pub(super) description: String,
    pub(super) syntax: Vec<String>,
    pub(super) parameters: Vec<ParameterTopic>,
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
    pub(super) notes: String,
    pub(super) links: Vec<String>,
    pub(super) examples: Vec<(String, String)>,
}

/// The help of one parameter.
pub(super) struct ParameterTopic {
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) help: String,
    pub(super) required: bool,
    pub(super) position: Option<u8>,
    pub(super) pipeline: &'static str,
    pub(super) aliases: Vec<String>,
    pub(super) wildcards: bool,
    pub(super) values: Vec<String>,
}

/// The help of a cmdlet.
pub(super) fn of_cmdlet(spec: &'static CmdletSpec) -> Topic {
    let description = manifest_of(spec).map(|(_, cmdlet)| cmdlet.description.clone());
    Topic {
        name: spec.name.to_owned(),
        category: "Cmdlet",
        module: spec.module.to_owned(),
        synopsis: spec.synopsis.to_owned(),
        description: description.unwrap_or_else(|| spec.synopsis.to_owned()),
        syntax: syntax(spec),
        parameters: spec.parameters.iter().filter(|p| !p.hidden).map(|p| parameter(spec, p)).collect(),
        inputs: Vec::new(),
        notes: String::new(),
        links: Vec::new(),
        outputs: spec.outputs.iter().map(|name| (*name).to_owned()).collect(),
        examples: spec.examples.iter().map(|(code, shows)| ((*code).to_owned(), (*shows).to_owned())).collect(),
    }
}

/// The help of a function or a script: its parameters, and what its comment says.
pub(super) fn of_function(function: &FunctionInfo, signature: &CommandSignature, help: CommentHelp) -> Topic {
    let module = function.home.module.as_ref().map(|module| module.name.borrow().to_string());
    let syntax = usage::lines(signature);
    let name =
        if function.is_script { function.name.trim_end_matches(".ps1").to_owned() } else { function.name.to_string() };
    Topic {
        synopsis: if help.synopsis.is_empty() { syntax.join("\n") } else { help.synopsis },
        name,
        category: if function.is_script { "ExternalScript" } else { "Function" },
        module: module.unwrap_or_default(),
        description: help.description,
        syntax,
        parameters: signature.parameters.iter().filter(|p| !p.hidden).map(|p| declared(p, &help.parameters)).collect(),
        inputs: help.inputs,
        outputs: help.outputs,
        notes: help.notes,
        links: help.links,
        examples: help.examples,
    }
}

fn declared(parameter: &binder::Parameter, described: &[(String, String)]) -> ParameterTopic {
    let said = described.iter().find(|(name, _)| name.eq_ignore_ascii_case(&parameter.name));
    let own = parameter.help.as_ref().map(Str::to_string);
    ParameterTopic {
        name: parameter.name.to_string(),
        type_name: usage::short_type(parameter),
        help: said.map(|(_, text)| text.clone()).or(own).unwrap_or_default(),
        required: parameter.mandatory != 0,
        position: parameter.memberships.iter().find_map(|set| set.position).and_then(|place| u8::try_from(place).ok()),
        pipeline: pipeline(parameter.by_value != 0, parameter.by_property != 0),
        aliases: parameter.aliases.iter().map(Str::to_string).collect(),
        wildcards: false,
        values: Vec::new(),
    }
}

fn pipeline(by_value: bool, by_property: bool) -> &'static str {
    match (by_value, by_property) {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        (false, false) => "false",
    }
}

fn parameter(spec: &CmdletSpec, parameter: &ParameterSpec) -> ParameterTopic {
    let described = manifest_of(spec).and_then(|(noun, cmdlet)| Some((noun, cmdlet.parameter(parameter.name)?)));
    let by_value = parameter.sets.iter().any(|set| set.by_value);
    let by_property = parameter.sets.iter().any(|set| set.by_property);
    let values = described.and_then(|(noun, parameter)| noun.enumeration(short(&parameter.type_name)));
    ParameterTopic {
        name: parameter.name.to_owned(),
        type_name: type_name(spec, parameter),
        help: described.map(|(_, parameter)| parameter.help.clone()).unwrap_or_default(),
        required: parameter.sets.iter().any(|set| set.mandatory),
        position: parameter.sets.iter().find_map(|set| set.position),
        pipeline: pipeline(by_value, by_property),
        aliases: parameter.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        wildcards: described.is_some_and(|(_, parameter)| parameter.wildcards),
        values: values.map(<[String]>::to_vec).unwrap_or_default(),
    }
}

/// The type as help shows it: the manifest's where there is one, else the one scripts write.
fn type_name(spec: &CmdletSpec, parameter: &ParameterSpec) -> String {
    let described = manifest_of(spec).and_then(|(_, cmdlet)| cmdlet.parameter(parameter.name));
    match described {
        Some(described) => short(&described.type_name).to_owned(),
        None => parameter.type_name.to_owned(),
    }
}

/// ``System.Management.Automation.PSListModifier`1[System.String]`` is PSListModifier to a reader.
fn short(type_name: &str) -> &str {
    let without_arguments = type_name.split('`').next().unwrap_or(type_name);
    let name = without_arguments.rsplit('.').next().unwrap_or(without_arguments);
    name.trim_end_matches("[]")
}

/// One line for each parameter set.
pub(super) fn syntax(spec: &CmdletSpec) -> Vec<String> {
    let mut sets: Vec<&str> = Vec::new();
    for membership in spec.parameters.iter().flat_map(|parameter| parameter.sets) {
        if !membership.set.is_empty() && !sets.contains(&membership.set) {
            sets.push(membership.set);
        }
    }
    if sets.is_empty() {
        sets.push("");
    }
    sets.into_iter().map(|set| line(spec, set)).collect()
}

fn line(spec: &CmdletSpec, set: &str) -> String {
    let within = |parameter: &'static ParameterSpec| {
        let membership = parameter.sets.iter().find(|m| m.set.is_empty() || m.set == set)?;
        (!parameter.hidden).then_some((parameter, membership))
    };
    let mut parameters: Vec<_> = spec.parameters.iter().filter_map(within).collect();
    parameters.sort_by_key(|(_, membership)| match (membership.position, membership.mandatory) {
        (Some(position), _) => (0, position),
        (None, true) => (1, 0),
        (None, false) => (2, 0),
    });
    let mut text = spec.name.to_owned();
    for (parameter, membership) in parameters {
        text.push(' ');
        text.push_str(&written(&type_name(spec, parameter), parameter, membership));
    }
    if spec.should_process {
        text.push_str(" [-WhatIf] [-Confirm]");
    }
    text + " [<CommonParameters>]"
}

fn written(type_name: &str, parameter: &ParameterSpec, membership: &SetMembership) -> String {
    let name = format!("-{}", parameter.name);
    if type_name == "switch" || type_name == "SwitchParameter" {
        return if membership.mandatory { name } else { format!("[{name}]") };
    }
    match (membership.position.is_some(), membership.mandatory) {
        (true, true) => format!("[{name}] <{type_name}>"),
        (true, false) => format!("[[{name}] <{type_name}>]"),
        (false, true) => format!("{name} <{type_name}>"),
        (false, false) => format!("[{name} <{type_name}>]"),
    }
}
