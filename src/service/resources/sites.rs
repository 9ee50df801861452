//! What the topology is read by: sites, pools, computers, services, SIP domains; and the site's few settings.

use super::super::context::Context;
use super::super::deployment::{Deployment, TOPOLOGY};
use super::super::identity::{self, matches};
use super::super::registry::Route;
use super::super::topology_model::{CHAT, Pool, RoleService, SipDomain, Site};
use crate::api::{Problem, camel};
use serde_json::{Map, Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsSite", get_sites),
    ("Set-CsSite", set_site),
    ("Get-CsPool", get_pools),
    ("Get-CsComputer", get_computers),
    ("Get-CsService", get_services),
    ("Get-CsSipDomain", get_domains),
    ("New-CsSipDomain", new_domain),
    ("Set-CsSipDomain", set_domain),
    ("Remove-CsSipDomain", remove_domain),
];

/// Lists what fits an identity or a filter; an identity that fits nothing is PC-E21.
fn emit_matching(context: &mut Context<'_>, objects: Vec<Value>, what: &str) -> Result<(), Problem> {
    let filter = context.parameters().text("filter");
    let identity = context.call.identity.as_deref();
    if identity.is_some() && filter.is_some() {
        return Err(Problem::new("PC-E27", "Identity and Filter exclude each other."));
    }
    let name = |object: &Value| object.get("identity").and_then(Value::as_str).unwrap_or_default().to_owned();
    let fits = |object: &&Value| match (identity, filter) {
        (Some(identity), _) => name(object).eq_ignore_ascii_case(identity),
        (None, Some(pattern)) => matches(pattern, &name(object)),
        (None, None) => true,
    };
    let found: Vec<Value> = objects.iter().filter(fits).cloned().collect();
    match identity {
        Some(identity) if found.is_empty() => {
            Err(Problem::new("PC-E21", format!("The topology has no {what} '{identity}'.")).target(identity))
        }
        _ => {
            context.reply.value.extend(found);
            Ok(())
        }
    }
}

fn services_of(pool: &Pool) -> Vec<Value> {
    pool.services.iter().map(|service| json!(format!("{}:{}", service.role, pool.fqdn))).collect()
}

fn show_site(site: &Site) -> Value {
    json!({
        "identity": site.id,
        "siteId": format!("Site:{}", site.id),
        "services": site.pools.iter().flat_map(services_of).collect::<Vec<_>>(),
        "pools": site.pools.iter().map(|pool| json!(pool.fqdn)).collect::<Vec<_>>(),
        "federationRoute": site.federation_route,
        "xmppFederationRoute": site.xmpp_federation_route,
        "defaultPersistentChatPool": site.default_persistent_chat_pool,
        "description": site.description,
        "displayName": site.display_name,
        "siteType": site.site_type,
        "parent": site.parent,
    })
}

fn refuse_prefix(identity: Option<&str>) -> Result<(), Problem> {
    match identity {
        Some(text) if text.contains(':') => {
            let message = format!("'{text}' carries a prefix; a site is named by its bare name here.");
            Err(Problem::new("PC-E13", message).target(text))
        }
        _ => Ok(()),
    }
}

fn get_sites(context: &mut Context<'_>) -> Result<(), Problem> {
    refuse_prefix(context.call.identity.as_deref())?;
    let mut sites: Vec<&Site> = context.deployment.topology.sites.iter().collect();
    sites.sort_by_key(|site| site.id.to_lowercase());
    let objects = sites.into_iter().map(show_site).collect();
    emit_matching(context, objects, "site")
}

fn set_site(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let name = context.identity_or_instance()?;
    refuse_prefix(Some(name))?;
    let deployment = context.deployment.clone();
    let found = deployment.topology.site(name);
    let id = found
        .ok_or_else(|| Problem::new("PC-E21", format!("The topology has no site '{name}'.")).target(name))?
        .id
        .clone();
    context.require_site_scope(Some(&id))?;
    let mut published = deployment.to_published();
    let site = published.topology.site_mut(&id).ok_or_else(|| Problem::internal("the site vanished"))?;
    let given = |field: &str| -> Option<Option<String>> {
        let of_instance = context.instance().and_then(|instance| instance.get(field));
        let value = context.parameters().get(field).or(of_instance)?;
        Some(value.as_str().filter(|text| !text.is_empty()).map(str::to_owned))
    };
    if let Some(pool) = given("defaultPersistentChatPool") {
        let pool = pool.map(|name| context.chat_pool_name(Some(&name))).transpose()?;
        site.default_persistent_chat_pool = pool;
    }
    if let Some(route) = given("federationRoute") {
        require_edge(&deployment, route.as_deref())?;
        site.federation_route = route;
    }
    if let Some(route) = given("xmppFederationRoute") {
        require_edge(&deployment, route.as_deref())?;
        site.xmpp_federation_route = route;
    }
    if let Some(name) = given("displayName") {
        site.display_name = name.unwrap_or_else(|| id.clone());
    }
    if let Some(description) = given("description") {
        site.description = description;
    }
    context.target(id);
    if published.topology == deployment.topology {
        return Ok(());
    }
    context.save_deployment(TOPOLOGY, "published", &published)
}

