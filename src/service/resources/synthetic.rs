//! Synthetic transactions: tests that play clients and say where it fails, as a result rather than an error.

use super::super::access::ids;
use super::super::context::Context;
use super::super::identity;
use super::super::registry::Route;
use super::super::topology_model::REGISTRAR;
use super::super::values::show_time_span;
use super::content::{CATEGORY, ROOM};
use super::{archived_messages, pool_availability};
use crate::api::Problem;
use crate::store::{Principal, Record};
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Test-CsPersistentChatMessage", test_message),
    ("Test-CsRegistration", test_users),
    ("Test-CsIM", test_users),
    ("Test-CsGroupIM", test_users),
    ("Test-CsPresence", test_users),
    ("Test-CsXmppIM", test_xmpp),
    ("Test-CsFederatedPartner", test_partner),
];

const SYNTHETIC: &str = "SyntheticTransactions";

/// A test's outcome.
pub(crate) fn task_output(target: &str, latency: i64, error: Option<&str>, diagnosis: &str) -> Value {
    json!({
        "targetFqdn": target,
        "result": if error.is_none() { "Success" } else { "Failure" },
        "latency": show_time_span(latency),
        "error": error.unwrap_or_default(),
        "diagnosis": diagnosis,
    })
}

/// Why a test ended: what went wrong, and what it points to.
struct Failure {
    error: String,
    diagnosis: String,
}

fn failure<T>(error: impl Into<String>, diagnosis: impl Into<String>) -> Result<Result<T, Failure>, Problem> {
    Ok(Err(Failure { error: error.into(), diagnosis: diagnosis.into() }))
}

macro_rules! step {
    ($step:expr) => {
        match $step? {
            Ok(value) => value,
            Err(failure) => return Ok(Err(failure)),
        }
    };
}

fn test_message(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    context.require_topology()?;
    if parameters.boolean("setup")? == Some(true) {
        return set_up(context);
    }
    let target = parameters.text("targetFqdn").map(str::to_owned);
    let mut log = Vec::new();
    let result = exchange(context, &mut log)?;
    let target = target.unwrap_or_default();
    let mut output = match result {
        Ok(latency) => task_output(&target, latency, None, ""),
        Err(failure) => task_output(&target, 0, Some(&failure.error), &failure.diagnosis),
    };
    output["log"] = json!(log);
    context.target(target);
    context.emit(output);
    Ok(())
}

/// The steps of the exchange, in order; each may end the test.
fn exchange(context: &mut Context<'_>, log: &mut Vec<String>) -> Result<Result<i64, Failure>, Problem> {
    let parameters = context.parameters();
    let started = std::time::Instant::now();
    let sender = step!(test_user(context, "sender"));
    let receiver = step!(test_user(context, "receiver"));
    let target = match parameters.text("targetFqdn") {
        Some(target) => target.to_owned(),
        None => sender.text("registrarPool").to_owned(),
    };
    step!(reachable(context, &target));
    log.push(format!("The pool {target} answers."));
    for user in [&sender, &receiver] {
        step!(admitted(context, user, &target));
        log.push(format!("{} logged on.", user.display_name()));
    }
    let room = step!(chosen_room(context, &sender, &receiver));
    for user in [&sender, &receiver] {
        if !context.can_join(&room, user)? {
            return failure(
                "The room cannot be joined.",
                format!(
                    "{} is not a member of the room '{}', or the room is disabled.",
                    user.display_name(),
                    room.name
                ),
            );
        }
    }
    for user in [&sender, &receiver] {
        context.happening(&room, user, "JOIN")?;
        log.push(format!("{} entered {}.", user.display_name(), room.name));
    }
    for (user, text) in [(&sender, "Synthetic transaction: message 1"), (&receiver, "Synthetic transaction: message 2")]
    {
        if !context.can_post(&room, user)? {
            return failure(
                "A message was refused.",
                format!("{} is not a presenter of the auditorium '{}'.", user.display_name(), room.name),
            );
        }
        context.post(&room, user, text, context.now)?;
        log.push(format!("{} sent a message.", user.display_name()));
    }
    for user in [&sender, &receiver] {
        context.happening(&room, user, "PART")?;
        log.push(format!("{} left and logged off.", user.display_name()));
    }
    Ok(Ok(i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)))
}

