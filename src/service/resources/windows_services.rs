//! Windows services of the deployment's computers: what is installed, what runs, what keeps it from running.

use super::super::context::Context;
use super::super::deployment::{COMPUTER, ComputerState};
use super::super::registry::Route;
use super::super::topology_model::CHAT;
use super::certificates;
use crate::api::Problem;
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsWindowsService", get),
    ("Start-CsWindowsService", start),
    ("Stop-CsWindowsService", stop),
    ("Start-CsPool", start_pool),
];

/// Known services in dependency order: name, display name, role, counter.
const KNOWN: [(&str, &str, &str, &str); 17] = [
    ("REPLICA", "Skype for Business Server Replica Replicator Agent", "Replica", "Replicated items"),
    ("RTCCLSAGT", "Skype for Business Server Centralized Logging Service Agent", "ClsAgent", "Traces"),
    ("MASTER", "Skype for Business Server Master Replicator Agent", "ManagementServer", "Replicas"),
    ("FTA", "Skype for Business Server File Transfer Agent", "ManagementServer", "Transfers"),
    ("RTCSRV", "Skype for Business Server Front-End", "Registrar", "Incoming requests/sec"),
    ("RTCIMMCU", "Skype for Business Server IM Conferencing", "ConferencingServer", "Active conferences"),
    ("RTCDATAMCU", "Skype for Business Server Web Conferencing", "ConferencingServer", "Active conferences"),
    ("RTCAVMCU", "Skype for Business Server Audio/Video Conferencing", "ConferencingServer", "Active conferences"),
    ("RTCASMCU", "Skype for Business Server Application Sharing", "ConferencingServer", "Active conferences"),
    ("RTCMEDSRV", "Skype for Business Server Mediation", "MediationServer", "Current calls"),
    ("RTCCAA", "Skype for Business Server Conferencing Attendant", "ApplicationServer", "Calls"),
    ("RTCCAS", "Skype for Business Server Conferencing Announcement", "ApplicationServer", "Calls"),
    ("RTCRGS", "Skype for Business Server Response Group", "ApplicationServer", "Calls"),
    ("RTCCPS", "Skype for Business Server Call Park", "ApplicationServer", "Parked calls"),
    ("RTCATS", "Skype for Business Server Audio Test", "ApplicationServer", "Calls"),
    ("RTCCHAT", "Skype for Business Server Persistent Chat", "PersistentChatServer", "Connected users"),
    ("RTCCOMPLIANCE", "Skype for Business Server Persistent Chat Compliance", "PersistentChatServer", "Queue depth"),
];

/// What a Front End server runs.
pub(crate) fn front_end_services() -> &'static [&'static str] {
    &["REPLICA", "RTCCLSAGT", "RTCSRV", "RTCIMMCU", "RTCDATAMCU", "RTCAVMCU", "RTCASMCU"]
}

impl Context<'_> {
    /// The computers that a call acts on: a parameter, the one the session is bound to, or, where it is bound to none,
    /// every computer of the enabled topology.
    pub(crate) fn acting_computers(&self) -> Result<Vec<String>, Problem> {
        self.require_topology()?;
        let of_instance =
            self.parameters().get("inputObject").and_then(|object| object.get("computerName")).and_then(Value::as_str);
        let parameters = self.parameters();
        let named = parameters
            .text("computerName")
            .or(parameters.text("computerFqdn"))
            .or(of_instance)
            .or(self.call.computer.as_deref());
        match named {
            Some(name) => {
                let missing = || Problem::new("PC-E21", format!("The topology has no computer '{name}'.")).target(name);
                let (_, computer) = self.deployment.topology.computer(name).ok_or_else(missing)?;
                Ok(vec![computer.fqdn.clone()])
            }
            None => {
                let mut all: Vec<String> = self
                    .deployment
                    .topology
                    .pools()
                    .flat_map(|(_, pool)| pool.computers.iter().map(|computer| computer.fqdn.clone()))
                    .collect();
                all.sort_by_key(|name| name.to_lowercase());
                Ok(all)
            }
        }
    }

    fn chosen_service(&self) -> Option<String> {
        let of_instance =
            self.parameters().get("inputObject").and_then(|object| object.get("name")).and_then(Value::as_str);
        self.parameters().text("name").or(self.call.identity.as_deref()).or(of_instance).map(str::to_owned)
    }
}