fn require_edge(deployment: &Deployment, route: Option<&str>) -> Result<(), Problem> {
    let Some(route) = route else { return Ok(()) };
    let fqdn = route.strip_prefix("EdgeServer:").unwrap_or(route);
    identity::fqdn(fqdn)?;
    match deployment.topology.pool(fqdn).is_some_and(|(_, pool)| pool.service("EdgeServer").is_some()) {
        true => Ok(()),
        false => Err(Problem::new("PC-E21", format!("The topology has no Edge server '{fqdn}'.")).target(route)),
    }
}

fn get_pools(context: &mut Context<'_>) -> Result<(), Problem> {
    let wanted = context.parameters().text("site");
    let deployment = context.deployment.clone();
    if let Some(name) = wanted.filter(|name| deployment.topology.site(name.trim_start_matches("Site:")).is_none()) {
        return Err(Problem::new("PC-E14", format!("The topology has no site '{name}'.")).target(name));
    }
    let in_site = |site: &Site| {
        wanted.is_none_or(|name| {
            site.id.eq_ignore_ascii_case(name.trim_start_matches("Site:"))
                || site.display_name.eq_ignore_ascii_case(name)
        })
    };
    let mut pools: Vec<_> = deployment.topology.pools().filter(|(site, _)| in_site(site)).collect();
    pools.sort_by_key(|(_, pool)| pool.fqdn.to_lowercase());
    let show = |(site, pool): &(&Site, &Pool)| {
        json!({
            "identity": pool.fqdn,
            "services": services_of(pool),
            "computers": pool.computers.iter().map(|computer| json!(computer.fqdn)).collect::<Vec<_>>(),
            "fqdn": pool.fqdn,
            "backupPoolFqdn": pool.backup_pool,
            "site": format!("Site:{}", site.id),
            "edition": pool.edition,
            "poolType": pool.pool_type,
        })
    };
    let objects = pools.iter().map(show).collect();
    emit_matching(context, objects, "pool")
}

fn get_computers(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let deployment = context.deployment.clone();
    let local = parameters.switch("local");
    if local && context.call.computer.is_none() {
        return Err(Problem::new("PC-E27", "The session is not bound to a computer of the topology."));
    }
    let mut objects = Vec::new();
    for (_, pool) in deployment.topology.pools() {
        if parameters.text("pool").is_some_and(|name| !name.eq_ignore_ascii_case(&pool.fqdn)) {
            continue;
        }
        for computer in &pool.computers {
            let own = context.call.computer.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&computer.fqdn));
            if local && !own {
                continue;
            }
            let state = deployment.computer(&computer.fqdn);
            objects.push(json!({
                "identity": computer.fqdn,
                "pool": pool.fqdn,
                "fqdn": computer.fqdn,
                "operatingSystem": computer.operating_system,
                "dataCenter": computer.data_center,
                "state": computer_state(&state),
            }));
        }
    }
    objects.sort_by_key(|object| object.get("identity").map(|name| name.to_string().to_lowercase()));
    emit_matching(context, objects, "computer")
}

/// How far a computer has come.
pub(crate) fn computer_state(state: &super::super::deployment::ComputerState) -> &'static str {
    let running = state.services.iter().any(|service| service.status == "Running");
    match (running, !state.certificates.is_empty(), state.installed, state.local_store.is_some()) {
        (true, ..) => "Running",
        (_, true, ..) => "CertificatesAssigned",
        (_, _, true, _) => "ComponentsInstalled",
        (.., true) => "LocalStoreReady",
        _ => "Enabled",
    }
}

