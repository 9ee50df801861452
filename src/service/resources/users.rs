//! Users: accounts of the directory, and those among them that are enabled for SIP.

use super::super::context::Context;
use super::super::identity::{self, matches};
use super::super::paging::Pager;
use super::super::policies::KINDS;
use super::super::registry::Route;
use super::super::topology_model::REGISTRAR;
use super::super::{directory_filter, filter};
use super::endpoints::require_free_address;
use crate::api::Problem;
use crate::store::{Principal, path_of};
use serde_json::{Map, Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsUser", get_users),
    ("Get-CsAdUser", get_accounts),
    ("Get-CsAdPrincipal", get_principals),
    ("Get-CsAdContact", get_contacts),
    ("Enable-CsUser", enable),
    ("Disable-CsUser", disable),
    ("Set-CsUser", set),
    ("Move-CsUser", move_user),
    ("Get-CsUserPoolInfo", get_pool_info),
];

impl Context<'_> {
    /// The users that an identity in one of the five forms names: one, or several for a display name with wildcards.
    pub(crate) fn find_users(&mut self, text: &str) -> Result<Vec<Principal>, Problem> {
        self.find_accounts(text, |entry| entry.kind == "user")
    }

    fn find_accounts(&mut self, text: &str, wanted: impl Fn(&Principal) -> bool) -> Result<Vec<Principal>, Problem> {
        let text = text.trim();
        let single = if identity::looks_like_sip(text) {
            self.tx.principal_by_sip(text)?.into_iter().collect()
        } else if identity::looks_like_dn(text) {
            self.tx.principal_by_dn(text)?.into_iter().collect()
        } else if text.contains('@') {
            self.tx.principal_by_upn(text)?.into_iter().collect()
        } else if let Some((_, sam)) = text.split_once('\\') {
            self.tx.principal_by_sam(sam)?.into_iter().collect()
        } else if text.contains('*') {
            self.scan("", |entry| matches(text, entry.display_name()))?
        } else {
            self.tx.principals_by_display(text)?
        };
        let found: Vec<Principal> = single.into_iter().filter(wanted).collect();
        if found.len() > 1 && !text.contains('*') {
            let message = format!("Several users are called '{text}'; use a SIP address or a user principal name.");
            return Err(Problem::new("PC-E19", message).target(text));
        }
        if found.is_empty() {
            return Err(Problem::new("PC-E20", format!("There is no user '{text}'.")).target(text));
        }
        Ok(found)
    }

    /// Every entry below a path that passes a test.
    pub(crate) fn scan(&mut self, below: &str, passes: impl Fn(&Principal) -> bool) -> Result<Vec<Principal>, Problem> {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.tx.principals(below, &after, 1000)?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.path();
            found.extend(page.into_iter().filter(&passes));
        }
    }

    fn registrar(&self, name: &str) -> Result<String, Problem> {
        let found = self.deployment.topology.pool(name).filter(|(_, pool)| pool.service(REGISTRAR).is_some());
        let missing = || Problem::new("PC-E21", format!("There is no registrar pool '{name}'.")).target(name);
        Ok(found.ok_or_else(missing)?.1.fqdn.clone())
    }
}

/// Directory attributes of an account, in order: as shown, and as kept.
const ACCOUNT: [(&str, &str); 10] = [
    ("displayName", "displayName"),
    ("samAccountName", "samAccountName"),
    ("userPrincipalName", "userPrincipalName"),
    ("firstName", "firstName"),
    ("lastName", "lastName"),
    ("windowsEmailAddress", "mail"),
    ("department", "department"),
    ("title", "title"),
    ("company", "company"),
    ("city", "city"),
];

