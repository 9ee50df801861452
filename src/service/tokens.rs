//! Bearer tokens: random, shown once, kept as hashes; with an expiry, revocable, possibly read-only.

use super::authentication::Identified;
use super::caller::CallerId;
use super::{Service, execute::Request};
use crate::api::{Call, Problem, hex};
use crate::store::{Change, Origin, RESTORED, State, Token};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The label of tokens that a log-on with a password gave.
pub(super) const LOG_ON: &str = "log-on";

/// What precedes every token, so that leaked ones can be searched for.
const PREFIX: &str = "pcsh_";

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// What a new token is to be.
pub struct TokenWish {
    /// SAM name of the user it stands for; none is the local operator.
    pub actor: Option<String>,
    pub label: String,
    pub read_only: bool,
    pub days: i64,
}

impl Token {
    /// Whom it stands for.
    fn caller(&self, now: i64) -> Result<CallerId, Problem> {
        self.require_valid(now, "token")?;
        Ok(CallerId { actor: self.actor.clone(), read_only: self.read_only, local: false })
    }

    /// PC-E09 where it was revoked or has expired.
    pub(super) fn require_valid(&self, now: i64, what: &str) -> Result<(), Problem> {
        let reason = match self.revoked {
            Some(_) => "was revoked".to_owned(),
            None if self.expires <= now => format!("has expired at {}", super::values::iso(self.expires)),
            None => return Ok(()),
        };
        Err(Problem::new("PC-E09", format!("The {what} {reason}; ask for a new one.")).terminating())
    }
}

/// Tokens seen a moment ago. Another service over the same store may have revoked one since: it is believed no longer
/// than [`BELIEVED`].
#[derive(Default)]
pub(super) struct KnownTokens(Mutex<HashMap<String, Known>>);

/// A token, when it was read, and after which state of the store had been seen.
#[derive(Clone)]
struct Known {
    at: Instant,
    state: Option<State>,
    token: Token,
}

/// How long a token is believed without a look at the store.
const BELIEVED: Duration = Duration::from_secs(1);
/// Tokens remembered.
const MOST_KNOWN: usize = 10_000;

impl KnownTokens {
    fn get(&self, hash: &str) -> Option<Token> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|known| known.at.elapsed() < BELIEVED).map(|known| known.token.clone())
    }

    /// Was a token good lately? Whoever holds it does not guess.
    pub(crate) fn is_familiar(&self, text: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&hash(text))
    }

    /// The token as it was in a state of the store, however long ago it was read.
    fn get_in(&self, state: &State, hash: &str) -> Option<Token> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|known| known.state.as_ref() == Some(state)).map(|known| known.token.clone())
    }

    fn keep(&self, hash: String, token: Token, state: Option<State>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.retain(|_, known| known.at.elapsed() < BELIEVED);
        }
        known.insert(hash, Known { at: Instant::now(), state, token });
    }

    /// After a change of tokens by this service.
    fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Service {
    /// Makes a token. The text is given out here and nowhere else.
    pub fn create_token(&self, wish: &TokenWish) -> Result<(i64, String), Problem> {
        let mut secret = Zeroizing::new([0_u8; 32]);
        rand::rng().fill_bytes(secret.as_mut_slice());
        let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret.as_slice()));
        let now = self.world.now();
        let token = Token {
            id: 0,
            actor: wish.actor.clone(),
            label: wish.label.clone(),
            read_only: wish.read_only,
            created: now,
            expires: now.saturating_add(wish.days.saturating_mul(86_400_000)),
            revoked: None,
        };
        let id = self.store.write(self.own_origin("token create"), |tx| {
            if let Some(actor) = &wish.actor
                && tx.principal_by_sam(actor)?.is_none()
            {
                return Err(Problem::new("PC-E20", format!("There is no account '{actor}'.")));
            }
            let id = tx.insert_token(&hash(&text), &token)?;
            let after = json!({ "actor": wish.actor, "label": wish.label, "readOnly": wish.read_only }).to_string();
            tx.audit(&Change {
                action: "Created",
                kind: "Token",
                target: &id.to_string(),
                before: None,
                after: Some(&after),
            })?;
            Ok(id)
        })?;
        Ok((id, text))
    }

    /// Ends a token's life.
    pub fn revoke_token(&self, id: i64) -> Result<(), Problem> {
        let now = self.world.now();
        let revoked = self.store.write(self.own_origin("token revoke"), |tx| {
            if !tx.revoke_token(id, now)? {
                return Err(Problem::new("PC-E21", format!("There is no living token {id}.")));
            }
            tx.audit(&Change { action: "Revoked", kind: "Token", target: &id.to_string(), before: None, after: None })
        });
        self.known_tokens.forget();
        revoked
    }

    pub(super) fn identify_by_token(&self, text: Option<&str>) -> Result<Identified, Problem> {
        let token = self.valid_token(text)?;
        let kind = if token.label == LOG_ON { "Password" } else { "Token" };
        let expires = Some(token.expires);
        Ok(Identified { caller: token.caller(self.world.now())?, kind, expires })
    }

    fn valid_token(&self, text: Option<&str>) -> Result<Token, Problem> {
        let refused = |reason: &str| Problem::new("PC-E09", reason.to_owned()).terminating();
        let text =
            text.ok_or_else(|| refused("A bearer token is needed; make one with 'pcsh service token create'."))?;
        let now = self.world.now();
        let hash = hash(text);
        if let Some(token) = self.known_tokens.get(&hash) {
            token.require_valid(now, "token")?;
            return Ok(token);
        }
        let found = self.store.read(|tx| match tx.token(&hash)? {
            Some(token) => Ok(token),
            None => Err(match tx.meta(RESTORED)? {
                Some(when) => refused(&format!(
                    "The token is not known to this service. Its store was restored from a backup ({when}): tokens made \
                     after that backup are gone; make a new one with 'pcsh service token create'."
                )),
                None => refused("The token is not known to this service; make one with 'pcsh service token create'."),
            }),
        })?;
        found.require_valid(now, "token")?;
        self.known_tokens.keep(hash, found.clone(), None);
        Ok(found)
    }

    /// When a token expires that is valid in a state of the store, which was seen before this call.
    pub(super) fn expiry_in(&self, state: &State, text: &str) -> Result<i64, Problem> {
        let hash = hash(text);
        if let Some(token) = self.known_tokens.get_in(state, &hash) {
            return Ok(token.expires);
        }
        let found = self.store.read(|tx| tx.token(&hash))?;
        let token = found.ok_or_else(|| Problem::new("PC-E09", "The token is not known to this service."))?;
        token.require_valid(self.world.now(), "token")?;
        let expires = token.expires;
        self.known_tokens.keep(hash, token, Some(state.clone()));
        Ok(expires)
    }

    pub(super) fn own_origin(&self, what: &str) -> Origin {
        Origin {
            actor: super::OPERATOR.to_owned(),
            cmdlet: what.to_owned(),
            request: self.new_guid(),
            now: self.world.now(),
        }
    }

    /// A call of the local operator, for the service's own sub-commands.
    pub(crate) fn operate(&self, call: Call) -> crate::api::Page {
        let caller = CallerId { local: true, ..CallerId::default() };
        self.execute(&Request { call, caller, id: self.new_guid() })
    }
}