/// Database properties of a chat service and the attributes they come from.
const CHAT_STORES: [(&str, &str, &str); 8] = [
    ("persistentChatDatabase", "PersistentChatDatabase", "store"),
    ("mirrorPersistentChatDatabase", "PersistentChatDatabase", "mirrorStore"),
    ("backupPersistentChatDatabase", "PersistentChatDatabase", "backupStore"),
    ("backupMirrorPersistentChatDatabase", "PersistentChatDatabase", "backupMirrorStore"),
    ("persistentChatComplianceDatabase", "PersistentChatComplianceDatabase", "complianceStore"),
    ("mirrorPersistentChatComplianceDatabase", "PersistentChatComplianceDatabase", "complianceMirrorStore"),
    ("backupPersistentChatComplianceDatabase", "PersistentChatComplianceDatabase", "complianceBackupStore"),
    ("backupMirrorPersistentChatComplianceDatabase", "PersistentChatComplianceDatabase", "complianceBackupMirrorStore"),
];

fn show_service(deployment: &Deployment, site: &Site, pool: &Pool, service: &RoleService, number: usize) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
    put("identity", json!(format!("{}:{}", service.role, pool.fqdn)));
    if service.role == CHAT {
        let state = deployment.chat_state(&pool.fqdn);
        let active = |fqdn: &str| state.active_servers.iter().any(|server| server.eq_ignore_ascii_case(fqdn));
        let servers = |wanted: bool| {
            let mut names: Vec<&str> = pool
                .computers
                .iter()
                .map(|computer| computer.fqdn.as_str())
                .filter(|fqdn| active(fqdn) == wanted)
                .collect();
            names.sort_by_key(|name| name.to_lowercase());
            json!(names)
        };
        let named = |role: &str, name: Option<&str>| name.map_or(Value::Null, |name| json!(format!("{role}:{name}")));
        put("registrar", named("Registrar", service.attribute("nextHop")));
        put(
            "fileStore",
            named("FileStore", service.attribute("fileStore").map(|name| name.trim_start_matches("FileStore:"))),
        );
        for (property, role, attribute) in CHAT_STORES {
            put(property, named(role, service.attribute(attribute)));
        }
        put("mtlsPort", json!(service.attribute("mtlsPort").and_then(|port| port.parse::<u16>().ok()).unwrap_or(5041)));
        put("displayName", json!(service.attribute("displayName")));
        put("enableCompliance", json!(service.flag("enableCompliance")));
        put("activeServers", servers(true));
        put("inactiveServers", servers(false));
        put(
            "dependentServiceList",
            json!(service.attribute("nextHop").map(|hop| vec![format!("Registrar:{hop}")]).unwrap_or_default()),
        );
    } else {
        for (name, value) in &service.attributes {
            put(&camel(name), json!(value));
        }
        put("dependentServiceList", json!([]));
    }
    put("serviceId", json!(format!("{}-{}-{number}", deployment.topology.site_number(&site.id), service.role)));
    put("siteId", json!(format!("Site:{}", site.id)));
    put("poolFqdn", json!(pool.fqdn));
    put("version", json!(if deployment.topology.version.starts_with("2013") { 6 } else { 7 }));
    put("role", json!(service.role));
    Value::Object(object)
}

/// Services of the topology, stores included.
fn all_services(deployment: &Deployment) -> Vec<Value> {
    let mut objects = Vec::new();
    for (site, pool) in deployment.topology.pools() {
        for service in &pool.services {
            let number =
                deployment.topology.pools_with(&service.role).iter().position(|(_, other)| other.fqdn == pool.fqdn);
            objects.push(show_service(deployment, site, pool, service, number.map_or(1, |place| place + 1)));
        }
    }
    let site = deployment.topology.sites.first().map(|site| format!("Site:{}", site.id));
    for store in &deployment.topology.file_stores {
        objects.push(json!({
            "identity": format!("FileStore:{}", store.fqdn), "uncPath": store.unc_path(), "shareName": store.share,
            "dependentServiceList": [], "serviceId": format!("1-FileStore-{}", store.fqdn), "siteId": site, "poolFqdn": store.fqdn,
            "version": 7, "role": "FileStore",
        }));
    }
    objects.extend(database_services(deployment, site.as_deref()));
    objects.sort_by_key(|object| object.get("identity").map(|name| name.to_string().to_lowercase()));
    objects
}

fn database_services(deployment: &Deployment, site: Option<&str>) -> Vec<Value> {
    let mut objects: Vec<Value> = Vec::new();
    for pool in deployment.chat_pools() {
        for (_, role, attribute) in CHAT_STORES {
            let Some(store) = pool.service.attribute(attribute) else { continue };
            let identity = format!("{role}:{store}");
            if objects.iter().any(|object| object.get("identity") == Some(&json!(identity))) {
                continue;
            }
            let (fqdn, instance) =
                store.split_once('\\').map_or((store, None), |(fqdn, instance)| (fqdn, Some(instance)));
            objects.push(json!({
                "identity": identity, "sqlServerFqdn": fqdn, "sqlInstanceName": instance,
                "dependentServiceList": [pool.service_id()], "serviceId": format!("1-{role}-{store}"), "siteId": site,
                "poolFqdn": fqdn, "version": 7, "role": role,
            }));
        }
    }
    objects
}

