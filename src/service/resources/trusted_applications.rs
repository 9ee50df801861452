//! Applications that the servers trust. The topology holds them: a pool with the role `TrustedApplicationPool`, whose
//! attribute `applications` lists names with ports (`chatlookup:5071, billing:5072`).

use super::super::context::Context;
use super::super::identity::matches;
use super::super::registry::Route;
use super::super::topology_model::{Pool, RoleService, Site, Topology};
use super::topologies;
use crate::api::Problem;
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsTrustedApplication", get),
    ("Remove-CsTrustedApplication", remove),
    ("Get-CsTrustedApplicationPool", get_pools),
    ("Remove-CsTrustedApplicationPool", remove_pool),
];

const ROLE: &str = "TrustedApplicationPool";
const LIST: &str = "applications";
const URN: &str = "urn:application:";

/// Names and ports of a pool's applications.
fn applications(service: &RoleService) -> Vec<(String, Option<u16>)> {
    let items = service.attribute(LIST).unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty());
    items
        .map(|item| match item.rsplit_once(':') {
            Some((name, port)) => (name.trim_start_matches(URN).to_owned(), port.parse().ok()),
            None => (item.to_owned(), None),
        })
        .collect()
}

fn pools(topology: &Topology) -> Vec<(&Site, &Pool, &RoleService)> {
    let with = topology.pools_with(ROLE).into_iter();
    with.filter_map(|(site, pool)| Some((site, pool, pool.service(ROLE)?))).collect()
}

fn application_id(text: &str) -> String {
    let bare =
        text.get(..URN.len()).filter(|start| start.eq_ignore_ascii_case(URN)).map_or(text, |_| &text[URN.len()..]);
    format!("{URN}{}", bare.to_lowercase())
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let deployment = context.deployment.clone();
    let parameters = context.parameters();
    let (identity, filter) = (context.call.identity.as_deref(), parameters.text("filter"));
    let id = parameters.text("applicationId").map(application_id);
    let pool_name = parameters.text("trustedApplicationPoolFqdn");
    let mut found = false;
    for (_, pool, service) in pools(&deployment.topology) {
        for (name, port) in applications(service) {
            let urn = application_id(&name);
            let own = format!("{}/{urn}", pool.fqdn);
            let fits = identity.is_none_or(|identity| identity.eq_ignore_ascii_case(&own))
                && filter.is_none_or(|pattern| matches(pattern, &own))
                && id.as_ref().is_none_or(|id| *id == urn)
                && pool_name.is_none_or(|name| name.eq_ignore_ascii_case(&pool.fqdn));
            if !fits {
                continue;
            }
            found = true;
            let gruu =
                |host: &str| format!("sip:{host}@{};gruu;opaque=srvr:{name}", deployment.topology.default_sip_domain());
            context.emit(json!({
                "identity": own,
                "computerGruus": pool.computers.iter().map(|computer| json!(gruu(&computer.fqdn))).collect::<Vec<_>>(),
                "serviceGruu": gruu(&pool.fqdn),
                "protocol": "Mtls",
                "applicationId": urn,
                "trustedApplicationPoolFqdn": pool.fqdn,
                "port": port,
                "legacyApplicationName": name,
            }));
        }
    }
    match identity.filter(|_| !found) {
        Some(identity) => {
            Err(Problem::new("PC-E21", format!("There is no trusted application '{identity}'.")).target(identity))
        }
        None => Ok(()),
    }
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let identity = context.identity()?;
    let missing = || Problem::new("PC-E21", format!("There is no trusted application '{identity}'.")).target(identity);
    let (fqdn, id) = identity.split_once('/').ok_or_else(missing)?;
    let id = application_id(id);
    let mut topology = context.deployment.topology.clone();
    let service = topology
        .sites
        .iter_mut()
        .flat_map(|site| site.pools.iter_mut())
        .filter(|pool| pool.fqdn.eq_ignore_ascii_case(fqdn))
        .flat_map(|pool| pool.services.iter_mut())
        .find(|service| service.role == ROLE)
        .ok_or_else(missing)?;
    let all = applications(service);
    let kept: Vec<String> = all
        .iter()
        .filter(|(name, _)| application_id(name) != id)
        .map(|(name, port)| port.map_or(name.clone(), |port| format!("{name}:{port}")))
        .collect();
    if kept.len() == all.len() {
        return Err(missing());
    }
    service.attributes.insert(LIST.to_owned(), kept.join(", "));
    topologies::save(context, topology)?;
    context.reply.targets = vec![identity.to_owned()];
    Ok(())
}

fn get_pools(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let deployment = context.deployment.clone();
    let parameters = context.parameters();
    let (identity, filter) = (context.call.identity.as_deref(), parameters.text("filter"));
    let bare = |text: &str| text.rsplit(':').next().unwrap_or(text).to_owned();
    let wanted = identity.map(bare).or(parameters.text("poolFqdn").map(str::to_owned));
    let mut found = false;
    for (number, (site, pool, service)) in pools(&deployment.topology).into_iter().enumerate() {
        let own = format!("{ROLE}:{}", pool.fqdn);
        let fits = wanted.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&pool.fqdn))
            && filter.is_none_or(|pattern| matches(pattern, &own) || matches(pattern, &pool.fqdn));
        if !fits {
            continue;
        }
        found = true;
        let registrar = service.attribute("registrar").map(|name| format!("Registrar:{}", bare(name)));
        context.emit(json!({
            "identity": own,
            "registrar": registrar,
            "fileStore": service.attribute("fileStore"),
            "throttleAsServer": true,
            "treatAsAuthenticated": true,
            "outboundOnly": service.flag("outboundOnly"),
            "requiresReplication": service.flag("requiresReplication"),
            "applications": applications(service).iter().map(|(name, _)| json!(application_id(name))).collect::<Vec<_>>(),
            "dependentServiceList": registrar.iter().map(|name| json!(name)).collect::<Vec<_>>(),
            "serviceId": format!("{}-ExternalServer-{}", deployment.topology.site_number(&site.id), number + 1),
            "siteId": format!("Site:{}", site.id),
            "poolFqdn": pool.fqdn,
            "version": 7,
            "role": ROLE,
        }));
    }
    match wanted.filter(|_| !found) {
        Some(name) => {
            Err(Problem::new("PC-E21", format!("There is no pool of trusted applications '{name}'.")).target(name))
        }
        None => Ok(()),
    }
}

fn remove_pool(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let identity = context.identity()?;
    let fqdn = identity.rsplit(':').next().unwrap_or(identity);
    let deployment = context.deployment.clone();
    let found = pools(&deployment.topology).into_iter().find(|(_, pool, _)| pool.fqdn.eq_ignore_ascii_case(fqdn));
    let missing =
        || Problem::new("PC-E21", format!("There is no pool of trusted applications '{identity}'.")).target(identity);
    let (_, pool, service) = found.ok_or_else(missing)?;
    let held: Vec<Value> = applications(service).into_iter().map(|(name, _)| json!(name)).collect();
    if !held.is_empty() {
        let message = format!("The pool holds {} application(s); use Remove-CsTrustedApplication first.", held.len());
        return Err(Problem::new("PC-E40", message).target(identity));
    }
    let mut topology = deployment.topology.clone();
    for site in &mut topology.sites {
        site.pools.retain(|other| other.fqdn != pool.fqdn);
    }
    topologies::save(context, topology)?;
    context.reply.targets = vec![identity.to_owned()];
    Ok(())
}
