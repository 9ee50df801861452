//! Endpoints: directory contacts whose friendly addresses lead legacy clients to a chat pool.

use super::super::context::Context;
use super::super::identity::{self, matches};
use super::super::registry::Route;
use super::super::{directory_filter, filter};
use crate::api::Problem;
use crate::store::{Principal, path_of};
use serde_json::{Map, Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("New-CsPersistentChatEndpoint", new),
    ("Get-CsPersistentChatEndpoint", get),
    ("Remove-CsPersistentChatEndpoint", remove),
];

/// The directory kind of endpoints.
const ENDPOINT: &str = "endpoint";
const OWNER: &str = "urn:application:PersistentChat";

fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_chat_generation()?;
    let parameters = context.parameters();
    let sip = identity::sip_address(parameters.required("sipAddress")?)?;
    let (user, domain) = sip.trim_start_matches("sip:").split_once('@').unwrap_or_default();
    if !context.deployment.topology.has_sip_domain(domain) {
        return Err(Problem::new("PC-E12", format!("'{domain}' is not one of the SIP domains.")).target(sip.as_str()));
    }
    let pool = context.chat_pool_name(Some(parameters.required("persistentChatPoolFqdn")?))?;
    context.require_pool_scope(&pool)?;
    require_free_address(context, &sip, 0)?;
    let made = all(context)?.into_iter().any(|endpoint| {
        endpoint.text("persistentChatPoolFqdn").eq_ignore_ascii_case(&pool)
            && endpoint.body.get("autoCreated") != Some(&json!(true))
    });
    if made {
        context.warn(format!("The pool '{pool}' has an endpoint already; one is enough."));
    }
    let display = parameters.text("displayName").filter(|text| !text.is_empty()).unwrap_or(user);
    let endpoint = create(context, &pool, &sip, display, false)?;
    context.target(endpoint.dn.clone());
    if parameters.switch("passThru") {
        context.emit(shown(&endpoint));
    }
    Ok(())
}

/// PC-E43 where a user, contact or endpoint holds the address.
pub(crate) fn require_free_address(context: &mut Context<'_>, sip: &str, own: i64) -> Result<(), Problem> {
    let Some(holder) = context.tx.principal_by_sip(sip)?.filter(|holder| holder.id != own) else { return Ok(()) };
    let way_out = match holder.kind.as_str() {
        "user" => " Delete or rename that user first.",
        _ => "",
    };
    let message = format!("The address '{sip}' is held by the {} '{}'.{way_out}", holder.kind, holder.display_name());
    Err(Problem::new("PC-E43", message).target(sip))
}

fn create(
    context: &mut Context<'_>,
    pool: &str,
    sip: &str,
    display: &str,
    automatic: bool,
) -> Result<Principal, Problem> {
    let next_hop =
        context.with_chat_pool(pool, |_, pool| pool.service.attribute("nextHop").unwrap_or_default().to_owned())?;
    let domain = context.deployment.topology.default_sip_domain().to_owned();
    let labels: Vec<String> = domain.split('.').map(|label| format!("DC={label}")).collect();
    let guid = context.new_guid();
    let dn = format!(
        "CN={{{guid}}},CN=Application Contacts,CN=RTC Service,CN=Services,CN=Configuration,{}",
        labels.join(",")
    );
    let body = json!({
        "registrarPool": next_hop,
        "persistentChatPoolFqdn": pool,
        "ownerUrn": OWNER,
        "sipAddress": sip,
        "displayName": display,
        "enabled": true,
        "homeServer": format!("CN=Lc Services,CN=Microsoft,CN={next_hop},CN=Pools,CN=RTC Service"),
        "autoCreated": automatic,
    });
    let mut endpoint = Principal::new(ENDPOINT, &dn, guid, body.as_object().cloned().unwrap_or_default());
    context.tx.insert_principal(&mut endpoint)?;
    Ok(endpoint)
}

/// The endpoint that comes with a pool; made when the pool is enabled.
pub(crate) fn ensure_automatic(context: &mut Context<'_>, pool: &str, number: usize) -> Result<(), Problem> {
    let there = all(context)?.into_iter().any(|endpoint| {
        endpoint.text("persistentChatPoolFqdn").eq_ignore_ascii_case(pool)
            && endpoint.body.get("autoCreated") == Some(&json!(true))
    });
    if there {
        return Ok(());
    }
    let site = context.deployment.topology.pool(pool).map(|(site, _)| site.id.clone()).unwrap_or_default();
    let site = context.deployment.topology.site_number(&site);
    let domain = context.deployment.topology.default_sip_domain().to_owned();
    let sip = format!("sip:GC-{site}-PersistentChatService-{number}@{domain}");
    let name = format!("GC-{site}-PersistentChatService-{number}");
    create(context, pool, &sip, &name, true).map(drop)
}