/// What users and accounts show of the directory.
fn put_account(object: &mut Map<String, Value>, entry: &Principal) {
    for (name, field) in ACCOUNT {
        object.insert(name.to_owned(), entry.body.get(field).cloned().unwrap_or_default());
    }
    let class = match entry.kind.as_str() {
        "user" => json!(["top", "person", "organizationalPerson", "user"]),
        "contact" | "endpoint" => json!(["top", "person", "organizationalPerson", "contact"]),
        other => json!(["top", other]),
    };
    object.insert("distinguishedName".to_owned(), json!(entry.dn));
    object.insert("guid".to_owned(), json!(entry.guid));
    object.insert("objectClass".to_owned(), class);
    object.insert("ou".to_owned(), json!(entry.dn.split_once(',').map_or("", |(_, parent)| parent)));
}

/// An enabled user as callers see it.
pub(crate) fn show_user(_: &mut Context<'_>, user: &Principal) -> Result<Value, Problem> {
    let field = |name: &str| user.body.get(name).cloned().unwrap_or_default();
    let mut object = Map::new();
    object.insert("identity".to_owned(), json!(user.dn));
    for (name, _, _) in KINDS.into_iter().filter(|(name, ..)| *name != "teamsUpgradePolicy") {
        object.insert(name.to_owned(), field(name));
        if name == "archivingPolicy" {
            object.insert(
                "exchangeArchivingPolicy".to_owned(),
                text_or(&field("exchangeArchivingPolicy"), "Uninitialized"),
            );
        }
        if name == "userServicesPolicy" {
            object.insert("hostedVoiceMail".to_owned(), field("hostedVoiceMail"));
        }
    }
    let pool = user.text("registrarPool");
    let home = match pool {
        "" => Value::Null,
        pool => {
            json!(format!("CN=Lc Services,CN=Microsoft,CN={pool},CN=Pools,CN=RTC Service,CN=Services,CN=Configuration"))
        }
    };
    object.insert("hostingProvider".to_owned(), text_or(&field("hostingProvider"), "SRV:"));
    object.insert("registrarPool".to_owned(), field("registrarPool"));
    object.insert(
        "enabled".to_owned(),
        json!(user.sip().is_some() && user.body.get("sipEnabled") != Some(&json!(false))),
    );
    object.insert("sipAddress".to_owned(), field("sipAddress"));
    object.insert("lineURI".to_owned(), text_or(&field("lineURI"), ""));
    object.insert("enterpriseVoiceEnabled".to_owned(), json!(field("enterpriseVoiceEnabled") == json!(true)));
    object.insert("homeServer".to_owned(), home);
    for flag in ["audioVideoDisabled", "remoteCallControlTelephonyEnabled"] {
        object.insert(flag.to_owned(), json!(field(flag) == json!(true)));
    }
    for name in ["privateLine", "lineServerURI", "onPremLineURI"] {
        object.insert(name.to_owned(), text_or(&field(name), ""));
    }
    put_account(&mut object, user);
    Ok(Value::Object(object))
}

fn text_or(value: &Value, default: &str) -> Value {
    if value.is_null() { json!(default) } else { value.clone() }
}

/// An account as the directory has it.
fn show_account(context: &mut Context<'_>, entry: &Principal) -> Result<Value, Problem> {
    let mut object = Map::new();
    object.insert("identity".to_owned(), json!(entry.dn));
    put_account(&mut object, entry);
    object.insert("sipAddress".to_owned(), entry.body.get("sipAddress").cloned().unwrap_or_default());
    object.insert(
        "enabled".to_owned(),
        json!(entry.sip().is_some() && entry.body.get("sipEnabled") != Some(&json!(false))),
    );
    object.insert("registrarPool".to_owned(), entry.body.get("registrarPool").cloned().unwrap_or_default());
    let mut groups = Vec::new();
    for group in context.tx.groups_of(entry.id)? {
        groups.extend(context.principal(group)?.map(|group| json!(group.dn)));
    }
    object.insert("groups".to_owned(), Value::Array(groups));
    Ok(Value::Object(object))
}

