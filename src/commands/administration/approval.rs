//! `-WhatIf` and `-Confirm`: the service runs every check first, so that a rehearsal tells the truth and nobody is
//! asked about what would fail.

use super::cmdlet::{report, tell};
use super::state::client;
use crate::api::{Call, Page, Problem};
use crate::client::ManagementClient;
use crate::runtime::{ConfirmImpact, Invocation, Symbol};
use crate::value::{Outcome, Value};
use serde_json::Value as Json;

/// True where the call is to be made. With `-WhatIf` or where a question is due, the checks run first.
pub(super) fn approve(call: &Call, run: &mut Invocation<'_>) -> Outcome<bool> {
    let rehearsing = is_rehearsal(run);
    if !rehearsing && !asks(run) {
        return Ok(true);
    }
    let rehearsal = Call { what_if: true, idempotency_key: None, ..call.clone() };
    let reply = match client(run).call(&rehearsal) {
        Ok(reply) => reply,
        Err(problem) => return report(run, &problem).map(|()| false),
    };
    if rehearsing {
        tell(&reply, run)?;
    }
    let targets = if reply.targets.is_empty() { vec![default_target(call)] } else { reply.targets };
    let cmdlet = run.spec.name;
    let mut approved = true;
    for target in &targets {
        approved &= run.should_process(target, cmdlet)?;
    }
    reply.problems.iter().try_for_each(|problem| report(run, problem))?;
    Ok(approved && !rehearsing)
}

fn default_target(call: &Call) -> String {
    let name = || call.parameters.text("name").or_else(|| call.parameters.text("sipAddress")).map(str::to_owned);
    let of_instance = || {
        let instance = call.parameters.get("instance").and_then(Json::as_object)?;
        instance.get("identity").and_then(Json::as_str).map(str::to_owned)
    };
    call.identity.clone().or_else(of_instance).or_else(name).unwrap_or_else(|| call.noun.clone())
}

fn is_rehearsal(run: &Invocation<'_>) -> bool {
    let given = run.context.common.borrow().what_if;
    given.unwrap_or_else(|| run.session.variable(Symbol::new("WhatIfPreference")).is_some_and(|v| is_true(&v)))
}

fn asks(run: &Invocation<'_>) -> bool {
    let given = run.context.common.borrow().confirm;
    given.unwrap_or_else(|| run.spec.impact >= preferred_impact(run))
}

/// `$ConfirmPreference`; High where it is not set.
fn preferred_impact(run: &Invocation<'_>) -> ConfirmImpact {
    const NAMES: [(&str, ConfirmImpact); 3] =
        [("Low", ConfirmImpact::Low), ("Medium", ConfirmImpact::Medium), ("High", ConfirmImpact::High)];
    let preference = run.session.variable(Symbol::new("ConfirmPreference"));
    let text = match &preference {
        Some(Value::Enum(value)) => value.kind.enum_text(value.bits).into_owned(),
        Some(other) => super::argument::text(other),
        None => String::new(),
    };
    // `None` switches all questions off: no declared impact is above High.
    if text.eq_ignore_ascii_case("None") {
        return ConfirmImpact::High;
    }
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text)).map_or(ConfirmImpact::High, |row| row.1)
}

fn is_true(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || matches!(value, Value::I32(number) if *number != 0)
}

/// A policy in use is removed after a question; where nobody can answer, the problem stays.
pub(super) fn force_after_question(
    client: &ManagementClient,
    call: &Call,
    problem: Problem,
    run: &mut Invocation<'_>,
) -> Outcome<Page> {
    if problem.id != "PC-E42" || !run.session.host.is_interactive() {
        return Ok(Err(problem));
    }
    let question = format!("{}\nGo on all the same? [Y] Yes  [N] No (default is \"N\"): ", problem.detail);
    let answer = run.session.host.read_line(&question).unwrap_or_default();
    if !answer.trim().to_ascii_lowercase().starts_with('y') {
        return Ok(Err(problem));
    }
    Ok(client.call(&call.clone().with("force", true)))
}