/// Takes the endpoints of a pool away that leaves the topology.
pub(crate) fn remove_of_pool(context: &mut Context<'_>, pool: &str) -> Result<(), Problem> {
    for endpoint in all(context)? {
        if endpoint.text("persistentChatPoolFqdn").eq_ignore_ascii_case(pool) {
            delete(context, endpoint)?;
        }
    }
    Ok(())
}

fn all(context: &mut Context<'_>) -> Result<Vec<Principal>, Problem> {
    let domain = context.deployment.topology.default_sip_domain().to_owned();
    let labels: Vec<String> = domain.split('.').map(|label| format!("DC={label}")).collect();
    let below =
        path_of(&format!("CN=Application Contacts,CN=RTC Service,CN=Services,CN=Configuration,{}", labels.join(",")));
    let found = context.tx.principals(&below, "", i64::MAX)?;
    Ok(found.into_iter().filter(|entry| entry.kind == ENDPOINT).collect())
}

fn shown(endpoint: &Principal) -> Value {
    let mut object = Map::new();
    object.insert("identity".to_owned(), json!(endpoint.dn));
    for field in [
        "registrarPool",
        "persistentChatPoolFqdn",
        "sipAddress",
        "displayName",
        "enabled",
        "ownerUrn",
        "homeServer",
        "autoCreated",
    ] {
        object.insert(field.to_owned(), endpoint.body.get(field).cloned().unwrap_or_default());
    }
    Value::Object(object)
}

fn find(context: &mut Context<'_>, identity: &str) -> Result<Vec<Principal>, Problem> {
    let named = |endpoint: &Principal| {
        endpoint.sip().is_some_and(|sip| sip.eq_ignore_ascii_case(identity))
            || endpoint.dn.eq_ignore_ascii_case(identity)
            || matches(identity, endpoint.display_name())
    };
    let mut found = all(context)?;
    found.retain(named);
    if found.len() > 1 && !identity.contains('*') {
        let message = format!("Several endpoints are called '{identity}'; use the SIP address.");
        return Err(Problem::new("PC-E19", message).target(identity));
    }
    match found.is_empty() {
        true => Err(Problem::new("PC-E21", format!("There is no endpoint '{identity}'.")).target(identity)),
        false => Ok(found),
    }
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    context.require_topology()?;
    let parameters = context.parameters();
    let mut found = match context.call.identity.as_deref() {
        Some(identity) => find(context, identity)?,
        None => all(context)?,
    };
    if let Some(pool) = parameters.text("persistentChatPoolFqdn") {
        let pool = context.chat_pool_name(Some(pool))?;
        found.retain(|endpoint| endpoint.text("persistentChatPoolFqdn").eq_ignore_ascii_case(&pool));
    }
    if let Some(text) = parameters.text("filter") {
        let filter = filter::parse(text)?;
        let noun = context.noun()?;
        filter.require_properties(&|name| noun.properties.iter().any(|known| known.name.eq_ignore_ascii_case(name)))?;
        found.retain(|endpoint| {
            let shown = shown(endpoint);
            filter.passes(&|name| shown.get(crate::api::camel(name)).cloned().unwrap_or_default())
        });
    }
    if let Some(text) = parameters.text("ldapFilter") {
        let filter = directory_filter::parse(text)?;
        found.retain(|endpoint| filter.passes(endpoint));
    }
    if let Some(unit) = parameters.text("ou") {
        let below = path_of(identity::distinguished_name(unit)?);
        found.retain(|endpoint| endpoint.path().starts_with(&below));
    }
    let limit = parameters.integer("resultSize").unwrap_or(None).and_then(|limit| usize::try_from(limit).ok());
    found.sort_by_key(|endpoint| {
        (endpoint.text("persistentChatPoolFqdn").to_lowercase(), endpoint.display_name().to_lowercase())
    });
    for endpoint in found.iter().take(limit.unwrap_or(usize::MAX)) {
        context.emit(shown(endpoint));
    }
    Ok(())
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    for endpoint in find(context, context.identity()?)? {
        context.require_pool_scope(endpoint.text("persistentChatPoolFqdn"))?;
        if endpoint.body.get("autoCreated") == Some(&json!(true)) {
            context.warn(format!(
                "'{}' came with its pool; Enable-CsTopology will make it again.",
                endpoint.text("sipAddress")
            ));
        }
        context.target(endpoint.dn.clone());
        delete(context, endpoint)?;
    }
    Ok(())
}

fn delete(context: &mut Context<'_>, mut endpoint: Principal) -> Result<(), Problem> {
    endpoint.deleted = true;
    context.tx.update_principal(&endpoint)
}