/// The test's sender or receiver: named by address, or one of the health-monitoring accounts.
fn test_user(context: &mut Context<'_>, who: &str) -> Result<Result<Principal, Failure>, Problem> {
    let parameters = context.parameters();
    let number = if who == "sender" { "testUser1SipAddress" } else { "testUser2SipAddress" };
    let given = parameters.text(&format!("{who}SipAddress")).or(parameters.text(number)).map(str::to_owned);
    let address = match given {
        Some(address) => address,
        None => {
            let kept = context.tx.meta(&format!("synthetic:{who}"))?;
            match kept {
                Some(address) => address,
                None => {
                    return failure(
                        format!("No {who} is known."),
                        "Name the accounts, or set health-monitoring accounts up with -Setup.",
                    );
                }
            }
        }
    };
    let sip = identity::sip_address(&address)?;
    let Some(user) = context.tx.principal_by_sip(&sip)?.filter(|user| user.kind == "user") else {
        return failure(
            format!("The account {sip} does not exist."),
            "404 Not Found: the address belongs to no enabled user.",
        );
    };
    if user.body.get("sipEnabled") == Some(&json!(false)) {
        return failure(
            format!("The account {sip} is disabled."),
            "403 Forbidden: logging on over SIP is switched off for it.",
        );
    }
    let credential =
        parameters.get(&format!("{who}Credential")).and_then(|value| value.get("userName")).and_then(Value::as_str);
    if let Some(name) = credential.filter(|name| !is_account(&user, name)) {
        return failure(
            format!("The credential {name} is not that of {sip}."),
            "401 Unauthorized: name and address belong to different accounts.",
        );
    }
    Ok(Ok(user))
}

fn is_account(user: &Principal, name: &str) -> bool {
    let bare = name.rsplit('\\').next().unwrap_or(name);
    let same = |field: &str| user.text(field).eq_ignore_ascii_case(bare);
    let sip = user.sip().map_or("", |sip| sip.trim_start_matches("sip:"));
    same("samAccountName") || same("userPrincipalName") || sip.eq_ignore_ascii_case(bare)
}

fn reachable(context: &Context<'_>, target: &str) -> Result<Result<(), Failure>, Problem> {
    let deployment = &context.deployment;
    let pool = deployment.topology.pool(target).filter(|(_, pool)| pool.service(REGISTRAR).is_some());
    let Some((_, pool)) = pool else {
        return failure(
            "10060: no answer from the pool.",
            format!("'{target}' is not a registrar pool of the topology, or its name does not resolve."),
        );
    };
    if !pool.computers.iter().any(|computer| deployment.is_running(&computer.fqdn, "RTCSRV")) {
        return failure("10060: no answer from the pool.", format!("RTCSRV runs on no server of '{target}'."));
    }
    Ok(Ok(()))
}

fn admitted(context: &mut Context<'_>, user: &Principal, target: &str) -> Result<Result<(), Failure>, Problem> {
    let name = user.display_name();
    if !user.text("registrarPool").eq_ignore_ascii_case(target) {
        return failure(
            "The user was redirected.",
            format!("{name} is homed on '{}', not on '{target}'.", user.text("registrarPool")),
        );
    }
    if !context.chat_enabled(user)? {
        let policy = context.effective_policy("CsPersistentChatPolicy", user)?;
        let diagnosis = format!(
            "The effective policy of {name}, '{policy}' (CsPersistentChatPolicy), does not enable Persistent Chat."
        );
        return failure("The user may not use Persistent Chat.", diagnosis);
    }
    Ok(Ok(()))
}

fn chosen_room(
    context: &mut Context<'_>,
    sender: &Principal,
    receiver: &Principal,
) -> Result<Result<Record, Failure>, Problem> {
    if context.tx.count_objects(ROOM)? == 0 {
        return failure(
            "There is no room.",
            "No chat room exists; make one with New-CsPersistentChatRoom or use -Setup.",
        );
    }
    if let Some(uri) = context.parameters().text("chatRoomUri") {
        return match context.room_by_uri(uri) {
            Ok(room) => Ok(Ok(room)),
            Err(problem) => failure("The room was not found.", problem.detail),
        };
    }
    let mut after = String::new();
    let mut first = None;
    loop {
        let rooms = context.tx.objects(ROOM, "", &after, 200)?;
        let Some(last) = rooms.last() else { break };
        after.clone_from(&last.key);
        for room in rooms {
            let both = context.can_post(&room, sender)? && context.can_post(&room, receiver)?;
            if both && room.name.ends_with(&format!("\\{SYNTHETIC}Room")) {
                return Ok(Ok(room));
            }
            if both && first.is_none() {
                first = Some(room);
            }
        }
    }
    match first {
        Some(room) => Ok(Ok(room)),
        None => failure("There is no common room.", "The two users have no room in which both may post."),
    }
}

