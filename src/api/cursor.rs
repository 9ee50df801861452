//! Opaque page tokens: where the next page begins, bound to the question that the first page answered.

use super::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Longest token accepted.
const MAXIMUM_LENGTH: usize = 1024;
const VERSION: &str = "1";

/// The position after the last object of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The sort key of the last object sent.
    pub(crate) after: String,
}

impl Cursor {
    /// The token for this position within the given question (filter, order, caller).
    pub(crate) fn token(&self, question: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{VERSION}\n{}\n{}", fingerprint(question), self.after))
    }

    /// Reads a token back; a token of another question is refused.
    pub(crate) fn read(token: &str, question: &str) -> Result<Self, Problem> {
        let refused =
            || Problem::new("PC-E25", "The page cursor is damaged or belongs to another question; start again.");
        if token.len() > MAXIMUM_LENGTH {
            return Err(refused());
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| refused())?;
        let text = String::from_utf8(bytes).map_err(|_| refused())?;
        let mut lines = text.splitn(3, '\n');
        match (lines.next(), lines.next(), lines.next()) {
            (Some(VERSION), Some(mark), Some(after)) if mark == fingerprint(question) => {
                Ok(Cursor { after: after.to_owned() })
            }
            _ => Err(refused()),
        }
    }
}

fn fingerprint(question: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(question.as_bytes())[..9])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_question() {
        let token = Cursor { after: "pool\\room\n1".into() }.token("rooms?privacy=Open");
        assert_eq!(Cursor::read(&token, "rooms?privacy=Open").unwrap().after, "pool\\room\n1");
        assert!(Cursor::read(&token, "rooms?privacy=Secret").is_err());
        assert!(Cursor::read("%%%", "rooms").is_err());
    }
}
