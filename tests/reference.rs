//! Every implemented cmdlet against the published facts (tests/reference/cmdlets.json, a copy of those of the
//! implemented cmdlets): names, types, aliases, sets, required, positional order, pipeline input.
//! What differs on purpose stands in `DEVIATIONS`, each row with its reason.

use pcsh::catalogue::{Catalogue, Cmdlet, Parameter};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Cmdlet, parameter (`*` for the sets as such), what differs, why.
const DEVIATIONS: &[(&str, &str, &str, &str)] = &[
    ("Set-CsAccessEdgeConfiguration", "DefaultRouteFqdn", "required", "default routing cannot do without the route"),
    ("New-CsClientPolicy", "DisableICE", "sets", "described, but missing in the syntax block"),
    ("Set-CsClientPolicy", "DisableICE", "sets", "described, but missing in the syntax block"),
    ("Get-CsPresencePolicy", "Tenant", "sets", "described for all sets, but the syntax shows it in one"),
    ("Grant-CsClientPolicy", "*", "sets", "a form for the online service, which has no meaning on-premises"),
    ("Grant-CsClientPolicy", "Global", "exists", "a form for the online service, which has no meaning on-premises"),
    ("Grant-CsExternalAccessPolicy", "*", "sets", "a form for the online service, which has no meaning on-premises"),
    (
        "Grant-CsExternalAccessPolicy",
        "Force",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    (
        "Grant-CsExternalAccessPolicy",
        "Global",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    (
        "Grant-CsExternalAccessPolicy",
        "Group",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    (
        "Grant-CsExternalAccessPolicy",
        "Rank",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    ("Grant-CsTeamsUpgradePolicy", "*", "sets", "a form for the online service, which has no meaning on-premises"),
    (
        "Grant-CsTeamsUpgradePolicy",
        "Force",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    (
        "Grant-CsTeamsUpgradePolicy",
        "Global",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    (
        "Grant-CsTeamsUpgradePolicy",
        "Group",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    ("Grant-CsOUPermission", "ObjectType", "type", "the page says that several can be given"),
    ("Test-CsOUPermission", "ObjectType", "type", "the page says that several can be given"),
    ("Revoke-CsOUPermission", "ObjectType", "type", "the page says that several can be given"),
    (
        "Grant-CsTeamsUpgradePolicy",
        "MigrateMeetingsToTeams",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    (
        "Grant-CsTeamsUpgradePolicy",
        "MsftInternalProcessingMode",
        "exists",
        "a form for the online service, which has no meaning on-premises",
    ),
    ("Grant-CsTeamsUpgradePolicy", "Rank", "exists", "a form for the online service, which has no meaning on-premises"),
    (
        "Grant-CsTeamsUpgradePolicy",
        "Identity",
        "pipeline by property name",
        "the block says pipeline input without saying which; as for every other policy",
    ),
    (
        "Grant-CsTeamsUpgradePolicy",
        "Identity",
        "pipeline by value",
        "the block says pipeline input without saying which; as for every other policy",
    ),
    ("Remove-CsPersistentChatAddin", "Identity", "pipeline by value", "the notes on input name strings"),
    ("Remove-CsPersistentChatCategory", "Identity", "pipeline by value", "the notes on input name strings"),
    ("Remove-CsPersistentChatCategory", "Force", "exists", "scripts written for the 2013 server give it"),
    ("New-CsExternalAccessPolicy", "EnablePublicCloudAccess", "exists", "scripts written for the 2013 server give it"),
    ("Set-CsExternalAccessPolicy", "EnablePublicCloudAccess", "exists", "scripts written for the 2013 server give it"),
    (
        "Remove-CsPersistentChatMessage",
        "Remove",
        "required",
        "without -Remove and -ReplaceMessage the default text takes the place of messages",
    ),
    (
        "Set-CsTeamsUpgradeConfiguration",
        "Instance",
        "pipeline by value",
        "shown in the syntax only; as for every other kind",
    ),
    ("Set-CsTeamsUpgradePolicy", "Instance", "pipeline by value", "shown in the syntax only; as for every other kind"),
    ("Get-CsUser", "OnModernServer", "aliases", "its alias is a parameter of its own as well"),
];

/// Cmdlets of our own, which no reference knows.
const OWN: &[&str] = &["Get-CsAdminAudit"];

fn facts() -> Map<String, Value> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/cmdlets.json"));
    serde_json::from_str(&text.expect("the facts")).expect("JSON")
}

fn names(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn set_names(cmdlet: &Cmdlet) -> Vec<String> {
    if cmdlet.sets.is_empty() { vec!["(All)".to_owned()] } else { cmdlet.sets.clone() }
}

/// True where the facts call the parameter required in the set. Syntax never shows a switch as required, so a
/// switch is as its own block says.
fn required(fact: &Value, set: &Value, parameter: &Parameter) -> bool {
    let by_syntax = names(&set["required"]).contains(&parameter.name);
    let by_block = match &fact["required"] {
        Value::Object(sets) => sets.get(set["name"].as_str().unwrap_or("")).and_then(Value::as_bool).unwrap_or(false),
        other => other.as_bool().unwrap_or(false),
    };
    by_syntax || (parameter.type_name.ends_with("SwitchParameter") && by_block)
}

/// Everything in which a cmdlet differs from its facts: parameter and what.
fn differences(cmdlet: &Cmdlet, facts: &Value) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    let mut differ = |parameter: &str, what| found.push((parameter.to_owned(), what));
    let sets = facts["sets"].as_array().expect("sets");
    let known: Vec<String> = sets.iter().map(|set| set["name"].as_str().unwrap_or("").to_owned()).collect();
    if set_names(cmdlet) != known {
        differ("*", "sets");
    }
    if cmdlet.should_process != facts["supportsShouldProcess"].as_bool().unwrap_or(false) {
        differ("*", "should-process");
    }
    let described = facts["parameters"].as_object().expect("parameters");
    let listed: BTreeSet<String> =
        sets.iter().flat_map(|set| names(&set["parameters"])).chain(described.keys().cloned()).collect();
    let own: BTreeSet<String> = cmdlet.parameters.iter().map(|p| p.name.clone()).collect();
    listed.symmetric_difference(&own).for_each(|name| differ(name, "exists"));
    for parameter in cmdlet.parameters.iter().filter(|p| listed.contains(&p.name)) {
        let fact = described.get(&parameter.name).unwrap_or(&Value::Null);
        compare(parameter, fact, &mut differ);
        for set in sets.iter().filter(|set| set_names(cmdlet).contains(&set["name"].as_str().unwrap_or("").to_owned()))
        {
            compare_in_set(cmdlet, parameter, fact, set, &mut differ);
        }
    }
    found.sort();
    found.dedup();
    found
}

fn compare(parameter: &Parameter, fact: &Value, differ: &mut impl FnMut(&str, &'static str)) {
    if fact["type"].as_str() != Some(&parameter.type_name) {
        differ(&parameter.name, "type");
    }
    if names(&fact["aliases"]) != parameter.aliases {
        differ(&parameter.name, "aliases");
    }
    if fact["pipelineByValue"].as_bool().unwrap_or(false) != parameter.by_value {
        differ(&parameter.name, "pipeline by value");
    }
    if fact["pipelineByPropertyName"].as_bool().unwrap_or(false) != parameter.by_property {
        differ(&parameter.name, "pipeline by property name");
    }
}

fn compare_in_set(
    cmdlet: &Cmdlet,
    parameter: &Parameter,
    fact: &Value,
    set: &Value,
    differ: &mut impl FnMut(&str, &'static str),
) {
    let membership = parameter.membership(set["name"].as_str().unwrap_or(""));
    let listed = names(&set["parameters"]);
    if listed.contains(&parameter.name) != membership.is_some() {
        differ(&parameter.name, "sets");
    }
    let Some(membership) = membership else { return };
    if required(fact, set, parameter) != membership.required {
        differ(&parameter.name, "required");
    }
    let mut positional: Vec<_> = cmdlet
        .parameters
        .iter()
        .filter_map(|p| Some((p.membership(&membership.set)?.position?, p.name.clone())))
        .collect();
    positional.sort();
    let place = |order: &[String]| order.iter().position(|name| *name == parameter.name);
    let own: Vec<String> = positional.into_iter().map(|(_, name)| name).collect();
    if place(&own) != place(&names(&set["positional"])) {
        differ(&parameter.name, "position");
    }
}

#[test]
fn cmdlets_are_as_the_reference_has_them() {
    let facts = facts();
    let mut unlisted = Vec::new();
    let mut unused: BTreeSet<(&str, &str, &str)> = DEVIATIONS.iter().map(|(c, p, w, _)| (*c, *p, *w)).collect();
    for noun in Catalogue::built_in().all() {
        for cmdlet in noun.cmdlets.iter().filter(|cmdlet| !OWN.contains(&cmdlet.name().as_str())) {
            let name = cmdlet.name();
            let known = facts.get(&name).unwrap_or_else(|| panic!("{name} has no facts in tests/reference"));
            for (parameter, what) in differences(cmdlet, known) {
                let row = DEVIATIONS.iter().find(|(c, p, w, _)| *c == name && *p == parameter && *w == what);
                match row {
                    Some((c, p, w, _)) => drop(unused.remove(&(*c, *p, *w))),
                    None => unlisted.push(format!("{name} -{parameter}: {what}")),
                }
            }
        }
    }
    assert!(unlisted.is_empty(), "differ from the reference:\n{}", unlisted.join("\n"));
    assert!(unused.is_empty(), "listed as deviations, but agree: {unused:?}");
}

#[test]
fn the_copy_holds_the_implemented_cmdlets_only() {
    let implemented: BTreeSet<String> =
        Catalogue::built_in().all().flat_map(|n| n.cmdlets.iter().map(Cmdlet::name).collect::<Vec<_>>()).collect();
    let stray: Vec<_> = facts().keys().filter(|name| !implemented.contains(*name)).cloned().collect();
    assert!(stray.is_empty(), "{stray:?}");
    assert!(DEVIATIONS.iter().all(|(_, _, _, reason)| !reason.is_empty()));
}
