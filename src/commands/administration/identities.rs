//! Live identities for completion: what the service knows of a noun, asked within a time limit and kept for a while.

use super::source;
use super::state::Administration;
use crate::api::Call;
use crate::catalogue::{Noun, Pattern};
use crate::client::{Connection, ManagementClient};
use crate::runtime::Session;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How many identities completion asks for at once.
const LIMIT: usize = 200;
/// How long an answer serves.
const FRESH: Duration = Duration::from_secs(15);

/// What was asked of a noun, and what came.
struct Asked {
    noun: String,
    filter: Option<String>,
    when: Instant,
    answer: Answer,
}

enum Answer {
    /// It is still under way.
    Awaited(Receiver<Vec<String>>),
    Known(Vec<String>),
}

/// Questions of a short while ago.
#[derive(Default)]
struct Recent(Vec<Asked>);

/// Identities of a noun that begin with `prefix`, in any case. Gives up at the deadline with what is known by then; an
/// answer that comes late serves the next time.
pub(crate) fn identities(session: &mut Session, noun: &str, prefix: &str, limit: Duration) -> Vec<String> {
    let Some(noun) = source::noun(session, noun) else { return Vec::new() };
    if noun.cmdlet("Get").is_none() {
        return Vec::new();
    }
    let filter = filter_of(&noun, prefix);
    let connection = Administration::of(session).connection();
    let recent = &mut session.extension::<Recent>().0;
    recent.retain(|asked| asked.when.elapsed() < FRESH);
    let place = recent.iter().position(|asked| asked.noun == noun.name && asked.filter == filter);
    let mut asked = match place {
        Some(place) => recent.swap_remove(place),
        None => match ask(connection, &noun.name, filter.clone()) {
            Some(answer) => Asked { noun: noun.name.clone(), filter, when: Instant::now(), answer },
            None => return Vec::new(),
        },
    };
    if let Answer::Awaited(receiver) = &asked.answer
        && let Ok(found) = receiver.recv_timeout(limit)
    {
        asked.answer = Answer::Known(found);
    }
    let all = match &asked.answer {
        Answer::Known(found) => found.clone(),
        Answer::Awaited(_) => Vec::new(),
    };
    recent.push(asked);
    let lower = prefix.to_lowercase();
    let begins = |identity: &String| {
        let identity = identity.to_lowercase();
        identity.starts_with(&lower) || identity.rsplit('\\').next().is_some_and(|name| name.starts_with(&lower))
    };
    all.into_iter().filter(begins).collect()
}

/// Content can be plenty: the service is asked for names that begin so, where its cmdlet can filter.
fn filter_of(noun: &Noun, prefix: &str) -> Option<String> {
    let filters = noun.cmdlet("Get").is_some_and(|cmdlet| cmdlet.parameter("Filter").is_some());
    let name = prefix.rsplit('\\').next().unwrap_or(prefix);
    let plain = !name.is_empty() && !name.contains(['*', '?', '"', '\'', '{', '}']);
    (filters && plain && noun.pattern == Pattern::Content).then(|| format!("{name}*"))
}

/// Asks on a thread of its own, with a client of its own.
fn ask(connection: Connection, noun: &str, filter: Option<String>) -> Option<Answer> {
    let (sender, receiver) = mpsc::channel();
    let mut call = Call { page_size: Some(LIMIT), ..Call::new("Get", noun) };
    if let Some(filter) = filter {
        call = call.with("filter", filter);
    }
    let ask = move || {
        let reply = ManagementClient::new(connection).call(&call);
        let text = |item: &serde_json::Value| item.get("identity").and_then(|id| id.as_str()).map(str::to_owned);
        let found: Vec<String> = reply.map(|reply| reply.value.iter().filter_map(text).collect()).unwrap_or_default();
        // The shell may have ended; then nobody takes the answer.
        let _ = sender.send(found);
    };
    let started = std::thread::Builder::new().name("identities".to_owned()).spawn(ask);
    started.is_ok().then_some(Answer::Awaited(receiver))
}
