//! Scoped settings and named list items: the behaviour that some hundred cmdlets share, driven by the manifests.
//!
//! An instance is a stored object of its noun's name; Global exists from the start and is stored once it differs
//! from the defaults. What single nouns check beyond their properties stands in `CHECKS`.

use super::context::{Context, Handler};
use super::identity::{self, AllowedScopes, ScopedIdentity, scoped};
use super::values;
use crate::api::Problem;
use crate::catalogue::{Access, Noun, Scope, ValueType};
use crate::store::Record;
use serde_json::{Map, Value};

/// The behaviour of a verb on settings (`scoped`) or on list items.
pub(crate) fn handler(verb: &str, scoped: bool) -> Option<Handler> {
    match (verb, scoped) {
        ("Get", _) => Some(get),
        ("New", true) => Some(new_scoped),
        ("New", false) => Some(new_item),
        ("Set", _) => Some(set),
        ("Remove", _) => Some(remove),
        ("Enable", false) => Some(enable_item),
        ("Disable", false) => Some(disable_item),
        _ => None,
    }
}

/// The scopes of a noun as identities are checked against them.
pub(crate) fn allowed_scopes(noun: &Noun) -> AllowedScopes {
    let mut allowed = AllowedScopes::default();
    for scope in &noun.scopes {
        match scope {
            Scope::Site => allowed.site = true,
            Scope::Service(role) => allowed.service_roles.push(role.clone()),
            Scope::Tag => allowed.tag = true,
        }
    }
    allowed
}

fn is_item(noun: &Noun) -> bool {
    noun.pattern == crate::catalogue::Pattern::Item
}

impl Context<'_> {
    /// The instance of a noun under a canonical identity; Global is made of defaults until it is stored.
    pub(crate) fn setting(&mut self, noun: &Noun, name: &str) -> Result<Option<Record>, Problem> {
        if let Some(mut record) = self.tx.object(&noun.name, name)? {
            complete(noun, &mut record);
            return Ok(Some(record));
        }
        Ok((name.eq_ignore_ascii_case("global") && !is_item(noun)).then(|| global(noun)))
    }

    /// All instances of a noun in their order.
    pub(crate) fn all_settings(&mut self, noun: &Noun) -> Result<Vec<Record>, Problem> {
        let mut records = self.tx.all_objects(&noun.name)?;
        records.iter_mut().for_each(|record| complete(noun, record));
        if !is_item(noun) && !records.iter().any(|record| record.key == "global") {
            records.push(global(noun));
        }
        records.sort_by_key(|record| ScopedIdentity::order(&record.name));
        Ok(records)
    }

    /// The instance in force for a pool: its service's, else its site's, else Global.
    pub(crate) fn effective_setting(&mut self, noun_name: &str, role: &str, pool: &str) -> Result<Record, Problem> {
        let noun = self.noun_named(noun_name)?;
        let site = self.deployment.topology.pool(pool).map(|(site, _)| site.id.clone()).unwrap_or_default();
        for name in [format!("Service:{role}:{pool}"), format!("Site:{site}")] {
            if let Some(found) = self.setting(&noun, &name)? {
                return Ok(found);
            }
        }
        Ok(self.setting(&noun, "Global")?.unwrap_or_else(|| global(&noun)))
    }

    /// Puts an instance on the reply.
    pub(crate) fn emit_setting(&mut self, noun: &Noun, record: &Record) {
        self.emit_stored(shown(noun, record), record.revision);
    }
}

fn global(noun: &Noun) -> Record {
    Record::new(&noun.name, "Global", values::defaults(noun))
}

/// Properties that a newer manifest added read as their defaults.
fn complete(noun: &Noun, record: &mut Record) {
    for (name, value) in values::defaults(noun) {
        record.body.entry(name).or_insert(value);
    }
}

