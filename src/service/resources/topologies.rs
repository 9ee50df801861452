//! The topology as a whole: reading, publishing, enabling, testing.

use super::super::context::Context;
use super::super::deployment::{
    CHAT_POOL, COMPUTER, ChatPoolState, ComputerState, Published, TOPOLOGY, WindowsService,
};
use super::super::ldif::faulty;
use super::super::registry::Route;
use super::super::topology_document::{self, Draft};
use super::super::topology_model::{CHAT, REGISTRAR, Topology};
use super::super::topology_rules;
use super::content::CATEGORY;
use super::endpoints;
use super::pool_states::MOST_ACTIVE;
use super::windows_services::front_end_services;
use crate::api::Problem;
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsTopology", get),
    ("Publish-CsTopology", publish),
    ("Enable-CsTopology", enable),
    ("Test-CsTopology", test),
];

/// Who may publish and enable, whatever the roles.
const DEPLOYERS: [&str; 2] = ["Domain Admins", "RTCUniversalServerAdmins"];

/// Domain administrators who are also server administrators; the latter alone where the right to set servers up was
/// delegated.
fn require_deployer(context: &mut Context<'_>) -> Result<(), Problem> {
    let [_, administrators] = DEPLOYERS;
    if context.caller.in_group(administrators) && super::preparation::setup_is_delegated(context)? {
        return Ok(());
    }
    context.require_groups(&DEPLOYERS)
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let deployment = context.deployment.clone();
    let topology = &deployment.topology;
    if context.parameters().switch("asXml") {
        let document = topology_document::write(topology, deployment.revision);
        context.emit(json!({ "identity": "Topology", "document": document }));
        return Ok(());
    }
    let pools: Vec<Value> = topology.pools().map(|(_, pool)| json!(pool.fqdn)).collect();
    let machines: Vec<Value> =
        topology.pools().flat_map(|(_, pool)| pool.computers.iter().map(|computer| json!(computer.fqdn))).collect();
    let services: Vec<Value> = topology
        .pools()
        .flat_map(|(_, pool)| pool.services.iter().map(|service| json!(format!("{}:{}", service.role, pool.fqdn))))
        .collect();
    context.emit(json!({
        "internalDomains": topology.sip_domains.iter().map(|domain| json!(domain.name)).collect::<Vec<_>>(),
        "sites": topology.sites.iter().map(|site| json!(site.id)).collect::<Vec<_>>(),
        "clusters": pools,
        "machines": machines,
        "services": services,
        "sqlInstances": topology.sql_stores.iter().map(|store| json!(store.name())).collect::<Vec<_>>(),
        "fileStores": topology.file_stores.iter().map(|store| json!(store.unc_path())).collect::<Vec<_>>(),
        "revision": deployment.revision,
        "state": if deployment.enabled_revision == Some(deployment.revision) { "Enabled" } else { "Published" },
    }));
    Ok(())
}

fn publish(context: &mut Context<'_>) -> Result<(), Problem> {
    require_deployer(context)?;
    context.check_domain_controller()?;
    if context.parameters().switch("finalizeUninstall") {
        context.require_topology()?;
        context.target("Topology");
        return Ok(());
    }
    let document = context.parameters().required("document")?;
    let draft = topology_document::read(document).map_err(|faults| faulty("topology document", faults))?;
    let before = context.deployment.clone();
    if before.published && draft.topology == before.topology {
        context.verbose("The document is the published topology already; nothing changed.");
        context.target("Topology");
        return Ok(());
    }
    if draft.revision != before.revision {
        let message = format!(
            "The document was edited from revision {}, but revision {} is published; read it again with Get-CsTopology -AsXml.",
            draft.revision, before.revision
        );
        return Err(Problem::new("PC-E79", message));
    }
    for warning in topology_rules::check(&draft.topology).into_result()? {
        context.warn(warning);
    }
    leave(context, &before.topology, &draft)?;
    for database in topology_rules::missing_databases(&before, &draft.topology) {
        context.warn(format!("The database {database} is not installed yet; install it before Enable-CsTopology."));
    }
    let urls_changed = before.published && draft.topology.simple_urls != before.topology.simple_urls;
    if urls_changed {
        context.warn("Simple URLs changed; configure them again on the web servers.");
    }
    save(context, draft.topology)
}

