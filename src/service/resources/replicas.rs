//! Replicas of the configuration on the deployment's computers.

use super::super::context::Context;
use super::super::deployment::COMPUTER;
use super::super::registry::Route;
use super::super::values::iso;
use crate::api::Problem;
use serde_json::json;

pub(crate) const ROUTES: &[Route] = &[
    ("Enable-CsReplica", enable),
    ("Test-CsReplica", test),
    ("Get-CsManagementStoreReplicationStatus", status),
    ("Invoke-CsManagementStoreReplication", invoke),
];

fn enable(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    for computer in context.acting_computers()? {
        if !context.deployment.computers.contains_key(&computer.to_lowercase()) {
            let message = format!("'{computer}' is not part of the enabled topology; use Enable-CsTopology.");
            return Err(Problem::new("PC-E06", message));
        }
        let mut state = context.deployment.computer(&computer);
        context.target(computer.clone());
        if state.replica {
            continue;
        }
        state.replica = true;
        state.last_report = Some(context.now);
        context.save_deployment(COMPUTER, &computer, &state)?;
    }
    Ok(())
}

fn test(context: &mut Context<'_>) -> Result<(), Problem> {
    for computer in context.acting_computers()? {
        let state = context.deployment.computer(&computer);
        let fault = match (state.replica, state.local_store) {
            (false, _) => Some("Replication is not enabled; use Enable-CsReplica."),
            (true, None) => Some("The local store is empty; use Import-CsConfiguration -LocalStore."),
            (true, Some(_)) => None,
        };
        let output = super::synthetic::task_output(&computer, 0, fault, fault.unwrap_or_default());
        context.emit(output);
    }
    Ok(())
}

fn status(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let deployment = context.deployment.clone();
    let replicas = deployment.computers.iter().filter(|(_, state)| state.replica);
    if context.parameters().switch("centralManagementStoreStatus") {
        let master = deployment.topology.pools().find(|(_, pool)| pool.service("CentralManagement").is_some());
        let master = master.or_else(|| deployment.topology.pools().next());
        let master = master.and_then(|(_, pool)| pool.computers.first()).map(|computer| computer.fqdn.clone());
        let names: Vec<&String> = replicas.map(|(name, _)| name).collect();
        context.emit(json!({
            "lastUpdatedOn": iso(deployment.published_at),
            "activeMasterFqdn": master,
            "activeMasterLastHeartbeat": iso(context.now),
            "activeFileTransferAgentFqdn": master,
            "activeFileTransferAgentLastHeartbeat": iso(context.now),
            "activeReplicas": names,
            "deletedReplicas": [],
        }));
        return Ok(());
    }
    let wanted = context.parameters().text("replicaFqdn").or(context.call.identity.as_deref());
    let mut found = false;
    for (name, state) in replicas {
        if wanted.is_some_and(|wanted| !wanted.eq_ignore_ascii_case(name)) {
            continue;
        }
        found = true;
        let fqdn = deployment.topology.computer(name).map_or(name.clone(), |(_, computer)| computer.fqdn.clone());
        context.emit(json!({
            "upToDate": state.local_store.is_some(),
            "replicaFqdn": fqdn,
            "lastStatusReport": state.last_report.map(iso),
            "lastUpdateCreation": iso(deployment.published_at),
            "productVersion": if deployment.topology.version.starts_with("2013") { "5.0.8308.0" } else { "6.0.9319.0" },
        }));
    }
    match wanted.filter(|_| !found) {
        Some(name) => Err(Problem::new("PC-E21", format!("There is no replica '{name}'.")).target(name)),
        None => Ok(()),
    }
}

fn invoke(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let wanted = context.parameters().text("replicaFqdn").or(context.call.identity.as_deref());
    let deployment = context.deployment.clone();
    let known = |wanted: &str| deployment.computers.get(&wanted.to_lowercase()).is_some_and(|state| state.replica);
    if let Some(name) = wanted.filter(|wanted| !known(wanted)) {
        return Err(Problem::new("PC-E21", format!("There is no replica '{name}'.")).target(name));
    }
    for (name, state) in deployment.computers.iter().filter(|(_, state)| state.replica) {
        if wanted.is_some_and(|wanted| !wanted.eq_ignore_ascii_case(name)) {
            continue;
        }
        let mut state = state.clone();
        state.last_report = Some(context.now);
        state.local_store = state.local_store.map(|_| deployment.revision);
        context.target(name.clone());
        context.save_deployment(COMPUTER, name, &state)?;
    }
    Ok(())
}
