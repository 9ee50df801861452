//! What a topology must fulfil before it may be published. All violations are found, not only the first.

use super::deployment::Deployment;
use super::topology_model::*;
use crate::api::Problem;
use std::collections::HashSet;

/// What checking found: violations with their error ids, and advice.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) violations: Vec<(&'static str, String)>,
    pub(crate) warnings: Vec<String>,
}

impl Findings {
    fn violation(&mut self, id: &'static str, text: String) {
        self.violations.push((id, text));
    }

    /// The problem that carries the violations, named for the first one.
    pub(crate) fn into_result(self) -> Result<Vec<String>, Problem> {
        let Some((id, first)) = self.violations.first() else { return Ok(self.warnings) };
        let faults: Vec<String> = self.violations.iter().map(|(id, text)| format!("{id}: {text}")).collect();
        let message = format!("The topology cannot be published: {first}");
        let message = match faults.len() {
            1 => format!("{message}."),
            several => format!("{message} ({several} violations in all)."),
        };
        Err(Problem::new(id, message).faults(faults))
    }
}

/// Most servers of a chat pool.
const MOST_COMPUTERS: usize = 8;
const SUPPORTED_SQL: [&str; 4] = ["2008 R2", "2008R2", "2012", "2014"];

/// Checks a topology as a whole.
pub(crate) fn check(topology: &Topology) -> Findings {
    let mut findings = Findings::default();
    names(topology, &mut findings);
    front_ends(topology, &mut findings);
    for (site, pool) in topology.pools_with(CHAT) {
        chat_pool(topology, site, pool, &mut findings);
    }
    findings
}

fn names(topology: &Topology, findings: &mut Findings) {
    let mut computers = HashSet::new();
    let mut pools = HashSet::new();
    let mut sites = HashSet::new();
    for site in &topology.sites {
        if !sites.insert(site.id.to_lowercase()) {
            findings.violation("PC-E80", format!("the site '{}' is there twice", site.id));
        }
        if let Some(chat) = &site.default_persistent_chat_pool
            && topology.pool(chat).is_none_or(|(_, pool)| pool.service(CHAT).is_none())
        {
            findings
                .violation("PC-E01", format!("the default chat pool '{chat}' of site '{}' is no chat pool", site.id));
        }
    }
    for (_, pool) in topology.pools() {
        if !pools.insert(pool.fqdn.to_lowercase()) {
            findings.violation("PC-E80", format!("the pool '{}' is there twice", pool.fqdn));
        }
        if pool.computers.is_empty() {
            findings.violation("PC-E80", format!("the pool '{}' has no computer", pool.fqdn));
        }
        if pool.pool_type.eq_ignore_ascii_case("SingleComputer") && pool.computers.len() > 1 {
            findings
                .violation("PC-E80", format!("the single-computer pool '{}' cannot have a second computer", pool.fqdn));
        }
        for computer in &pool.computers {
            if !computers.insert(computer.fqdn.to_lowercase()) {
                findings.violation("PC-E80", format!("the computer '{}' belongs to two pools", computer.fqdn));
            }
        }
    }
    if topology.sip_domains.is_empty() {
        findings.violation("PC-E80", "there is no SIP domain".to_owned());
    }
}

fn front_ends(topology: &Topology, findings: &mut Findings) {
    if topology.pools_with(REGISTRAR).is_empty() {
        findings.violation("PC-E70", "there is no Front End pool or Standard Edition server".to_owned());
    }
}

fn chat_pool(topology: &Topology, _: &Site, pool: &Pool, findings: &mut Findings) {
    let Some(service) = pool.service(CHAT) else { return };
    let fqdn = &pool.fqdn;
    if topology.version.starts_with("2019") {
        findings.violation("PC-E03", format!("the chat pool '{fqdn}' cannot exist in the 2019 server"));
    }
    match service.attribute("displayName") {
        None => findings.violation("PC-E25", format!("the chat service of '{fqdn}' needs a displayName")),
        Some(name) if name.chars().count() > 256 => {
            findings.violation("PC-E25", format!("the displayName of '{fqdn}' is longer than 256 characters"));
        }
        Some(_) => {}
    }
    if pool.computers.len() > MOST_COMPUTERS {
        findings.violation(
            "PC-E65",
            format!("'{fqdn}' has {} computers; {MOST_COMPUTERS} are allowed", pool.computers.len()),
        );
    }
    editions(topology, pool, findings);
    next_hop(topology, pool, service, findings);
    stores(topology, pool, service, findings);
    shares(topology, pool, service, findings);
    for computer in &pool.computers {
        if !computer.missing.is_empty() {
            let missing = computer.missing.join(", ");
            findings.violation("PC-E71", format!("'{}' lacks a prerequisite: {missing}", computer.fqdn));
        }
    }
}

fn editions(topology: &Topology, pool: &Pool, findings: &mut Findings) {
    let front_end = pool.service(REGISTRAR).is_some();
    let standard = pool.edition.eq_ignore_ascii_case("Standard");
    if front_end && !standard {
        findings.violation(
            "PC-E80",
            format!("chat cannot run on the Front End pool '{}' of Enterprise Edition", pool.fqdn),
        );
    }
    // A pool of its own on the computer of a Standard Edition server must carry that server's name.
    if standard && !front_end {
        let computers = pool.computers.iter().map(|computer| &computer.fqdn);
        let hosts = computers.filter(|fqdn| {
            topology.pools_with(REGISTRAR).iter().any(|(_, other)| other.fqdn.eq_ignore_ascii_case(fqdn))
        });
        for host in hosts {
            let text =
                format!("the chat pool '{}' on the Standard Edition server '{host}' must carry its name", pool.fqdn);
            findings.violation("PC-E80", text);
        }
    }
}