/// Publishes a topology as the next revision.
pub(crate) fn save(context: &mut Context<'_>, topology: Topology) -> Result<(), Problem> {
    let published = Published {
        topology,
        revision: context.deployment.revision + 1,
        published_at: context.now,
        ..context.deployment.to_published()
    };
    context.target("Topology");
    context.save_deployment(TOPOLOGY, "published", &published)?;
    let revision = context.deployment.revision;
    context.verbose(format!("Revision {revision} is published."));
    Ok(())
}

/// What goes with pools, sites and SIP domains that the draft no longer has; or why they cannot go.
fn leave(context: &mut Context<'_>, before: &Topology, draft: &Draft) -> Result<(), Problem> {
    for (_, pool) in before.pools() {
        let after = draft.topology.pool(&pool.fqdn).map(|(_, pool)| pool);
        let lost = |role: &str| pool.service(role).is_some() && after.is_none_or(|after| after.service(role).is_none());
        if lost(REGISTRAR) && context.tx.anyone_homed_on(&pool.fqdn)? {
            let message = format!("Users are homed on '{}'; move them before it leaves the topology.", pool.fqdn);
            return Err(Problem::new("PC-E40", message));
        }
        if lost(CHAT) {
            leave_chat_pool(context, &pool.fqdn, draft.force)?;
        }
    }
    for site in &before.sites {
        if draft.topology.sites.iter().all(|other| !other.id.eq_ignore_ascii_case(&site.id)) {
            remove_settings(context, &format!("site:{}", site.id.to_lowercase()))?;
        }
    }
    for domain in &before.sip_domains {
        let gone = !draft.topology.has_sip_domain(&domain.name);
        if gone && domain_in_use(context, &domain.name)? {
            let message = format!("The SIP domain '{}' is used by users or endpoints.", domain.name);
            return Err(Problem::new("PC-E40", message));
        }
    }
    Ok(())
}

/// Does a user, contact or endpoint have an address in this domain?
pub(crate) fn domain_in_use(context: &mut Context<'_>, domain: &str) -> Result<bool, Problem> {
    let ending = format!("@{}", domain.to_lowercase());
    let users = context.scan("", |entry| entry.sip().is_some_and(|sip| sip.to_lowercase().ends_with(&ending)))?;
    Ok(!users.is_empty())
}

fn leave_chat_pool(context: &mut Context<'_>, pool: &str, force: bool) -> Result<(), Problem> {
    let prefix = format!("{}\\", pool.to_lowercase());
    if !force && !context.tx.objects(CATEGORY, &prefix, "", 1)?.is_empty() {
        let message =
            format!("The chat pool '{pool}' still has categories; remove them, or publish with force=\"true\".");
        return Err(Problem::new("PC-E40", message));
    }
    for kind in ["Room", CATEGORY, "Addin"] {
        for record in context.tx.objects(kind, &prefix, "", i64::MAX)? {
            if kind == "Room" {
                context.tx.delete_room_contents(record.id)?;
            }
            context.tx.delete(&record)?;
        }
    }
    endpoints::remove_of_pool(context, pool)?;
    context.remove_deployment(CHAT_POOL, pool)?;
    remove_settings(context, &format!("service:persistentchatserver:{}", pool.to_lowercase()))
}

/// Removes the settings and policies of a scope that is gone.
fn remove_settings(context: &mut Context<'_>, key: &str) -> Result<(), Problem> {
    let nouns: Vec<String> = context.service.catalogue().nouns().map(str::to_owned).collect();
    for noun in nouns {
        if let Some(record) = context.tx.object(&noun, key)? {
            context.tx.delete(&record)?;
        }
    }
    Ok(())
}