fn get_services(context: &mut Context<'_>) -> Result<(), Problem> {
    let deployment = context.deployment.clone();
    let parameters = context.parameters();
    let mut objects = all_services(&deployment);
    let text = |object: &Value, name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    // One switch per role: the parameter is called as the role is.
    let plain = ["poolFqdn", "filter", "siteId", "site", "localStore"];
    let roles: Vec<String> = parameters
        .0
        .keys()
        .filter(|name| !plain.contains(&name.as_str()) && parameters.switch(name))
        .cloned()
        .collect();
    if !roles.is_empty() {
        objects.retain(|object| roles.iter().any(|role| role.eq_ignore_ascii_case(&text(object, "role"))));
    }
    if let Some(pool) = parameters.text("poolFqdn") {
        identity::fqdn(pool)?;
        objects.retain(|object| text(object, "poolFqdn").eq_ignore_ascii_case(pool));
    }
    if let Some(site) = parameters.text("siteId").or(parameters.text("site")) {
        let site = site.trim_start_matches("Site:").trim_start_matches("site:");
        objects.retain(|object| text(object, "siteId").trim_start_matches("Site:").eq_ignore_ascii_case(site));
    }
    emit_matching(context, objects, "service")
}

fn show_domain(domain: &SipDomain) -> Value {
    json!({ "identity": domain.name, "name": domain.name, "isDefault": domain.is_default })
}

fn get_domains(context: &mut Context<'_>) -> Result<(), Problem> {
    let objects = context.deployment.topology.sip_domains.iter().map(show_domain).collect();
    emit_matching(context, objects, "SIP domain")
}

fn change_domains(
    context: &mut Context<'_>,
    change: impl FnOnce(&mut Context<'_>, &mut Vec<SipDomain>, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    context.require_topology()?;
    let name = context.identity_or_instance()?;
    let mut published = context.deployment.to_published();
    change(context, &mut published.topology.sip_domains, name)?;
    context.target(name);
    context.save_deployment(TOPOLOGY, "published", &published)
}

fn make_default(domains: &mut [SipDomain], name: &str) {
    for domain in domains {
        domain.is_default = domain.name.eq_ignore_ascii_case(name);
    }
}

fn new_domain(context: &mut Context<'_>) -> Result<(), Problem> {
    change_domains(context, |context, domains, name| {
        identity::fqdn(name)?;
        if domains.iter().any(|domain| domain.name.eq_ignore_ascii_case(name)) {
            return Err(Problem::new("PC-E23", format!("'{name}' is a SIP domain already.")));
        }
        domains.push(SipDomain { name: name.to_lowercase(), is_default: false });
        if context.parameters().boolean("isDefault")? == Some(true) {
            make_default(domains, name);
        }
        let made = domains.iter().find(|domain| domain.name.eq_ignore_ascii_case(name)).map(show_domain);
        context.emit(made.unwrap_or_default());
        Ok(())
    })
}

fn known_domain(domains: &[SipDomain], name: &str) -> Result<SipDomain, Problem> {
    let found = domains.iter().find(|domain| domain.name.eq_ignore_ascii_case(name)).cloned();
    found.ok_or_else(|| Problem::new("PC-E21", format!("'{name}' is not a SIP domain.")))
}

fn set_domain(context: &mut Context<'_>) -> Result<(), Problem> {
    change_domains(context, |context, domains, name| {
        known_domain(domains, name)?;
        if context.parameters().boolean("isDefault")? == Some(true) {
            make_default(domains, name);
        }
        Ok(())
    })
}

fn remove_domain(context: &mut Context<'_>) -> Result<(), Problem> {
    change_domains(context, |context, domains, name| {
        let domain = known_domain(domains, name)?;
        if domain.is_default {
            return Err(Problem::new(
                "PC-E40",
                format!("'{name}' is the default SIP domain; make another one default first."),
            ));
        }
        if super::topologies::domain_in_use(context, name)? {
            return Err(Problem::new("PC-E40", format!("The SIP domain '{name}' is used by users or endpoints.")));
        }
        domains.retain(|other| !other.name.eq_ignore_ascii_case(name));
        Ok(())
    })
}