/// An instance as callers see it.
pub(crate) fn shown(noun: &Noun, record: &Record) -> Value {
    let mut object = Map::new();
    object.insert("identity".to_owned(), Value::from(record.name.as_str()));
    for property in noun.properties.iter().filter(|property| property.name != "Identity") {
        let name = property.wire_name();
        let value = record.body.get(&name).cloned().unwrap_or_default();
        object.insert(name, value);
    }
    Value::Object(object)
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let noun = context.noun()?;
    context.check_domain_controller()?;
    let filter = context.parameters().text("filter");
    if let Some(identity) = context.call.identity.as_deref() {
        if filter.is_some() {
            return Err(Problem::new("PC-E27", "Identity and Filter exclude each other."));
        }
        let name = canonical(context, &noun, identity, false)?;
        let record = context.setting(&noun, &name)?.ok_or_else(|| absent(&noun, &name))?;
        context.reply.revision = Some(record.revision);
        context.emit_setting(&noun, &record);
        return Ok(());
    }
    for record in context.all_settings(&noun)? {
        if filter.is_none_or(|pattern| identity::matches(pattern, &record.name)) {
            context.emit_setting(&noun, &record);
        }
    }
    Ok(())
}

fn absent(noun: &Noun, name: &str) -> Problem {
    Problem::new("PC-E21", format!("There is no {} with the identity '{name}'.", noun.name.trim_start_matches("Cs")))
}

/// The identity in its canonical form.
fn canonical(context: &Context<'_>, noun: &Noun, identity: &str, creating: bool) -> Result<String, Problem> {
    if is_item(noun) {
        if identity.contains(['*', '?']) {
            let message = format!("The identity '{identity}' holds a wildcard; use -Filter for patterns.");
            return Err(Problem::new("PC-E16", message).target(identity));
        }
        return Ok(identity.trim().to_owned());
    }
    let identity = scoped(identity, &allowed_scopes(noun), &context.deployment, creating)?;
    if context.call.verb != "Get" {
        context.require_config_scope(&identity)?;
    }
    Ok(identity.name())
}

fn new_scoped(context: &mut Context<'_>) -> Result<(), Problem> {
    let noun = context.noun()?;
    let name = canonical(context, &noun, context.identity()?, true)?;
    create(context, &noun, name)
}

/// Parameters that can name an item, besides `-Identity`.
const ITEM_KEYS: [&str; 4] = ["domain", "name", "fqdn", "key"];

fn new_item(context: &mut Context<'_>) -> Result<(), Problem> {
    let noun = context.noun()?;
    let parameters = context.parameters();
    let key = ITEM_KEYS.iter().find_map(|key| parameters.text(key));
    let name = match (context.call.identity.as_deref(), parameters.text("parent"), key) {
        (Some(identity), _, _) => identity.to_owned(),
        (None, Some(parent), Some(key)) => format!("{parent}/{key}"),
        (None, None, Some(key)) => key.to_owned(),
        (None, _, None) => {
            return Err(Problem::new("PC-E27", "The parameter 'Identity' is required and has no value."));
        }
    };
    if name.rsplit('/').next().is_none_or(|own| own.trim().is_empty()) {
        return Err(Problem::new("PC-E13", "An identity cannot be empty."));
    }
    let name = canonical(context, &noun, &name, true)?;
    create(context, &noun, name)
}

fn create(context: &mut Context<'_>, noun: &Noun, name: String) -> Result<(), Problem> {
    let mut body = values::defaults(noun);
    apply(context, noun, &mut body)?;
    let mut record = Record::new(&noun.name, name, body);
    fill_key(noun, &mut record);
    require_all(noun, &record)?;
    if context.parameters().switch("inMemory") {
        context.emit(shown(noun, &record));
        return Ok(());
    }
    check_noun(context, noun, &record)?;
    if context.setting(noun, &record.name)?.is_some() {
        let message = format!("'{}' exists already; change it with the Set cmdlet.", record.name);
        return Err(Problem::new("PC-E23", message));
    }
    context.target(record.name.clone());
    context.tx.insert(&mut record)?;
    context.emit_setting(noun, &record);
    Ok(())
}

/// An item's identity is also the property that names it (`Domain`, `Name` …), where that was not given.
fn fill_key(noun: &Noun, record: &mut Record) {
    if !is_item(noun) {
        return;
    }
    let relative = record.name.rsplit('/').next().unwrap_or_default().to_owned();
    for key in ITEM_KEYS {
        if record.body.get(key).is_some_and(Value::is_null) {
            record.body.insert(key.to_owned(), Value::from(relative.as_str()));
        }
    }
}

