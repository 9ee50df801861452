//! Policies: which one is in force for a user, granting, and what removing one means.

use super::context::{Context, Handler};
use super::registry::Route;
use super::resources::users;
use super::settings;
use crate::api::Problem;
use crate::catalogue::{Noun, Pattern};
use crate::store::{Principal, Record};
use serde_json::{Map, Value, json};

/// Cmdlets about policies in general.
pub(crate) const ROUTES: &[Route] = &[("Get-CsEffectivePolicy", get_effective)];

/// The behaviour of a verb that only policies have.
pub(crate) fn handler(verb: &str, pattern: Pattern) -> Option<Handler> {
    (verb == "Grant" && pattern == Pattern::Policy).then_some(grant as Handler)
}

/// Policy kinds in the order in which users show them: property of the user, noun, name in an effective policy.
pub(crate) const KINDS: [(&str, &str, &str); 16] = [
    ("voicePolicy", "CsVoicePolicy", "voicePolicy"),
    ("voiceRoutingPolicy", "CsVoiceRoutingPolicy", "voiceRoutingPolicy"),
    ("conferencingPolicy", "CsConferencingPolicy", "conferencingPolicy"),
    ("presencePolicy", "CsPresencePolicy", "presencePolicy"),
    ("dialPlan", "CsDialPlan", "locationProfile"),
    ("locationPolicy", "CsLocationPolicy", "locationPolicy"),
    ("clientPolicy", "CsClientPolicy", "clientPolicy"),
    ("clientVersionPolicy", "CsClientVersionPolicy", "clientVersionPolicy"),
    ("archivingPolicy", "CsArchivingPolicy", "archivingPolicy"),
    ("pinPolicy", "CsPinPolicy", "pinPolicy"),
    ("externalAccessPolicy", "CsExternalAccessPolicy", "externalAccessPolicy"),
    ("mobilityPolicy", "CsMobilityPolicy", "mobilityPolicy"),
    ("persistentChatPolicy", "CsPersistentChatPolicy", "persistentChatPolicy"),
    ("userServicesPolicy", "CsUserServicesPolicy", "userServicesPolicy"),
    ("hostedVoicemailPolicy", "CsHostedVoicemailPolicy", "hostedVoicemailPolicy"),
    ("teamsUpgradePolicy", "CsTeamsUpgradePolicy", "teamsUpgradePolicy"),
];

/// The user's property that holds the granted tag of a policy noun.
fn grant_field(noun: &str) -> String {
    let listed = KINDS.iter().find(|(_, name, _)| *name == noun).map(|(field, _, _)| (*field).to_owned());
    listed.unwrap_or_else(|| crate::api::camel(noun.trim_start_matches("Cs")))
}

impl Context<'_> {
    /// The policy of a kind in force for a user: tag, then the service scope of its pool, then its site, then Global.
    pub(crate) fn effective_policy(&mut self, noun_name: &str, user: &Principal) -> Result<String, Problem> {
        let tag = user.text(&grant_field(noun_name)).to_owned();
        if !tag.is_empty() && self.tx.object_exists(noun_name, &format!("Tag:{tag}"))? {
            return Ok(format!("Tag:{tag}"));
        }
        let pool = user.text("registrarPool").to_owned();
        if let Some((site, found)) = self.deployment.clone().topology.pool(&pool) {
            let roles = match self.noun_named(noun_name) {
                Ok(noun) => settings::allowed_scopes(&noun).service_roles,
                Err(_) => Vec::new(),
            };
            let services = roles.iter().map(|role| format!("Service:{role}:{}", found.fqdn));
            for name in services.chain([format!("Site:{}", site.id)]) {
                if self.tx.object_exists(noun_name, &name)? {
                    return Ok(name);
                }
            }
        }
        Ok("Global".to_owned())
    }

    /// The whole policy in force for a user.
    pub(crate) fn effective_policy_object(&mut self, noun_name: &str, user: &Principal) -> Result<Record, Problem> {
        let name = self.effective_policy(noun_name, user)?;
        let noun = self.noun_named(noun_name)?;
        let found = self.setting(&noun, &name)?;
        found.ok_or_else(|| Problem::internal(format!("the policy '{name}' vanished")))
    }

    /// enabled(u): SIP-enabled, homed on premises, and allowed by policy.
    pub(crate) fn chat_enabled(&mut self, user: &Principal) -> Result<bool, Problem> {
        let able = user.kind == "user" && !user.deleted && user.sip().is_some();
        let on = user.body.get("sipEnabled") != Some(&json!(false));
        let homed = self.deployment.topology.pool(user.text("registrarPool")).is_some();
        if !(able && on && homed) {
            return Ok(false);
        }
        let policy = self.effective_policy_object("CsPersistentChatPolicy", user)?;
        Ok(policy.body.get("enablePersistentChat") == Some(&json!(true)))
    }
}