fn rank(name: &str) -> usize {
    KNOWN.iter().position(|(known, ..)| known.eq_ignore_ascii_case(name)).unwrap_or(KNOWN.len())
}

/// Puts services into dependency order.
pub(crate) fn sort(state: &mut ComputerState) {
    state.services.sort_by_key(|service| rank(&service.name));
}

/// The services of a computer that the call means, in dependency order.
fn chosen(context: &Context<'_>, computer: &str, state: &ComputerState) -> Result<Vec<String>, Problem> {
    let wanted = context.chosen_service();
    if let Some(name) = wanted.as_deref().filter(|name| name.contains(['*', '?'])) {
        return Err(Problem::new("PC-E16", format!("'{name}' holds a wildcard; name one service.")).target(name));
    }
    let mut names: Vec<String> = state
        .services
        .iter()
        .filter(|service| wanted.as_deref().is_none_or(|name| service.name.eq_ignore_ascii_case(name)))
        .map(|service| service.name.clone())
        .collect();
    if let (Some(name), true) = (&wanted, names.is_empty()) {
        let message = format!("The service '{name}' is not installed on '{computer}'.");
        return Err(Problem::new("PC-E21", message).target(name.as_str()));
    }
    names.sort_by_key(|name| rank(name));
    Ok(names)
}

fn shown(context: &mut Context<'_>, computer: &str, name: &str, status: &str) -> Result<Value, Problem> {
    let row = KNOWN.get(rank(name));
    let counter = match context.parameters().switch("excludeActivityLevel") {
        true => Value::Null,
        false => {
            let number = match name {
                "RTCCOMPLIANCE" => queue_depth(context, computer)?,
                _ => 0,
            };
            json!(format!("{}={number}", row.map_or("Activity", |(.., counter)| counter)))
        }
    };
    Ok(json!({
        "status": status,
        "name": name,
        "activityLevel": counter,
        "displayName": row.map_or(name, |(_, display, ..)| display),
        "roleName": row.map(|(_, _, role, _)| vec![*role]).unwrap_or_default(),
        "computerName": computer,
    }))
}

/// Events waiting for the adapter of the computer's pool.
fn queue_depth(context: &mut Context<'_>, computer: &str) -> Result<usize, Problem> {
    let pool =
        context.deployment.topology.computer(computer).map(|(pool, _)| pool.fqdn.to_lowercase()).unwrap_or_default();
    Ok(context.tx.compliance_events(&pool, i64::MAX)?.len())
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    for computer in context.acting_computers()? {
        let state = context.deployment.computer(&computer);
        if context.chosen_service().is_some() && state.services.is_empty() && context.acting_computers()?.len() > 1 {
            continue;
        }
        for name in chosen_or_skip(context, &computer, &state)? {
            let status = state
                .services
                .iter()
                .find(|service| service.name == name)
                .map_or("Stopped", |service| service.status.as_str());
            let shown = shown(context, &computer, &name, status)?;
            context.emit(shown);
        }
    }
    Ok(())
}

/// Over all computers, one that lacks the service is passed over; of a named one it is an error.
fn chosen_or_skip(context: &Context<'_>, computer: &str, state: &ComputerState) -> Result<Vec<String>, Problem> {
    match chosen(context, computer, state) {
        Err(problem) if problem.id == "PC-E21" && context.acting_computers()?.len() > 1 => Ok(Vec::new()),
        result => result,
    }
}

fn start(context: &mut Context<'_>) -> Result<(), Problem> {
    switch(context, "Running")
}

fn stop(context: &mut Context<'_>) -> Result<(), Problem> {
    switch(context, "Stopped")
}

