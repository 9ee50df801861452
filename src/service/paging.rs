//! Pages of listings: where a page begins, how many objects are still wanted, and the token of the next one.

use super::context::Context;
use crate::api::{Cursor, Problem};
use serde_json::Value;

/// Objects on a page when nobody says how many.
const DEFAULT_SIZE: usize = 500;
const LARGEST_SIZE: usize = 1000;

/// One page being filled.
pub(crate) struct Pager {
    /// The sort key of the last object before this page; empty at the start.
    pub(crate) after: String,
    size: usize,
    /// What `-ResultSize` still allows.
    remaining: Option<i64>,
    sent: usize,
    last: String,
    question: String,
}

impl Pager {
    /// Begins a page of the call's listing.
    pub(crate) fn new(context: &Context<'_>) -> Result<Self, Problem> {
        let call = context.call;
        let size = call.page_size.unwrap_or(DEFAULT_SIZE).clamp(1, LARGEST_SIZE);
        let parameters = Value::Object(call.parameters.0.clone());
        let question = format!("{} {} {parameters}", call.cmdlet(), call.identity.as_deref().unwrap_or_default());
        let limit = result_size(context)?;
        let (after, remaining) = match &call.cursor {
            None => (String::new(), limit),
            Some(token) => position(&Cursor::read(token, &question)?.after)?,
        };
        Ok(Pager { after, size, remaining, sent: 0, last: String::new(), question })
    }

    /// May another object be sent on this page?
    pub(crate) fn has_room(&self) -> bool {
        self.sent < self.size && !self.is_satisfied()
    }

    /// Objects to be read for the rest of this page, and the one that tells of a further page.
    pub(crate) fn wanted(&self) -> usize {
        self.size.saturating_sub(self.sent).saturating_add(1)
    }

    /// Has `-ResultSize` been reached?
    pub(crate) fn is_satisfied(&self) -> bool {
        self.remaining.is_some_and(|remaining| remaining <= 0)
    }

    /// Notes that the object with this key was sent.
    pub(crate) fn sent(&mut self, key: &str) {
        self.sent += 1;
        self.remaining = self.remaining.map(|remaining| remaining - 1);
        key.clone_into(&mut self.last);
    }

    /// The token of the page after this one, unless nothing more is wanted. To be asked for only when a further
    /// object is known, so that no listing ends with an empty page.
    pub(crate) fn next(&self) -> Option<String> {
        if self.is_satisfied() {
            return None;
        }
        let remaining = self.remaining.map_or_else(|| "-".to_owned(), |number| number.to_string());
        Some(Cursor { after: format!("{remaining} {}", self.last) }.token(&self.question))
    }
}

fn position(text: &str) -> Result<(String, Option<i64>), Problem> {
    let damaged = || Problem::new("PC-E25", "The page cursor is damaged; start again.");
    let (remaining, after) = text.split_once(' ').ok_or_else(damaged)?;
    let remaining = match remaining {
        "-" => None,
        number => Some(number.parse().map_err(|_| damaged())?),
    };
    Ok((after.to_owned(), remaining))
}

/// `-ResultSize`: a number from 0, or `Unlimited`.
fn result_size(context: &Context<'_>) -> Result<Option<i64>, Problem> {
    let parameters = context.parameters();
    if parameters.text("resultSize").is_some_and(|text| text.eq_ignore_ascii_case("unlimited")) {
        return Ok(None);
    }
    match parameters.integer("resultSize")? {
        Some(number) if !(0..=i64::from(i32::MAX)).contains(&number) => {
            Err(Problem::new("PC-E25", format!("ResultSize is {number}; it must be between 0 and {}.", i32::MAX)))
        }
        number => Ok(number),
    }
}
