//! State of chat pools (normal or failed over) and their active servers.

use super::super::context::Context;
use super::super::deployment::CHAT_POOL;
use super::super::identity::{self, is_fqdn, matches};
use super::super::registry::Route;
use super::super::topology_model::CHAT;
use crate::api::Problem;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsPersistentChatState", get),
    ("Set-CsPersistentChatState", set),
    ("Set-CsPersistentChatActiveServer", set_active),
];

/// Most servers that may be active at once.
pub(crate) const MOST_ACTIVE: usize = 4;

fn shown(pool: &str, state: &str) -> Value {
    json!({ "identity": format!("{CHAT}:{pool}"), "poolState": state })
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let filter = context.parameters().text("filter");
    if let Some(identity) = context.call.identity.as_deref() {
        if filter.is_some() {
            return Err(Problem::new("PC-E27", "Identity and Filter exclude each other."));
        }
        let pool = pool_named(context, identity)?;
        let state = context.deployment.chat_state(&pool).pool_state;
        context.emit(shown(&pool, &state));
        return Ok(());
    }
    let deployment = context.deployment.clone();
    for pool in deployment.chat_pools() {
        let fqdn = &pool.pool.fqdn;
        let identity = pool.service_id();
        if filter.is_none_or(|pattern| matches(pattern, &identity) || matches(pattern, fqdn)) {
            context.emit(shown(fqdn, &deployment.chat_state(fqdn).pool_state));
        }
    }
    Ok(())
}

/// The chat pool that one of the spellings of a service identity names.
fn pool_named(context: &Context<'_>, identity: &str) -> Result<String, Problem> {
    if identity.contains(['*', '?']) {
        return Err(Problem::new("PC-E16", format!("The identity '{identity}' holds a wildcard; use -Filter."))
            .target(identity));
    }
    let parts: Vec<&str> = identity.split(':').collect();
    let word = |at: usize, wanted: &str| parts.get(at).is_some_and(|part| part.eq_ignore_ascii_case(wanted));
    let good = match parts.len() {
        1 => true,
        2 => word(0, "service") || word(0, CHAT),
        3 => word(0, "service") && word(1, CHAT),
        _ => false,
    };
    let pool = parts.last().copied().filter(|pool| good && is_fqdn(pool));
    let malformed =
        || Problem::new("PC-E13", format!("'{identity}' is not an identity such as {CHAT}:pool.contoso.com."));
    let pool = pool.ok_or_else(malformed)?;
    match context.deployment.chat_pool(pool) {
        Some(found) => Ok(found.pool.fqdn.clone()),
        None => Err(Problem::new("PC-E21", format!("There is no Persistent Chat pool '{pool}'.")).target(identity)),
    }
}

/// The pool to change: named, of an instance, or the only one.
fn pool_to_set(context: &Context<'_>) -> Result<String, Problem> {
    context.require_chat_generation()?;
    let pool = match context.identity_or_instance() {
        Ok(identity) => pool_named(context, identity)?,
        Err(_) => context.chat_pool_name(None)?,
    };
    context.require_pool_scope(&pool)?;
    Ok(pool)
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let pool = pool_to_set(context)?;
    let of_instance = context.instance().and_then(|instance| instance.get("poolState")).and_then(Value::as_str);
    let wanted = context.parameters().text("poolState").or(of_instance).unwrap_or("Normal");
    let wanted = match wanted.to_lowercase().as_str() {
        "normal" => "Normal",
        "failedover" => "FailedOver",
        _ => {
            return Err(super::super::values::bad(
                "PoolState",
                &format!("'{wanted}' is neither Normal nor FailedOver"),
            ));
        }
    };
    let mut state = context.deployment.chat_state(&pool);
    context.target(format!("{CHAT}:{pool}"));
    if state.pool_state == wanted {
        return Ok(());
    }
    require_database(context, &pool, wanted)?;
    if wanted == "FailedOver" && context.with_chat_pool(&pool, |_, pool| pool.compliance())? {
        context.warn("The compliance database is not failed over; events wait until the primary is back.");
    }
    state.pool_state = wanted.to_owned();
    context.save_deployment(CHAT_POOL, &pool, &state)?;
    warn_of_data_centers(context, &pool)
}

