//! Preparation of the directory (schema, forest, domains, in this order) and the rights that can be delegated in it:
//! setting servers up in a unit, managing objects of a unit.

use super::super::context::Context;
use super::super::identity;
use super::super::registry::Route;
use crate::api::Problem;
use crate::store::{Principal, Record, path_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const ROUTES: &[Route] = &[
    ("Install-CsAdServerSchema", install_schema),
    ("Get-CsAdServerSchema", get_schema),
    ("Enable-CsAdForest", enable_forest),
    ("Get-CsAdForest", get_forest),
    ("Disable-CsAdForest", disable_forest),
    ("Enable-CsAdDomain", enable_domain),
    ("Get-CsAdDomain", get_domain),
    ("Disable-CsAdDomain", disable_domain),
    ("Grant-CsSetupPermission", grant_setup),
    ("Test-CsSetupPermission", test_setup),
    ("Revoke-CsSetupPermission", revoke_setup),
    ("Grant-CsOUPermission", grant_unit),
    ("Test-CsOUPermission", test_unit),
    ("Revoke-CsOUPermission", revoke_unit),
];

/// The group whose presence tells that a directory was prepared before it was imported.
const MARK: &str = "RTCUniversalServerAdmins";

/// Groups that forest preparation makes besides those of the roles.
const GROUPS: [&str; 13] = [
    MARK,
    "RTCUniversalUserAdmins",
    "RTCUniversalReadOnlyAdmins",
    "RTCUniversalGlobalWriteGroup",
    "RTCUniversalGlobalReadOnlyGroup",
    "RTCUniversalUserReadOnlyGroup",
    "RTCUniversalServerReadOnlyGroup",
    "RTCUniversalSBATechnicians",
    "RTCHSUniversalServices",
    "RTCComponentUniversalServices",
    "RTCProxyUniversalServices",
    "RTCUniversalConfigReplicator",
    "RTCSBAUniversalServices",
];

const KIND: &str = "DirectoryPreparation";

/// What has been done in the directory; what is not said was done where the imported directory shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Preparation {
    schema: bool,
    forest: Option<bool>,
    domains: BTreeMap<String, bool>,
    /// Units in which servers may be set up, by path.
    setup: BTreeSet<String>,
    /// Kinds of objects that may be managed, by path of the unit.
    units: BTreeMap<String, BTreeSet<String>>,
    /// The directory held the groups when it came.
    #[serde(skip)]
    imported: bool,
}

impl Preparation {
    fn load(context: &mut Context<'_>) -> Result<Self, Problem> {
        let stored = context.tx.object(KIND, "forest")?.map(|record| record.typed()).transpose()?;
        let imported = context.tx.principal_by_sam(MARK)?.is_some();
        Ok(Preparation { imported, ..stored.unwrap_or_default() })
    }

    fn save(&self, context: &mut Context<'_>) -> Result<(), Problem> {
        context.tx.put(Record::of(KIND, "forest", self)?).map(drop)
    }

    fn schema(&self) -> bool {
        self.schema || self.imported
    }

    fn forest(&self) -> bool {
        self.forest.unwrap_or(self.imported)
    }

    fn domain(&self, path: &str) -> bool {
        self.domains.get(path).copied().unwrap_or(self.imported && self.forest.is_none())
    }
}

/// The preparation steps come in their order.
fn require(done: bool, missing: &str) -> Result<(), Problem> {
    match done {
        true => Ok(()),
        false => Err(Problem::new("PC-E78", format!("The directory is not prepared for this: {missing} comes first."))),
    }
}

/// The domain that a call names, or the one nearest to the root: its distinguished name.
fn domain_of(context: &mut Context<'_>, parameter: &str) -> Result<String, Problem> {
    if let Some(name) = context.parameters().text(parameter) {
        identity::fqdn(name)?;
        let dn = name.split('.').map(|label| format!("DC={label}")).collect::<Vec<_>>().join(",");
        let missing = || Problem::new("PC-E21", format!("The directory has no domain '{name}'.")).target(name);
        return Ok(context.tx.principal_by_dn(&dn)?.ok_or_else(missing)?.dn);
    }
    let root = context.tx.principals("", "", 1)?.into_iter().next().filter(|entry| entry.kind == "domainDNS");
    let empty = || {
        Problem::new("PC-E21", "The directory holds no domain; import it with 'pcsh service directory import FILE'.")
    };
    Ok(root.ok_or_else(empty)?.dn)
}

fn install_schema(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    context.require_groups(&["Schema Admins"])?;
    let mut state = Preparation::load(context)?;
    context.target("CN=Schema,CN=Configuration");
    state.schema = true;
    state.save(context)
}

fn get_schema(context: &mut Context<'_>) -> Result<(), Problem> {
    let ready = Preparation::load(context)?.schema();
    context.emit(json!(if ready { "SCHEMA_VERSION_STATE_CURRENT" } else { "SCHEMA_VERSION_STATE_NOT_READY" }));
    Ok(())
}

fn enable_forest(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    context.require_groups(&["Enterprise Admins"])?;
    let mut state = Preparation::load(context)?;
    if !context.parameters().switch("skipPrepareCheck") {
        require(state.schema(), "Install-CsAdServerSchema")?;
    }
    let domain = domain_of(context, "groupDomain")?;
    for group in GROUPS.iter().chain(&super::super::caller::STANDARD_ROLES) {
        if context.tx.principal_by_sam(group)?.is_none() {
            let mut body = serde_json::Map::new();
            for field in ["name", "displayName", "samAccountName"] {
                body.insert(field.to_owned(), json!(group));
            }
            let guid = context.new_guid();
            let mut entry = Principal::new("group", &format!("CN={group},CN=Users,{domain}"), guid, body);
            context.tx.insert_principal(&mut entry)?;
        }
    }
    context.target(domain);
    state.schema = true;
    state.forest = Some(true);
    state.save(context)
}