fn enable(context: &mut Context<'_>) -> Result<(), Problem> {
    require_deployer(context)?;
    context.check_domain_controller()?;
    context.require_topology()?;
    let deployment = context.deployment.clone();
    let missing = topology_rules::missing_databases(&deployment, &deployment.topology);
    if !missing.is_empty() {
        let message = format!("Databases are not installed: {}. Use Install-CsDatabase.", missing.join(", "));
        return Err(Problem::new("PC-E75", message));
    }
    context.target("Topology");
    if deployment.enabled_revision == Some(deployment.revision) {
        context.verbose("The published topology is enabled already.");
    }
    for (_, pool) in deployment.topology.pools() {
        for computer in &pool.computers {
            join_computer(context, &computer.fqdn, pool.service(REGISTRAR).is_some())?;
        }
    }
    for (number, pool) in deployment.chat_pools().iter().enumerate() {
        let fqdn = &pool.pool.fqdn;
        if !deployment.chat_pools.contains_key(&fqdn.to_lowercase()) {
            let first = pool.computers().into_iter().take(MOST_ACTIVE).map(|computer| computer.fqdn.clone()).collect();
            context.save_deployment(
                CHAT_POOL,
                fqdn,
                &ChatPoolState { active_servers: first, ..ChatPoolState::default() },
            )?;
        }
        endpoints::ensure_automatic(context, fqdn, number + 1)?;
    }
    let mut published = deployment.to_published();
    published.enabled_revision = Some(published.revision);
    published.enabled_pools = deployment.topology.pools().map(|(_, pool)| pool.fqdn.to_lowercase()).collect();
    context.save_deployment(TOPOLOGY, "published", &published)
}

/// A computer becomes known; Front End servers are taken to be deployed and running already.
fn join_computer(context: &mut Context<'_>, fqdn: &str, front_end: bool) -> Result<(), Problem> {
    let known = context.deployment.computers.get(&fqdn.to_lowercase());
    let mut state = known.cloned().unwrap_or_default();
    if front_end && !state.services.iter().any(|service| service.name == "RTCSRV") {
        let running = |name: &&str| WindowsService { name: (*name).to_owned(), status: "Running".to_owned() };
        state.services.extend(front_end_services().iter().map(running));
        state.replica = true;
        state.local_store = Some(context.deployment.revision);
        state.last_report = Some(context.now);
    } else if known.is_some() {
        return Ok(());
    }
    context.save_deployment(COMPUTER, fqdn, &ComputerState { ..state })
}

fn test(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let deployment = context.deployment.clone();
    let mut faults: Vec<String> = match topology_rules::check(&deployment.topology).into_result() {
        Ok(_) => Vec::new(),
        Err(problem) => problem.faults,
    };
    let wanted = context.parameters().text("service");
    let mut known = wanted.is_none();
    for pool in deployment.chat_pools() {
        let chosen = wanted.is_none_or(|service| service.eq_ignore_ascii_case(&pool.service_id()));
        known |= chosen;
        if chosen && let Err(problem) = deployment.usable(&pool) {
            faults.push(problem.detail);
        }
    }
    known |= wanted.is_some_and(|name| {
        let (role, pool) = name.split_once(':').unwrap_or_default();
        deployment.topology.pool(pool).is_some_and(|(_, pool)| pool.service(role).is_some())
    });
    if !known {
        let name = wanted.unwrap_or_default();
        return Err(Problem::new("PC-E21", format!("The topology has no service '{name}'.")).target(name));
    }
    if deployment.enabled_revision != Some(deployment.revision) {
        faults.push("The published topology is not enabled.".to_owned());
    }
    let target = wanted.map_or("Topology", |name| name.split_once(':').map_or(name, |(_, pool)| pool));
    let output = super::synthetic::task_output(target, 0, faults.first().map(String::as_str), &faults.join(" "));
    context.emit(output);
    Ok(())
}