fn require_all(noun: &Noun, record: &Record) -> Result<(), Problem> {
    let missing = |name: &str| record.body.get(name).is_none_or(Value::is_null);
    let first = noun.properties.iter().find(|property| {
        property.required
            && property.name != "Identity"
            && property.access != Access::Computed
            && missing(&property.wire_name())
    });
    first.map_or(Ok(()), |property| Err(values::bad(&property.name, "it must have a value")))
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let noun = context.noun()?;
    context.check_domain_controller()?;
    let instance = context.instance();
    let given = match instance {
        Some(_) => context.identity_or_instance()?,
        None if is_item(&noun) => context.identity()?,
        None => context.call.identity.as_deref().unwrap_or("Global"),
    };
    let name = canonical(context, &noun, given, false)?;
    let found = context.setting(&noun, &name)?;
    let mut record = match (found, instance) {
        (Some(record), _) => record,
        (None, Some(_)) if context.call.if_match.is_some() => {
            return Err(changed(context, &name, "was removed", "It can be made again with New-"));
        }
        (None, Some(_)) => Record::new(&noun.name, name, values::defaults(&noun)),
        (None, None) => return Err(absent(&noun, &name)),
    };
    require_unchanged(context, &record)?;
    if let Some(instance) = instance {
        start_from(&noun, instance, &mut record.body)?;
    }
    apply(context, &noun, &mut record.body)?;
    require_all(&noun, &record)?;
    check_noun(context, &noun, &record)?;
    context.target(record.name.clone());
    let stored = context.tx.put(record)?;
    context.changed_to(stored.revision);
    Ok(())
}

/// `If-Match`: PC-E92 where the object is no longer what it was when it was read.
pub(crate) fn require_unchanged(context: &Context<'_>, record: &Record) -> Result<(), Problem> {
    match context.call.if_match.as_deref().map(|tag| tag.trim_matches('"')) {
        Some(tag) if tag != "*" && tag != record.revision.to_string() => Err(changed(
            context,
            &record.name,
            "was changed by somebody else",
            "Give -Identity with only what is to change, or read it again with Get-",
        )),
        _ => Ok(()),
    }
}

fn changed(context: &Context<'_>, name: &str, what: &str, way_out: &str) -> Problem {
    let noun = &context.call.noun;
    let message = format!("'{name}' {what} since it was read, and nothing of this change was made. {way_out}{noun}.",);
    Problem::new("PC-E92", message).target(name)
}

/// Takes every writable property of an instance.
fn start_from(noun: &Noun, instance: &Map<String, Value>, body: &mut Map<String, Value>) -> Result<(), Problem> {
    for property in alphabetical(noun) {
        let name = property.wire_name();
        let Some(value) = instance.get(&name) else { continue };
        if property.name == "Identity" || property.access == Access::Computed {
            continue;
        }
        let checked = values::check(noun, property, value, &Value::Null)?;
        body.insert(name, checked);
    }
    Ok(())
}

fn alphabetical(noun: &Noun) -> Vec<&crate::catalogue::Property> {
    let mut properties: Vec<_> = noun.properties.iter().collect();
    properties.sort_by(|left, right| left.name.cmp(&right.name));
    properties
}

/// Sets the properties that parameters of the call name, checking each, in alphabetical order.
pub(crate) fn apply(context: &Context<'_>, noun: &Noun, body: &mut Map<String, Value>) -> Result<(), Problem> {
    let cmdlet = noun.cmdlet(&context.call.verb);
    for property in alphabetical(noun) {
        if property.name == "Identity" || property.access == Access::Computed {
            continue;
        }
        let parameter = cmdlet.and_then(|cmdlet| {
            let sets = |parameter: &&crate::catalogue::Parameter| {
                parameter.sets_property().eq_ignore_ascii_case(&property.name)
                    && context.parameters().given(&parameter.wire_name())
            };
            cmdlet.parameters.iter().find(sets)
        });
        let name = property.wire_name();
        let value = match parameter {
            Some(parameter) => {
                let given = context.parameters().get(&parameter.wire_name());
                match (&parameter.value, parameter.kind == ValueType::Switch) {
                    (Some(fixed), true) if context.parameters().switch(&parameter.wire_name()) => Some(fixed),
                    (Some(_), true) => None,
                    _ => given,
                }
            }
            None => context.parameters().get(&name),
        };
        let Some(value) = value else { continue };
        let before = body.get(&name).cloned().unwrap_or_default();
        body.insert(name, values::check(noun, property, value, &before)?);
    }
    Ok(())
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    let noun = context.noun()?;
    context.check_domain_controller()?;
    let name = canonical(context, &noun, context.identity()?, false)?;
    let stored = context.tx.object(&noun.name, &name)?;
    if name.eq_ignore_ascii_case("global") && !is_item(&noun) {
        context.target("Global");
        return stored.map_or(Ok(()), |record| context.tx.delete(&record));
    }
    let record = stored.ok_or_else(|| absent(&noun, &name))?;
    super::policies::before_removal(context, &noun, &record)?;
    context.target(record.name.clone());
    context.tx.delete(&record)
}

