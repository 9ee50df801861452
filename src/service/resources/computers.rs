//! Installing and removing services on computers, and testing them.

use super::super::context::Context;
use super::super::deployment::{COMPUTER, WindowsService};
use super::super::registry::Route;
use super::windows_services::{self, services_for};
use crate::api::Problem;

pub(crate) const ROUTES: &[Route] =
    &[("Enable-CsComputer", enable), ("Disable-CsComputer", disable), ("Test-CsComputer", test)];

fn enable(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let several = context.acting_computers()?.len() > 1;
    for computer in context.acting_computers()? {
        let deployment = context.deployment.clone();
        let mut state = deployment.computer(&computer);
        let is_known = deployment.computers.contains_key(&computer.to_lowercase());
        if deployment.enabled_revision.is_none() || !is_known {
            return Err(Problem::new("PC-E06", "The topology is not enabled; use Enable-CsTopology.").terminating());
        }
        if let Some((_, machine)) = deployment.topology.computer(&computer)
            && !machine.missing.is_empty()
        {
            let message = format!("'{computer}' lacks a prerequisite: {}.", machine.missing.join(", "));
            return Err(Problem::new("PC-E71", message));
        }
        if state.local_store.is_none() {
            let message =
                format!("'{computer}' has no local configuration store; use Import-CsConfiguration -LocalStore first.");
            return Err(Problem::new("PC-E71", message));
        }
        let wanted = services_for(context, &computer);
        let absent: Vec<&str> =
            wanted.into_iter().filter(|name| !state.services.iter().any(|service| service.name == *name)).collect();
        context.target(computer.clone());
        if state.installed && absent.is_empty() {
            if !several {
                context.verbose(format!("'{computer}' has all its services already."));
            }
            continue;
        }
        for name in absent {
            // The replicator serves as soon as it is there; what needs a certificate waits.
            let status = if name.starts_with("RTCC") && name != "RTCCLSAGT" { "Stopped" } else { "Running" };
            state.services.push(WindowsService { name: name.to_owned(), status: status.to_owned() });
        }
        windows_services::sort(&mut state);
        state.installed = true;
        context.save_deployment(COMPUTER, &computer, &state)?;
    }
    Ok(())
}

fn disable(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let scorch = context.parameters().switch("scorch");
    if context.call.computer.is_none() && context.acting_computers()?.len() > 1 {
        return Err(Problem::new("PC-E27", "Bind the session to the computer whose services are to be removed."));
    }
    for computer in context.acting_computers()? {
        let mut state = context.deployment.computer(&computer);
        context.target(computer.clone());
        state.installed = false;
        match scorch {
            true => state = Default::default(),
            false => state.services.retain(|service| service.name == "REPLICA"),
        }
        context.save_deployment(COMPUTER, &computer, &state)?;
    }
    Ok(())
}

fn test(context: &mut Context<'_>) -> Result<(), Problem> {
    for computer in context.acting_computers()? {
        let state = context.deployment.computer(&computer);
        let mut faults = Vec::new();
        if let Some((_, machine)) = context.deployment.topology.computer(&computer) {
            faults.extend(machine.missing.iter().map(|name| format!("{name} is missing.")));
        }
        if !state.installed {
            faults.push("The services are not installed.".to_owned());
        }
        for service in state.services.iter().filter(|service| service.status != "Running") {
            faults.push(format!("{} does not run.", service.name));
        }
        let output = super::synthetic::task_output(&computer, 0, faults.first().map(String::as_str), &faults.join(" "));
        context.emit(output);
    }
    Ok(())
}
