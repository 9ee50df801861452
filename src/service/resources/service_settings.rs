//! `Set-Cs<Role>`: what the topology says of a service, changed one by one; and where the configuration is kept.

use super::super::context::Context;
use super::super::identity;
use super::super::registry::Route;
use super::super::topology_model::instance_name;
use super::topologies;
use crate::api::Problem;
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Set-CsEdgeServer", set_edge),
    ("Set-CsRegistrar", set_registrar),
    ("Set-CsArchivingServer", set_archiving),
    ("Get-CsConfigurationStoreLocation", get_location),
    ("Set-CsConfigurationStoreLocation", set_location),
    ("Get-CsServerVersion", get_version),
];

fn set_edge(context: &mut Context<'_>) -> Result<(), Problem> {
    set(context, "EdgeServer")
}

fn set_registrar(context: &mut Context<'_>) -> Result<(), Problem> {
    set(context, "Registrar")
}

fn set_archiving(context: &mut Context<'_>) -> Result<(), Problem> {
    set(context, "ArchivingServer")
}

/// The pool of the service to change: `Role:fqdn`, `Service:Role:fqdn`, the bare name, or the only one.
fn pool_of(context: &Context<'_>, role: &str) -> Result<String, Problem> {
    let pools = context.deployment.topology.pools_with(role);
    let Some(given) = context.call.identity.as_deref() else {
        return match pools.as_slice() {
            [(_, only)] => Ok(only.fqdn.clone()),
            [] => Err(Problem::new("PC-E21", format!("The topology has no {role}."))),
            _ => Err(Problem::new("PC-E27", format!("The topology has several services {role}; name one."))),
        };
    };
    let parts: Vec<&str> = given.split(':').collect();
    let named = match parts.as_slice() {
        [fqdn] => Some(*fqdn),
        [kind, fqdn] | [_, kind, fqdn] if kind.eq_ignore_ascii_case(role) => Some(*fqdn),
        _ => None,
    };
    let malformed = || Problem::new("PC-E13", format!("'{given}' is not an identity such as {role}:pool.contoso.com."));
    let fqdn = identity::fqdn(named.ok_or_else(|| malformed().target(given))?)?;
    let found = pools.iter().find(|(_, pool)| pool.fqdn.eq_ignore_ascii_case(fqdn));
    let missing = || Problem::new("PC-E21", format!("The topology has no {role} '{fqdn}'.")).target(given);
    found.map(|(_, pool)| pool.fqdn.clone()).ok_or_else(missing)
}

/// A service that a parameter refers to must be there.
fn require_service(context: &Context<'_>, text: &str) -> Result<(), Problem> {
    let parts: Vec<&str> = text.split(':').collect();
    let (Some(fqdn), true) = (parts.last(), parts.len() > 1) else { return Ok(()) };
    let topology = &context.deployment.topology;
    let host = fqdn.split('\\').next().unwrap_or(fqdn);
    let known = topology.pool(host).is_some() || topology.sql_stores.iter().any(|store| store.fqdn == host);
    match known {
        true => Ok(()),
        false => Err(Problem::new("PC-E14", format!("The topology has no service '{text}'.")).target(text)),
    }
}

fn set(context: &mut Context<'_>, role: &str) -> Result<(), Problem> {
    context.require_topology()?;
    let fqdn = pool_of(context, role)?;
    let mut topology = context.deployment.topology.clone();
    let pools = topology.sites.iter_mut().flat_map(|site| site.pools.iter_mut());
    let service = pools
        .filter(|pool| pool.fqdn == fqdn)
        .flat_map(|pool| pool.services.iter_mut())
        .find(|service| service.role == role)
        .ok_or_else(|| Problem::internal("the service vanished"))?;
    for (name, value) in context.parameters().0.iter().filter(|(name, _)| *name != "force") {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if name.ends_with("Port") && !(1..=65_535).contains(&text.parse::<u32>().unwrap_or(0)) {
            return Err(super::super::values::bad(name, &format!("{text} is no port; use 1 to 65535")));
        }
        require_service(context, &text)?;
        service.attributes.insert(name.clone(), text);
    }
    if topology != context.deployment.topology {
        topologies::save(context, topology)?;
        context.verbose("The change takes effect with Enable-CsTopology.");
    }
    context.reply.targets = vec![format!("{role}:{fqdn}")];
    Ok(())
}

const LOCATION: &str = "configuration-store";

fn get_location(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let written = context.tx.meta(LOCATION)?.filter(|text| !text.is_empty());
    let topology = &context.deployment.topology;
    let of_role = topology.pools_with("CentralManagement").into_iter().next().and_then(|(_, pool)| {
        pool.service("CentralManagement").and_then(|service| service.attribute("store")).map(str::to_owned)
    });
    let first = topology.sql_stores.first().map(|store| store.name());
    let place = written.or(of_role).or(first);
    let missing = || Problem::new("PC-E06", "No place is known; publish a topology, or say it with the Set cmdlet.");
    context.emit(json!(place.ok_or_else(missing)?));
    Ok(())
}

fn set_location(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    context.require_groups(&["RTCUniversalServerAdmins"])?;
    let parameters = context.parameters();
    let fqdn = identity::fqdn(parameters.required("sqlServerFqdn")?)?;
    let place = instance_name(fqdn, parameters.text("sqlInstanceName"));
    let known = context.deployment.topology.sql_store(&place).is_some();
    if !known && context.deployment.published && !parameters.switch("skipLookup") {
        let message = format!("The topology has no SQL Server '{place}'; say -SkipLookup to write it all the same.");
        return Err(Problem::new("PC-E72", message).target(place));
    }
    context.target(place.clone());
    context.tx.set_meta(LOCATION, &place)
}

fn get_version(context: &mut Context<'_>) -> Result<(), Problem> {
    let generation = &context.deployment.topology.version;
    let text = match generation.get(..4) {
        Some("2013") => "Lync Server 2013 (5.0.8308.0)",
        Some("2019") => "Skype for Business Server 2019 (7.0.2046.0)",
        _ => "Skype for Business Server 2015 (6.0.9319.0)",
    };
    context.emit(json!(text));
    Ok(())
}
