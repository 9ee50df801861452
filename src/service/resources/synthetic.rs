//! Synthetic transactions: tests that play clients and say where it fails, as a result rather than an error.

use super::super::access::ids;
use super::super::context::Context;
use super::super::identity;
use super::super::registry::Route;
use super::super::topology_model::REGISTRAR;
use super::super::values::show_time_span;
use super::content::{CATEGORY, ROOM};
use crate::api::Problem;
use crate::store::{Principal, Record};
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Test-CsPersistentChatMessage", test_message),
    ("Test-CsRegistration", test_users),
    ("Test-CsIM", test_users),
    ("Test-CsGroupIM", test_users),
    ("Test-CsPresence", test_users),
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

/// Registration, instant messages and presence: whether the users named could log on to the target.
fn test_users(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let parameters = context.parameters();
    let target = parameters.required("targetFqdn")?.to_owned();
    let mut outcome = reachable(context, &target)?;
    for name in
        ["userSipAddress", "senderSipAddress", "receiverSipAddress", "publisherSipAddress", "subscriberSipAddress"]
    {
        let Some(address) = parameters.text(name).filter(|_| outcome.is_ok()) else { continue };
        let sip = identity::sip_address(address)?;
        outcome = match context.tx.principal_by_sip(&sip)? {
            Some(user) if user.text("registrarPool").eq_ignore_ascii_case(&target) => Ok(()),
            Some(user) => {
                failure("The user was redirected.", format!("{sip} is homed on '{}'.", user.text("registrarPool")))?
            }
            None => failure("404 Not Found", format!("{sip} belongs to no enabled user."))?,
        };
    }
    let output = match outcome {
        Ok(()) => task_output(&target, 0, None, ""),
        Err(failure) => task_output(&target, 0, Some(&failure.error), &failure.diagnosis),
    };
    context.emit(output);
    Ok(())
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