fn enable_item(context: &mut Context<'_>) -> Result<(), Problem> {
    switch_item(context, true)
}

fn disable_item(context: &mut Context<'_>) -> Result<(), Problem> {
    switch_item(context, false)
}

fn switch_item(context: &mut Context<'_>, enabled: bool) -> Result<(), Problem> {
    let noun = context.noun()?;
    let name = canonical(context, &noun, context.identity()?, false)?;
    let mut record = context.setting(&noun, &name)?.ok_or_else(|| absent(&noun, &name))?;
    record.body.insert("enabled".to_owned(), Value::from(enabled));
    context.target(record.name.clone());
    context.tx.update(&mut record)
}

type Check = fn(&mut Context<'_>, &Record) -> Result<(), Problem>;

/// What single nouns check beyond their properties.
const CHECKS: [(&str, Check); 10] = [
    ("CsPersistentChatConfiguration", check_chat_configuration),
    ("CsPersistentChatComplianceConfiguration", check_compliance),
    ("CsExternalAccessPolicy", check_external_access),
    ("CsAllowedDomain", check_domain),
    ("CsBlockedDomain", check_domain),
    ("CsHostingProvider", check_provider),
    ("CsPublicProvider", check_provider),
    ("CsImFilterConfiguration", check_prefixes),
    ("CsFileTransferFilterConfiguration", check_extensions),
    ("CsAccessEdgeConfiguration", check_access_edge),
];

fn check_noun(context: &mut Context<'_>, noun: &Noun, record: &Record) -> Result<(), Problem> {
    let check = CHECKS.iter().find(|(name, _)| noun.name == *name).map(|(_, check)| *check);
    check.map_or(Ok(()), |check| check(context, record))
}

/// Above this the servers' caches grow noticeably.
const MUCH_HISTORY: i64 = 100;

fn check_chat_configuration(context: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    if let Some(address) = record.body.get("roomManagementUrl").and_then(Value::as_str) {
        values::require_url("RoomManagementUrl", address)?;
    }
    if record.body.get("defaultChatHistory").and_then(Value::as_i64).is_some_and(|number| number > MUCH_HISTORY) {
        context.warn("DefaultChatHistory is above 100: every chat server keeps that many messages per room in memory.");
    }
    Ok(())
}

fn check_compliance(context: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    if let Some(sheet) = record.body.get("customConfiguration").and_then(Value::as_str) {
        super::compliance::require_style_sheet(sheet)?;
    }
    let directory = record.text("adapterOutputDirectory");
    if !directory.is_empty() && !is_full_path(directory) {
        return Err(values::bad("AdapterOutputDirectory", &format!("'{directory}' is not a full path")));
    }
    let folder = |record: &Record| record.text("adapterOutputDirectory").trim_end_matches(['\\', '/']).to_lowercase();
    let own = folder(record);
    let noun = context.noun_named(&record.kind)?;
    for other in context.all_settings(&noun)? {
        let shares = !own.is_empty() && other.key != record.key && folder(&other) == own;
        if shares && !other.text("adapterName").eq_ignore_ascii_case(record.text("adapterName")) {
            let message =
                format!("The folder already belongs to the adapter of '{}'; every adapter needs its own.", other.name);
            return Err(Problem::new("PC-E25", message));
        }
    }
    let off = record
        .key
        .strip_prefix("service:persistentchatserver:")
        .is_some_and(|pool| context.deployment.chat_pool(pool).is_some_and(|pool| !pool.compliance()));
    if off {
        context.warn("Compliance is not enabled for this pool in the topology; the settings are kept for later.");
    }
    let anywhere = context.deployment.chat_pools().iter().any(super::deployment::ChatPool::compliance);
    if record.text("adapterType").is_empty() && anywhere && !off {
        context.warn("No AdapterType is set: nothing will be written for compliance.");
    }
    Ok(())
}

/// A path that starts at a drive, a share or the root.
fn is_full_path(path: &str) -> bool {
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.get(1..2) == Some(":");
    path.starts_with(['/', '\\']) || drive
}

/// Parameters of which only a warning remains: what was retired, and what is for the online service.
const RETIRED_ACCESS: [(&str, &str); 5] = [
    ("enablePublicCloudAccess", "Public providers other than Skype are retired; the setting reaches nobody else."),
    ("enableXmppAccess", "XMPP is supported in one certified scenario only; check that yours is it."),
    ("enableAcsFederationAccess", "EnableAcsFederationAccess has a meaning online only and is ignored."),
    ("enableTeamsConsumerAccess", "EnableTeamsConsumerAccess has a meaning online only and is ignored."),
    ("enableTeamsConsumerInbound", "EnableTeamsConsumerInbound has a meaning online only and is ignored."),
];

fn check_external_access(context: &mut Context<'_>, _: &Record) -> Result<(), Problem> {
    for (parameter, warning) in RETIRED_ACCESS {
        if context.parameters().boolean(parameter)? == Some(true) {
            context.warn(warning);
        }
    }
    Ok(())
}

fn check_domain(context: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    identity::fqdn(&record.name)?;
    let (other, list) = match record.kind.as_str() {
        "CsAllowedDomain" => ("CsBlockedDomain", "blocked"),
        _ => ("CsAllowedDomain", "allowed"),
    };
    if context.tx.object_exists(other, &record.key)? {
        let message =
            format!("'{}' is on the list of {list} domains already; it can be on one list only.", record.name);
        return Err(Problem::new("PC-E23", message));
    }
    Ok(())
}

fn check_provider(context: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    let proxy = record.text("proxyFqdn");
    if !proxy.is_empty() {
        identity::fqdn(proxy)?;
    }
    for kind in ["CsHostingProvider", "CsPublicProvider"] {
        for other in context.tx.all_objects(kind)? {
            let same = other.kind == record.kind && other.key == record.key;
            let clash =
                other.key == record.key || (!proxy.is_empty() && other.text("proxyFqdn").eq_ignore_ascii_case(proxy));
            if !same && clash {
                let message = format!("The provider '{}' has this name or proxy already.", other.name);
                return Err(Problem::new("PC-E23", message));
            }
        }
    }
    Ok(())
}

fn check_prefixes(_: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    let prefixes =
        record.body.get("prefixes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for prefix in prefixes {
        if !prefix.eq_ignore_ascii_case("href") && !prefix.ends_with(['.', ':']) {
            return Err(values::bad("Prefixes", &format!("'{prefix}' must end in '.' or ':'")));
        }
    }
    Ok(())
}

fn check_extensions(_: &mut Context<'_>, record: &Record) -> Result<(), Problem> {
    let extensions =
        record.body.get("extensions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for extension in extensions {
        if !extension.starts_with('.') || extension.contains('*') {
            return Err(values::bad("Extensions", &format!("'{extension}' must begin with '.' and hold no '*'")));
        }
    }
    Ok(())
}

fn check_access_edge(context: &mut Context<'_>, _: &Record) -> Result<(), Problem> {
    let parameters = context.parameters();
    if parameters.switch("useDefaultRouting") {
        if parameters.switch("useDnsSrvRouting") {
            return Err(Problem::new("PC-E27", "UseDnsSrvRouting and UseDefaultRouting exclude each other."));
        }
        if parameters.text("defaultRouteFqdn").is_none() {
            return Err(Problem::new("PC-E27", "UseDefaultRouting needs DefaultRouteFqdn."));
        }
        let providers =
            context.tx.count_objects("CsHostingProvider")? + context.tx.count_objects("CsPublicProvider")?;
        if providers > 0 {
            let message = "Default routing needs all hosting and public providers to be removed first.";
            return Err(Problem::new("PC-E27", message));
        }
    }
    Ok(())
}