fn get_effective(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let users = context.find_users(context.identity()?)?;
    let limit = match context.parameters().text("resultSize") {
        Some(text) if text.eq_ignore_ascii_case("unlimited") => None,
        _ => context.parameters().integer("resultSize")?,
    };
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    for user in users.into_iter().take(limit) {
        let mut object = Map::new();
        object.insert("identity".to_owned(), json!(user.dn));
        for (_, noun, name) in KINDS {
            let policy = context.effective_policy(noun, &user)?;
            object.insert(name.to_owned(), json!(policy.strip_prefix("Tag:").unwrap_or(&policy)));
        }
        context.emit(Value::Object(object));
    }
    Ok(())
}

fn grant(context: &mut Context<'_>) -> Result<(), Problem> {
    context.check_domain_controller()?;
    let noun = context.noun()?;
    let parameters = context.parameters();
    if !parameters.given("policyName") {
        let message = "PolicyName is missing; give a policy, or $null to take the present one away.";
        return Err(Problem::new("PC-E27", message));
    }
    let users = context.find_users(context.identity()?)?;
    let policy = parameters.text("policyName").filter(|text| !text.is_empty());
    for user in users {
        grant_one(context, &noun, user, policy)?;
    }
    Ok(())
}

fn grant_one(context: &mut Context<'_>, noun: &Noun, mut user: Principal, policy: Option<&str>) -> Result<(), Problem> {
    if user.sip().is_none() {
        let message = format!("'{}' is not enabled for SIP; use Enable-CsUser first.", user.display_name());
        return Err(Problem::new("PC-E20", message));
    }
    context.require_user_scope(&user)?;
    let value = match policy {
        None => Value::Null,
        Some(name) => {
            let tag = name.get(..4).filter(|start| start.eq_ignore_ascii_case("tag:")).map_or(name, |_| &name[4..]);
            let missing = || Problem::new("PC-E44", format!("There is no per-user policy '{name}' to be granted."));
            let found = context.tx.object(&noun.name, &format!("Tag:{tag}"))?.ok_or_else(missing)?;
            json!(found.name.trim_start_matches("Tag:"))
        }
    };
    user.body.insert(grant_field(&noun.name), value);
    context.target(user.dn.clone());
    context.tx.update_principal(&user)?;
    if context.parameters().switch("passThru") {
        let shown = users::show_user(context, &user)?;
        context.emit(shown);
    }
    Ok(())
}

/// A tag policy that users hold goes only with consent; then they fall back.
pub(crate) fn before_removal(context: &mut Context<'_>, noun: &Noun, record: &Record) -> Result<(), Problem> {
    let Some(tag) = record.name.strip_prefix("Tag:").filter(|_| noun.pattern == Pattern::Policy) else { return Ok(()) };
    let field = grant_field(&noun.name);
    let holders = context.holders(&field, tag)?;
    if holders.is_empty() {
        return Ok(());
    }
    if !context.parameters().switch("force") && !context.call.what_if {
        let message = format!(
            "The policy '{tag}' is assigned to {} user(s); removing it needs consent or -Force.",
            holders.len()
        );
        return Err(Problem::new("PC-E42", message));
    }
    for mut user in holders {
        user.body.insert(field.clone(), Value::Null);
        context.tx.update_principal(&user)?;
    }
    Ok(())
}

impl Context<'_> {
    fn holders(&mut self, field: &str, tag: &str) -> Result<Vec<Principal>, Problem> {
        let mut holders = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.tx.principals("", &after, 1000)?;
            let Some(last) = page.last() else { return Ok(holders) };
            after = last.path();
            holders.extend(page.into_iter().filter(|user| user.text(field).eq_ignore_ascii_case(tag)));
        }
    }
}
