//! Live identities for completion: what the service knows of a noun, asked within a time limit and kept for a while.

use super::source;
use super::state::Administration;
use crate::api::Call;
use crate::client::{Connection, ManagementClient};
use crate::runtime::Session;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How many identities completion asks for at once.
const LIMIT: usize = 200;
/// How long an answer serves.
const FRESH: Duration = Duration::from_secs(15);

/// Answers of a short while ago.
#[derive(Default)]
struct Recent(Vec<(String, Instant, Vec<String>)>);

/// Identities of a noun that begin with `prefix`, in any case. Gives up at the deadline with what is known by then.
pub fn identities(session: &mut Session, noun: &str, prefix: &str, limit: Duration) -> Vec<String> {
    let Some(noun) = source::noun(session, noun) else { return Vec::new() };
    if noun.cmdlet("Get").is_none() {
        return Vec::new();
    }
    let recent = &mut session.extension::<Recent>().0;
    recent.retain(|(_, when, _)| when.elapsed() < FRESH);
    let known = recent.iter().find(|(name, ..)| *name == noun.name).map(|(.., all)| all.clone());
    let all = known.unwrap_or_else(|| {
        let connection = Administration::of(session).connection();
        let asked = ask(connection, &noun.name, limit);
        if !asked.is_empty() {
            session.extension::<Recent>().0.push((noun.name.clone(), Instant::now(), asked.clone()));
        }
        asked
    });
    let lower = prefix.to_lowercase();
    let begins = |identity: &String| {
        let identity = identity.to_lowercase();
        identity.starts_with(&lower) || identity.rsplit('\\').next().is_some_and(|name| name.starts_with(&lower))
    };
    all.into_iter().filter(begins).collect()
}

/// Asks on a thread of its own, with a client of its own: an answer that comes late is dropped.
fn ask(connection: Connection, noun: &str, limit: Duration) -> Vec<String> {
    let (sender, receiver) = mpsc::channel();
    let call = Call { page_size: Some(LIMIT), ..Call::new("Get", noun) };
    let ask = move || {
        let reply = ManagementClient::new(connection).call(&call);
        let text = |item: &serde_json::Value| item.get("identity").and_then(|id| id.as_str()).map(str::to_owned);
        let found: Vec<String> = reply.map(|reply| reply.value.iter().filter_map(text).collect()).unwrap_or_default();
        // The shell may have stopped waiting; then nobody takes the answer.
        let _ = sender.send(found);
    };
    match std::thread::Builder::new().name("identities".to_owned()).spawn(ask) {
        Ok(_) => receiver.recv_timeout(limit).unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}