/// Makes the category and the room that tests use, and gives the two accounts access.
fn set_up(context: &mut Context<'_>) -> Result<(), Problem> {
    let allowed = context.caller.holds("CsAdministrator") || context.caller.holds("CsPersistentChatAdministrator");
    if !allowed {
        let message = "Setting the test up needs CsPersistentChatAdministrator.";
        return Err(Problem::new("PC-E07", message).terminating());
    }
    let parameters = context.parameters();
    let (Some(first), Some(second)) = (parameters.text("testUser1SipAddress"), parameters.text("testUser2SipAddress"))
    else {
        return Err(Problem::new("PC-E27", "Setup needs TestUser1SipAddress and TestUser2SipAddress."));
    };
    let users = [context.resolve_principal(first, false)?, context.resolve_principal(second, false)?];
    let pool = context.chat_pool_name(None)?;
    context.require_usable(&pool)?;
    let members: Vec<i64> = users.iter().map(|user| user.id).collect();
    let domain = context.deployment.topology.default_sip_domain().to_owned();
    let identity = format!("{pool}\\{SYNTHETIC}");
    let mut category = match context.tx.object(CATEGORY, &identity)? {
        Some(category) => category,
        None => {
            let body = json!({
                "categoryUri": format!("ma-cat://{domain}/{}", context.new_guid()), "description": "Synthetic transactions",
                "invites": false, "fileUpload": false, "chatHistory": true,
                "allowedMembers": [], "deniedMembers": [], "creators": [],
            });
            let mut category = Record::of(CATEGORY, identity.as_str(), &body)?;
            context.tx.insert(&mut category)?;
            category
        }
    };
    let mut allowed = ids(&category.body, "allowedMembers");
    allowed.extend(members.iter().filter(|id| !allowed.contains(id)).copied().collect::<Vec<_>>());
    category.body.insert("allowedMembers".to_owned(), json!(allowed));
    context.tx.update(&mut category)?;
    let name = format!("{pool}\\{SYNTHETIC}Room");
    if context.tx.object(ROOM, &name)?.is_none() {
        let body = json!({
            "chatRoomUri": format!("ma-chan://{domain}/{}", context.new_guid()), "description": "", "addin": null, "disabled": false,
            "invitations": "False", "privacy": "Closed", "type": "Normal", "managers": [], "members": members, "presenters": [],
        });
        context.tx.insert(&mut Record::of(ROOM, name.as_str(), &body)?.inside(category.id))?;
    }
    for (who, user) in ["sender", "receiver"].iter().zip(&users) {
        context.tx.set_meta(&format!("synthetic:{who}"), user.sip().unwrap_or_default())?;
    }
    context.target(name);
    let output = task_output(parameters.text("targetFqdn").unwrap_or(&pool), 0, None, "");
    context.emit(output);
    Ok(())
}

/// Accounts that tests name: the parameter's beginning, before `SipAddress` and `Credential`.
const ROLES_OF_USERS: [&str; 5] = ["user", "sender", "receiver", "publisher", "subscriber"];

/// Registration, instant messages and presence: whether the users named could log on to the target. Messages are
/// archived as the settings want it.
fn test_users(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let target = context.parameters().text("targetFqdn").map(str::to_owned);
    let mut users = Vec::new();
    let outcome = log_on_all(context, target.as_deref(), &mut users)?;
    if let (Ok(()), [sender, receiver], true) = (&outcome, users.as_slice(), context.call.noun.ends_with("IM")) {
        for (from, to) in [(sender, receiver), (receiver, sender)] {
            archived_messages::archive(context, from, to, "Synthetic transaction")?;
        }
    }
    let target = target.or_else(|| users.first().map(|user| user.text("registrarPool").to_owned())).unwrap_or_default();
    let output = match outcome {
        Ok(()) => task_output(&target, 0, None, ""),
        Err(failure) => task_output(&target, 0, Some(&failure.error), &failure.diagnosis),
    };
    context.emit(output);
    Ok(())
}