fn next_hop(topology: &Topology, pool: &Pool, service: &RoleService, findings: &mut Findings) {
    let fqdn = &pool.fqdn;
    let Some(hop) = service.attribute("nextHop") else {
        findings.violation("PC-E70", format!("the chat pool '{fqdn}' names no Front End pool as its next hop"));
        return;
    };
    match topology.pool(hop) {
        Some((_, found)) if found.service(REGISTRAR).is_some() => {
            let domain = |name: &str| name.split_once('.').map_or(String::new(), |(_, domain)| domain.to_lowercase());
            if let Some(other) = pool.computers.iter().find(|computer| domain(&computer.fqdn) != domain(&found.fqdn)) {
                let text = format!("'{}' is in another domain than its Front End '{}'", other.fqdn, found.fqdn);
                findings.violation("PC-E80", text);
            }
        }
        _ => findings.violation("PC-E70", format!("the next hop '{hop}' of '{fqdn}' is no Front End pool")),
    }
}

/// Store attributes of a chat service: content ones, then compliance ones.
pub(crate) const CONTENT_STORES: [&str; 4] = ["store", "mirrorStore", "backupStore", "backupMirrorStore"];
pub(crate) const COMPLIANCE_STORES: [&str; 4] =
    ["complianceStore", "complianceMirrorStore", "complianceBackupStore", "complianceBackupMirrorStore"];

fn stores(topology: &Topology, pool: &Pool, service: &RoleService, findings: &mut Findings) {
    let fqdn = &pool.fqdn;
    if service.attribute("store").is_none() {
        findings.violation("PC-E72", format!("the chat pool '{fqdn}' names no SQL store"));
    }
    match (service.flag("enableCompliance"), service.attribute("complianceStore")) {
        (true, None) => findings.violation("PC-E71", format!("compliance of '{fqdn}' needs a complianceStore")),
        (false, Some(_)) => {
            findings.violation("PC-E27", format!("'{fqdn}' names a complianceStore but has compliance off"))
        }
        _ => {}
    }
    for attribute in CONTENT_STORES.iter().chain(&COMPLIANCE_STORES) {
        let Some(name) = service.attribute(attribute) else { continue };
        let Some(store) = topology.sql_store(name) else {
            findings.violation("PC-E72", format!("the {attribute} '{name}' of '{fqdn}' is not among the SQL stores"));
            continue;
        };
        sql_store(pool, store, findings);
    }
    let shared = service.attribute("store").and_then(|name| topology.sql_store(name)).is_some_and(|store| {
        let back_ends = topology.pools_with(REGISTRAR);
        back_ends.iter().any(|(_, other)| {
            other.service("UserServer").and_then(|user| user.attribute("store")) == Some(store.name().as_str())
        })
    });
    if shared {
        findings.warnings.push(format!(
            "The chat databases of '{fqdn}' share a Front End's SQL instance; a separate one is better."
        ));
    }
}

fn sql_store(pool: &Pool, store: &SqlStore, findings: &mut Findings) {
    if store.always_on {
        findings.violation(
            "PC-E74",
            format!("'{}' is an AlwaysOn group, which chat databases do not support", store.name()),
        );
    }
    if !["full", "express"].contains(&store.kind.to_lowercase().as_str()) {
        findings.violation("PC-E80", format!("'{}' is of the kind {}; use Full or Express", store.name(), store.kind));
    }
    let express = store.kind.eq_ignore_ascii_case("Express");
    if express && !pool.edition.eq_ignore_ascii_case("Standard") {
        findings.violation(
            "PC-E74",
            format!("'{}' is SQL Express, which only a Standard Edition server may use", store.name()),
        );
    }
    if !SUPPORTED_SQL.contains(&store.version.as_str()) {
        findings.violation(
            "PC-E72",
            format!("'{}' has the version {}, which is not supported", store.name(), store.version),
        );
    }
}

fn shares(topology: &Topology, pool: &Pool, service: &RoleService, findings: &mut Findings) {
    let fqdn = &pool.fqdn;
    let Some(name) = service.attribute("fileStore") else {
        findings.violation("PC-E73", format!("the chat pool '{fqdn}' names no file store"));
        return;
    };
    // A single computer may keep its files in a folder of its own.
    let local = name.get(1..3) == Some(":\\") || name.starts_with('/');
    match topology.file_store(name) {
        Some(store) if !store.exists => {
            findings.violation("PC-E73", format!("the share {} does not exist", store.unc_path()));
        }
        Some(_) => {}
        None if local && pool.pool_type.eq_ignore_ascii_case("SingleComputer") => {}
        None => {
            findings.violation("PC-E73", format!("the file store '{name}' of '{fqdn}' is not among the file stores"))
        }
    }
}

/// Stores whose databases are not installed yet: worth a warning when publishing, an error when enabling.
pub(crate) fn missing_databases(deployment: &Deployment, topology: &Topology) -> Vec<String> {
    let mut missing = Vec::new();
    for (_, pool) in topology.pools_with(CHAT) {
        let Some(service) = pool.service(CHAT) else { continue };
        for (attribute, database) in [("store", "mgc"), ("complianceStore", "mgccomp")] {
            if let Some(store) =
                service.attribute(attribute).filter(|store| deployment.database(store, database).is_none())
            {
                missing.push(format!("{store}\\{database}"));
            }
        }
    }
    missing.sort();
    missing.dedup();
    missing
}
