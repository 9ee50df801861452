//! The prompt's side of completion: the engine that `TabExpansion2` asks, in the editor's terms. Directories end in `/`
//! here, so that the next key goes on inside.

use crate::commands::completion::{self, ResultType};
use crate::runtime::Session;
use std::cell::RefCell;
use std::rc::Rc;

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// What is shown in the list.
    pub(crate) shown: String,
    /// What is put in.
    pub(crate) text: String,
}

/// What proposes at a cursor: where the replaced stretch starts, and what can stand there.
pub(crate) type Proposer = Box<dyn FnMut(&str, usize) -> (usize, Vec<Candidate>)>;

/// Proposals of a session; none while it is at work.
pub(crate) fn proposer(session: Rc<RefCell<Session>>) -> Proposer {
    Box::new(move |text, cursor| match session.try_borrow_mut() {
        Ok(mut session) => propose(&mut session, text, cursor),
        Err(_) => (cursor, Vec::new()),
    })
}

/// Proposals at `cursor`, a byte offset.
pub(crate) fn propose(session: &mut Session, text: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let found = completion::complete(session, text, cursor);
    let candidate = |one: completion::CompletionResult| {
        let is_directory = one.kind == ResultType::ProviderContainer;
        Candidate { text: if is_directory { inside(&one.text) } else { one.text }, shown: one.shown }
    };
    (found.start, found.results.into_iter().map(candidate).collect())
}

/// A directory with a slash at its end, before a closing quote.
fn inside(text: &str) -> String {
    match text.strip_suffix(['\'', '"']) {
        Some(body) => format!("{body}/{}", text.get(body.len()..).unwrap_or("")),
        None => format!("{text}/"),
    }
}