fn log_on_all(
    context: &mut Context<'_>,
    target: Option<&str>,
    users: &mut Vec<Principal>,
) -> Result<Result<(), Failure>, Problem> {
    if let Some(target) = target {
        let serving = pool_availability::serving(context, target)?;
        step!(reachable(context, &serving));
    }
    for who in ROLES_OF_USERS {
        if context.parameters().text(&format!("{who}SipAddress")).is_none() {
            continue;
        }
        let user = step!(test_user(context, who));
        let home = user.text("registrarPool");
        if target.is_some_and(|target| !home.eq_ignore_ascii_case(target)) {
            return failure("The user was redirected.", format!("{} is homed on '{home}'.", user.display_name()));
        }
        if target.is_none() {
            let serving = pool_availability::serving(context, home)?;
            step!(reachable(context, &serving));
        }
        users.push(user);
    }
    Ok(Ok(()))
}

/// Whether a user could talk to an XMPP address: partner, policy, route.
fn test_xmpp(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let target = context.parameters().text("targetFqdn").unwrap_or_default().to_owned();
    let outcome = reach_xmpp(context, &target)?;
    let output = match outcome {
        Ok(()) => task_output(&target, 0, None, ""),
        Err(failure) => task_output(&target, 0, Some(&failure.error), &failure.diagnosis),
    };
    context.emit(output);
    Ok(())
}

fn reach_xmpp(context: &mut Context<'_>, target: &str) -> Result<Result<(), Failure>, Problem> {
    let mut users = Vec::new();
    step!(log_on_all(context, Some(target).filter(|name| !name.is_empty()), &mut users));
    let receiver = context.parameters().required("receiver")?.to_owned();
    let domain = receiver.rsplit('@').next().unwrap_or(&receiver).to_lowercase();
    if context.tx.object("CsXmppAllowedPartner", &domain)?.is_none() {
        return failure("The partner is unknown.", format!("'{domain}' is not an allowed XMPP partner."));
    }
    if let Some(user) = users.first() {
        let policy = context.effective_policy_object("CsExternalAccessPolicy", user)?;
        if policy.body.get("enableXmppAccess") != Some(&json!(true)) {
            let diagnosis = format!("The policy '{}' does not allow XMPP (EnableXmppAccess).", policy.name);
            return failure("The user may not talk to XMPP partners.", diagnosis);
        }
    }
    let routed = context.deployment.topology.sites.iter().any(|site| site.xmpp_federation_route.is_some());
    match routed {
        true => Ok(Ok(())),
        false => failure("There is no way out.", "No site has an XMPP federation route."),
    }
}

/// Whether a partner domain could be reached: Edge, route, switches, lists.
fn test_partner(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let parameters = context.parameters();
    let (edge, domain) = (parameters.required("targetFqdn")?.to_owned(), parameters.required("domain")?.to_owned());
    let deployment = context.deployment.clone();
    let mut missing = Vec::new();
    if deployment.topology.pool(&edge).is_none_or(|(_, pool)| pool.service("EdgeServer").is_none()) {
        missing.push(format!("'{edge}' is not an Edge server of the topology"));
    }
    if deployment.topology.sites.iter().all(|site| site.federation_route.is_none()) {
        missing.push("no site has a federation route".to_owned());
    }
    let noun = context.noun_named("CsAccessEdgeConfiguration")?;
    let organisation = context.setting(&noun, "Global")?;
    let on = |name: &str| organisation.as_ref().is_some_and(|record| record.body.get(name) == Some(&json!(true)));
    if !on("allowFederatedUsers") {
        missing.push("federation is switched off for the organisation".to_owned());
    }
    if context.tx.object_exists("CsBlockedDomain", &domain)? {
        missing.push(format!("the domain '{domain}' is blocked"));
    } else if !on("enablePartnerDiscovery") && !context.tx.object_exists("CsAllowedDomain", &domain)? {
        missing.push(format!("domain not allowed: '{domain}'"));
    }
    let diagnosis = missing.join("; ");
    let output = task_output(&edge, 0, missing.first().map(String::as_str), &diagnosis);
    context.emit(output);
    Ok(())
}