/// The database that a state needs must be there and online (PC-E64 names what is missing).
fn require_database(context: &Context<'_>, pool: &str, wanted: &str) -> Result<(), Problem> {
    let attribute = if wanted == "FailedOver" { "backupStore" } else { "store" };
    let store = context.with_chat_pool(pool, |_, pool| pool.service.attribute(attribute).map(str::to_owned))?;
    let Some(store) = store else {
        return Err(Problem::new("PC-E64", format!("The topology names no backup database for the pool '{pool}'.")));
    };
    let missing = match context.deployment.database(&store, "mgc") {
        None => "mgc is not installed there",
        Some(database) if database.log_shipping == "Secondary" => {
            "log shipping is still set up; drop it, apply the logs, recover mgc"
        }
        Some(database) if database.logs_pending => "log backups have not been applied",
        Some(database) if database.state == "Restoring" => "mgc has not been recovered",
        Some(database) if database.state != "Online" => "mgc is not online",
        Some(_) => return Ok(()),
    };
    Err(Problem::new("PC-E64", format!("The database on '{store}' cannot take over: {missing}.")))
}

fn set_active(context: &mut Context<'_>) -> Result<(), Problem> {
    let pool = pool_to_set(context)?;
    let parameters = context.parameters();
    let mut state = context.deployment.chat_state(&pool);
    let members = context.with_chat_pool(&pool, |_, pool| {
        pool.computers().iter().map(|computer| computer.fqdn.clone()).collect::<Vec<_>>()
    })?;
    let is_active = |server: &String| state.active_servers.iter().any(|active| active.eq_ignore_ascii_case(server));
    let after: Vec<String> = if parameters.switch("swap") {
        if parameters.given("activeServers") {
            return Err(Problem::new("PC-E27", "Swap and ActiveServers exclude each other."));
        }
        members.iter().filter(|server| !is_active(server)).cloned().collect()
    } else {
        let missing = || Problem::new("PC-E27", "Give ActiveServers or Swap.");
        let change = parameters.list_change("activeServers")?.ok_or_else(missing)?;
        for server in change.added() {
            identity::fqdn(server)?;
            if !members.iter().any(|member| member.eq_ignore_ascii_case(server)) {
                let message = format!("'{server}' is not a server of the pool '{pool}'.");
                return Err(Problem::new("PC-E65", message).target(server.as_str()));
            }
        }
        let chosen = change.apply(&state.active_servers, |left, right| left.eq_ignore_ascii_case(right));
        members
            .iter()
            .filter(|member| chosen.iter().any(|server| server.eq_ignore_ascii_case(member)))
            .cloned()
            .collect()
    };
    if after.len() > MOST_ACTIVE {
        let message = format!("{} servers would be active; {MOST_ACTIVE} are allowed.", after.len());
        return Err(Problem::new("PC-E65", message));
    }
    for server in after.iter().filter(|server| !is_active(server)) {
        if !context.deployment.is_running(server, "RTCCHAT") {
            context.warn(format!("RTCCHAT does not run on '{server}': it is listed as active but serves nobody."));
        }
    }
    context.target(format!("{CHAT}:{pool}"));
    state.active_servers = after;
    context.save_deployment(CHAT_POOL, &pool, &state)?;
    warn_of_data_centers(context, &pool)
}

/// Active servers should stand in one data centre.
fn warn_of_data_centers(context: &mut Context<'_>, pool: &str) -> Result<(), Problem> {
    let centers: BTreeSet<String> = context.with_chat_pool(pool, |deployment, pool| {
        let active = deployment.chat_state(&pool.pool.fqdn).active_servers;
        let is_active = |fqdn: &str| active.iter().any(|server| server.eq_ignore_ascii_case(fqdn));
        let labels = pool.pool.computers.iter().filter(|computer| is_active(&computer.fqdn));
        labels.filter_map(|computer| computer.data_center.clone()).collect()
    })?;
    if centers.len() > 1 {
        let names: Vec<String> = centers.into_iter().collect();
        context.warn(format!(
            "The active servers stand in several data centres ({}); keep them near the database.",
            names.join(", ")
        ));
    }
    Ok(())
}