fn switch(context: &mut Context<'_>, status: &str) -> Result<(), Problem> {
    let parameters = context.parameters();
    let keep_agent = status == "Stopped" && parameters.switch("leaveClsAgentRunning");
    for computer in context.acting_computers()? {
        let mut state = context.deployment.computer(&computer);
        let names = chosen_or_skip(context, &computer, &state)?;
        let mut changed = false;
        for name in names.iter().filter(|name| !(keep_agent && *name == "RTCCLSAGT")) {
            context.target(format!("{computer}\\{name}"));
            let Some(place) = state.services.iter().position(|service| service.name == *name) else { continue };
            if state.services.get(place).is_some_and(|service| service.status == status) {
                continue;
            }
            if status == "Running" {
                require_startable(context, &computer, name)?;
            }
            if let Some(service) = state.services.get_mut(place) {
                service.status = status.to_owned();
                changed = true;
            }
        }
        if changed {
            context.save_deployment(COMPUTER, &computer, &state)?;
        }
    }
    Ok(())
}

/// What keeps a chat service from starting: no fitting certificate (E76), no database or no queueing (E77).
fn require_startable(context: &mut Context<'_>, computer: &str, service: &str) -> Result<(), Problem> {
    if service != "RTCCHAT" && service != "RTCCOMPLIANCE" {
        return Ok(());
    }
    certificates::require_usable(context, computer)?;
    let deployment = context.deployment.clone();
    let Some((pool, machine)) = deployment.topology.computer(computer) else { return Ok(()) };
    if machine.missing.iter().any(|name| name == "MessageQueuing") {
        let message = format!("{service} on '{computer}' cannot start: Message Queuing is not installed.");
        return Err(Problem::new("PC-E77", message));
    }
    let Some(chat) = deployment.chat_pool(&pool.fqdn) else { return Ok(()) };
    let (instance, database) = match service {
        "RTCCHAT" => (deployment.content_instance(&chat), "mgc"),
        _ => (chat.service.attribute("complianceStore").map(str::to_owned), "mgccomp"),
    };
    let online = instance
        .as_deref()
        .and_then(|instance| deployment.database(instance, database))
        .is_some_and(|found| found.state == "Online");
    if !online {
        let message = format!("{service} on '{computer}' cannot start: the database {database} is not online.");
        return Err(Problem::new("PC-E77", message));
    }
    Ok(())
}

fn start_pool(context: &mut Context<'_>) -> Result<(), Problem> {
    let name = context.parameters().text("poolFqdn").map_or_else(|| context.identity(), Ok)?;
    let deployment = context.deployment.clone();
    let missing = || Problem::new("PC-E21", format!("The topology has no pool '{name}'.")).target(name);
    let (_, pool) = deployment.topology.pool(name).ok_or_else(missing)?;
    let skipped = context.parameters().list("skipServer").unwrap_or_default();
    for computer in
        pool.computers.iter().filter(|computer| !skipped.iter().any(|name| name.eq_ignore_ascii_case(&computer.fqdn)))
    {
        let mut state = context.deployment.computer(&computer.fqdn);
        for place in 0..state.services.len() {
            let Some(name) = state.services.get(place).map(|service| service.name.clone()) else { continue };
            require_startable(context, &computer.fqdn, &name)?;
            if let Some(service) = state.services.get_mut(place) {
                service.status = "Running".to_owned();
            }
        }
        context.save_deployment(COMPUTER, &computer.fqdn, &state)?;
    }
    context.target(pool.fqdn.clone());
    Ok(())
}

/// The services that the roles of a computer's pool need there.
pub(crate) fn services_for(context: &Context<'_>, computer: &str) -> Vec<&'static str> {
    let mut names = vec!["REPLICA", "RTCCLSAGT"];
    if let Some((pool, _)) = context.deployment.topology.computer(computer)
        && let Some(chat) = pool.service(CHAT)
    {
        names.push("RTCCHAT");
        if chat.flag("enableCompliance") {
            names.push("RTCCOMPLIANCE");
        }
    }
    names
}