fn get_forest(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let ready = Preparation::load(context)?.forest();
    let state = if ready { "LC_FORESTSETTINGS_STATE_READY" } else { "LC_FORESTSETTINGS_STATE_NOT_READY" };
    context.emit(json!(state));
    Ok(())
}

fn disable_forest(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    context.require_groups(&["Enterprise Admins"])?;
    let mut state = Preparation::load(context)?;
    let domain = domain_of(context, "groupDomain")?;
    let in_use = state.domains.values().any(|ready| *ready) || state.domain(&path_of(&domain));
    if in_use && !context.parameters().switch("force") {
        let message = "A domain is still prepared; use Disable-CsAdDomain first, or -Force.";
        return Err(Problem::new("PC-E78", message).target(domain));
    }
    context.target(domain);
    state.forest = Some(false);
    state.save(context)
}

fn enable_domain(context: &mut Context<'_>) -> Result<(), Problem> {
    switch_domain(context, true)
}

fn disable_domain(context: &mut Context<'_>) -> Result<(), Problem> {
    switch_domain(context, false)
}

fn switch_domain(context: &mut Context<'_>, ready: bool) -> Result<(), Problem> {
    context.check_domain_controller()?;
    context.require_groups(&["Domain Admins"])?;
    let mut state = Preparation::load(context)?;
    if ready && !context.parameters().switch("skipPrepareCheck") {
        require(state.forest(), "Enable-CsAdForest")?;
    }
    let domain = domain_of(context, "domain")?;
    state.domains.insert(path_of(&domain), ready);
    context.target(domain);
    state.save(context)
}

fn get_domain(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let domain = domain_of(context, "domain")?;
    let ready = Preparation::load(context)?.domain(&path_of(&domain));
    let state = if ready { "LC_DOMAINSETTINGS_STATE_READY" } else { "LC_DOMAINSETTINGS_STATE_NOT_READY" };
    context.emit(json!(state));
    Ok(())
}

/// The unit that a call names, in full or relative to its domain: its distinguished name.
fn unit_of(context: &mut Context<'_>, parameter: &str) -> Result<String, Problem> {
    let given = context.parameters().required(parameter)?.to_owned();
    let full = match given.to_lowercase().contains("dc=") {
        true => given.clone(),
        false => format!("{given},{}", domain_of(context, "domain")?),
    };
    let missing = || Problem::new("PC-E21", format!("The directory has no unit '{full}'.")).target(given.as_str());
    Ok(context.tx.principal_by_dn(identity::distinguished_name(&full)?)?.ok_or_else(missing)?.dn)
}

/// A unit of a prepared domain, for a call that changes rights on it.
fn unit_to_change(context: &mut Context<'_>, parameter: &str) -> Result<(Preparation, String), Problem> {
    context.check_domain_controller()?;
    context.require_groups(&["Domain Admins"])?;
    let state = Preparation::load(context)?;
    let unit = unit_of(context, parameter)?;
    let path = path_of(&unit);
    let domain: String = path.split_inclusive(',').take_while(|part| part.starts_with("dc=")).collect();
    require(state.domain(&domain), "Enable-CsAdDomain")?;
    context.target(unit);
    Ok((state, path))
}

fn grant_setup(context: &mut Context<'_>) -> Result<(), Problem> {
    let (mut state, path) = unit_to_change(context, "computerOU")?;
    state.setup.insert(path);
    state.save(context)
}

fn revoke_setup(context: &mut Context<'_>) -> Result<(), Problem> {
    let (mut state, path) = unit_to_change(context, "computerOU")?;
    state.setup.remove(&path);
    state.save(context)
}

fn test_setup(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let path = path_of(&unit_of(context, "computerOU")?);
    let granted = Preparation::load(context)?.setup.iter().any(|unit| path.starts_with(unit));
    context.emit(json!(granted));
    Ok(())
}

fn kinds(context: &Context<'_>) -> BTreeSet<String> {
    match context.parameters().get("objectType") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_lowercase).collect(),
        Some(Value::String(text)) => text.split(',').map(|kind| kind.trim().to_lowercase()).collect(),
        _ => BTreeSet::new(),
    }
}

fn grant_unit(context: &mut Context<'_>) -> Result<(), Problem> {
    let (mut state, path) = unit_to_change(context, "ou")?;
    state.units.entry(path).or_default().extend(kinds(context));
    state.save(context)
}

fn revoke_unit(context: &mut Context<'_>) -> Result<(), Problem> {
    let (mut state, path) = unit_to_change(context, "ou")?;
    let gone = kinds(context);
    if let Some(granted) = state.units.get_mut(&path) {
        granted.retain(|kind| !gone.contains(kind));
    }
    state.units.retain(|_, granted| !granted.is_empty());
    state.save(context)
}

fn test_unit(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let path = path_of(&unit_of(context, "ou")?);
    let wanted = kinds(context);
    let state = Preparation::load(context)?;
    let granted: BTreeSet<&String> =
        state.units.iter().filter(|(unit, _)| path.starts_with(*unit)).flat_map(|(_, granted)| granted).collect();
    context.emit(json!(wanted.iter().all(|kind| granted.contains(kind))));
    Ok(())
}

/// Has the right to set servers up been delegated for any unit?
pub(crate) fn setup_is_delegated(context: &mut Context<'_>) -> Result<bool, Problem> {
    Ok(!Preparation::load(context)?.setup.is_empty())
}