type Show = fn(&mut Context<'_>, &Principal) -> Result<Value, Problem>;

fn get_users(context: &mut Context<'_>) -> Result<(), Problem> {
    list(context, |entry| entry.kind == "user" && entry.sip().is_some(), show_user)
}

fn get_accounts(context: &mut Context<'_>) -> Result<(), Problem> {
    list(context, |entry| entry.kind == "user", show_account)
}

fn get_contacts(context: &mut Context<'_>) -> Result<(), Problem> {
    list(context, |entry| entry.kind == "contact", show_account)
}

fn get_principals(context: &mut Context<'_>) -> Result<(), Problem> {
    list(context, |entry| entry.kind != "endpoint", show_account)
}

/// Lists entries by identity, filters, unit and result size; all conditions together.
fn list(context: &mut Context<'_>, wanted: fn(&Principal) -> bool, show: Show) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let parameters = context.parameters();
    if let Some(identity) = context.call.identity.as_deref() {
        for entry in context.find_accounts(identity, wanted)? {
            if context.covers_user(&entry.path()) {
                let shown = show(context, &entry)?;
                context.emit(shown);
            }
        }
        return Ok(());
    }
    let expression = parameters.text("filter").map(filter::parse).transpose()?;
    if let Some(expression) = &expression {
        let noun = context.noun()?;
        expression
            .require_properties(&|name| noun.properties.iter().any(|known| known.name.eq_ignore_ascii_case(name)))?;
    }
    let directory = parameters.text("ldapFilter").map(directory_filter::parse).transpose()?;
    let below = match parameters.text("ou") {
        Some(unit) => {
            let dn = unit.get(3..).filter(|_| unit.to_lowercase().starts_with("ou:")).unwrap_or(unit);
            let path = path_of(identity::distinguished_name(dn)?);
            if context.tx.principal_by_dn(dn)?.is_none() {
                return Err(Problem::new("PC-E21", format!("The directory has no unit '{dn}'.")).target(dn));
            }
            path
        }
        None => String::new(),
    };
    let unassigned = parameters.switch("unassignedUser");
    let mut pager = Pager::new(context)?;
    let mut after = pager.after.clone();
    loop {
        let page = context.tx.principals(&below, &after, 1000)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.path();
        for entry in page {
            let fits = wanted(&entry)
                && directory.as_ref().is_none_or(|filter| filter.passes(&entry))
                && (!unassigned || entry.text("registrarPool").is_empty())
                && context.covers_user(&entry.path());
            if !fits {
                continue;
            }
            let shown = match &expression {
                Some(filter) => {
                    let shown = show(context, &entry)?;
                    if !filter.passes(&|name| property(&shown, name)) {
                        continue;
                    }
                    Some(shown)
                }
                None => None,
            };
            if pager.is_satisfied() {
                return Ok(());
            }
            if !pager.has_room() {
                context.reply.next_cursor = pager.next();
                return Ok(());
            }
            let shown = shown.map_or_else(|| show(context, &entry), Ok)?;
            context.emit(shown);
            pager.sent(&entry.path());
        }
    }
}

/// A property of a shown object, in any case.
fn property(shown: &Value, name: &str) -> Value {
    let found = shown.as_object().and_then(|object| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn enable(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let parameters = context.parameters();
    context.require_topology()?;
    let users = context.find_users(context.identity()?)?;
    if parameters.given("sipAddress") && users.len() > 1 {
        return Err(Problem::new(
            "PC-E27",
            "SipAddress names one user's address; use SipAddressType for several users.",
        ));
    }
    for user in users {
        enable_one(context, user)?;
    }
    Ok(())
}

fn enable_one(context: &mut Context<'_>, mut user: Principal) -> Result<(), Problem> {
    let parameters = context.parameters();
    context.require_user_scope(&user)?;
    let wanted = parameters.text("registrarPool").or(parameters.text("proxyPool"));
    let wanted = wanted.ok_or_else(|| Problem::new("PC-E27", "RegistrarPool is missing."))?;
    let pool = context.registrar(wanted)?;
    let sip = match parameters.text("sipAddress") {
        Some(text) => identity::sip_address(text)?,
        None => generated_address(context, &user)?,
    };
    require_known_domain(context, &sip)?;
    require_free_address(context, &sip, user.id)?;
    user.body.insert("sipAddress".to_owned(), json!(sip));
    user.body.insert("sipEnabled".to_owned(), json!(true));
    user.body.insert("registrarPool".to_owned(), json!(pool));
    context.target(user.dn.clone());
    context.tx.update_principal(&user)?;
    pass_thru(context, &user)
}

fn pass_thru(context: &mut Context<'_>, user: &Principal) -> Result<(), Problem> {
    if context.parameters().switch("passThru") {
        let shown = show_user(context, user)?;
        context.emit(shown);
    }
    Ok(())
}

fn require_known_domain(context: &Context<'_>, sip: &str) -> Result<(), Problem> {
    let domain = sip.split_once('@').map_or("", |(_, domain)| domain);
    match context.deployment.topology.has_sip_domain(domain) {
        true => Ok(()),
        false => Err(Problem::new("PC-E12", format!("'{domain}' is not one of the SIP domains.")).target(sip)),
    }
}

/// The address that `-SipAddressType` makes of an account.
fn generated_address(context: &Context<'_>, user: &Principal) -> Result<String, Problem> {
    let parameters = context.parameters();
    let missing = |what: &str| {
        Problem::new("PC-E25", format!("'{}' has no {what} to make a SIP address of.", user.display_name()))
    };
    let kind = parameters
        .text("sipAddressType")
        .ok_or_else(|| Problem::new("PC-E27", "Give SipAddress or SipAddressType."))?;
    let in_domain = |local: String| {
        let domain = parameters.text("sipDomain");
        let domain = domain.ok_or_else(|| Problem::new("PC-E27", format!("SipAddressType {kind} needs SipDomain.")))?;
        identity::sip_address(&format!("sip:{local}@{domain}"))
    };
    let attribute = |name: &str, what: &str| match user.text(name) {
        "" => Err(missing(what)),
        text => Ok(text.to_owned()),
    };
    match kind.to_lowercase().as_str() {
        "emailaddress" => identity::sip_address(&format!("sip:{}", attribute("mail", "mail address")?)),
        "userprincipalname" => {
            identity::sip_address(&format!("sip:{}", attribute("userPrincipalName", "user principal name")?))
        }
        "firstlastname" => {
            let (first, last) = (attribute("firstName", "first name")?, attribute("lastName", "last name")?);
            in_domain(format!("{first}.{last}"))
        }
        "samaccountname" => in_domain(attribute("samAccountName", "SAM account name")?),
        _ => Err(super::super::values::bad("SipAddressType", &format!("'{kind}' is not known"))),
    }
}

/// The enabled users that the call's identity names.
fn enabled_targets(context: &mut Context<'_>) -> Result<Vec<Principal>, Problem> {
    context.check_domain_controller()?;
    enabled_users(context, context.identity()?)
}

fn enabled_users(context: &mut Context<'_>, name: &str) -> Result<Vec<Principal>, Problem> {
    let users = context.find_users(name)?;
    for user in &users {
        if user.sip().is_none() {
            let message = format!("'{}' is not enabled for SIP; use Enable-CsUser first.", user.display_name());
            return Err(Problem::new("PC-E20", message));
        }
        context.require_user_scope(user)?;
    }
    Ok(users)
}

/// Fields that the service keeps about a user; a disabled one keeps none of them.
const SERVICE_FIELDS: [&str; 8] = [
    "sipAddress",
    "sipEnabled",
    "registrarPool",
    "hostingProvider",
    "enterpriseVoiceEnabled",
    "lineURI",
    "exchangeArchivingPolicy",
    "audioVideoDisabled",
];

fn disable(context: &mut Context<'_>) -> Result<(), Problem> {
    for mut user in enabled_targets(context)? {
        let last = user.body.get("sipAddress").cloned().unwrap_or_default();
        for field in SERVICE_FIELDS.iter().copied().chain(KINDS.map(|(field, _, _)| field)) {
            user.body.shift_remove(field);
        }
        user.body.insert("lastSipAddress".to_owned(), last);
        context.target(user.dn.clone());
        context.tx.update_principal(&user)?;
        pass_thru(context, &user)?;
    }
    Ok(())
}

/// Plain values that Set-CsUser writes.
const SETTABLE: [(&str, &str); 9] = [
    ("enabled", "sipEnabled"),
    ("enterpriseVoiceEnabled", "enterpriseVoiceEnabled"),
    ("audioVideoDisabled", "audioVideoDisabled"),
    ("exchangeArchivingPolicy", "exchangeArchivingPolicy"),
    ("hostedVoiceMail", "hostedVoiceMail"),
    ("lineURI", "lineURI"),
    ("lineServerURI", "lineServerURI"),
    ("privateLine", "privateLine"),
    ("remoteCallControlTelephonyEnabled", "remoteCallControlTelephonyEnabled"),
];

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let users = enabled_targets(context)?;
    let parameters = context.parameters();
    if parameters.given("sipAddress") && users.len() > 1 {
        return Err(Problem::new("PC-E27", "SipAddress can be set for one user at a time."));
    }
    for mut user in users {
        if let Some(text) = parameters.text("sipAddress") {
            let sip = identity::sip_address(text)?;
            require_known_domain(context, &sip)?;
            require_free_address(context, &sip, user.id)?;
            user.body.insert("sipAddress".to_owned(), json!(sip));
        }
        for (parameter, field) in SETTABLE {
            if let Some(value) = parameters.get(parameter) {
                user.body.insert(field.to_owned(), value.clone());
            }
        }
        context.target(user.dn.clone());
        context.tx.update_principal(&user)?;
        pass_thru(context, &user)?;
    }
    Ok(())
}

/// Where users of the cloud are homed.
const CLOUD: &str = "sipfed.online.lync.com";

fn move_user(context: &mut Context<'_>) -> Result<(), Problem> {
    let users = match context.parameters().list("userList") {
        Some(names) if context.call.identity.is_none() => {
            let mut users = Vec::new();
            for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
                users.extend(enabled_users(context, name)?);
            }
            users
        }
        _ => enabled_targets(context)?,
    };
    let target = context.parameters().required("target")?;
    let to_cloud = target.eq_ignore_ascii_case(CLOUD) || context.parameters().switch("moveToTeams");
    let pool = if to_cloud { String::new() } else { context.registrar(target)? };
    for mut user in users {
        user.body.insert("registrarPool".to_owned(), if to_cloud { Value::Null } else { json!(pool) });
        if to_cloud {
            user.body.insert("hostingProvider".to_owned(), json!(CLOUD));
            context.warn(format!("'{}' loses Persistent Chat by moving to the cloud.", user.display_name()));
        }
        context.target(user.dn.clone());
        context.tx.update_principal(&user)?;
        pass_thru(context, &user)?;
    }
    Ok(())
}

fn get_pool_info(context: &mut Context<'_>) -> Result<(), Problem> {
    for user in context.find_users(context.identity()?)? {
        let deployment = context.deployment.clone();
        let Some((_, pool)) = deployment.topology.pool(user.text("registrarPool")) else {
            let message = format!("'{}' is not homed on a pool.", user.display_name());
            context.reply.problems.push(Problem::new("PC-E20", message).target(user.dn.as_str()));
            continue;
        };
        let machines = |name: &str| {
            let found = deployment.topology.pool(name);
            found
                .map(|(_, pool)| pool.computers.iter().map(|computer| computer.fqdn.clone()).collect::<Vec<_>>())
                .unwrap_or_default()
        };
        let (primary, backup) = (machines(&pool.fqdn), pool.backup_pool.as_deref().map(machines).unwrap_or_default());
        context.emit(json!({
            "identity": user.dn,
            "primaryPoolFqdn": pool.fqdn,
            "backupPoolFqdn": pool.backup_pool,
            "userServicesPoolFqdn": pool.fqdn,
            "primaryPoolMachinesInPreferredOrder": primary,
            "backupPoolMachinesInPreferredOrder": backup,
            "primaryPoolPrimaryRegistrar": primary.first(),
            "backupPoolPrimaryRegistrar": backup.first(),
        }));
    }
    Ok(())
}
