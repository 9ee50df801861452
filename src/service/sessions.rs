//! Logging on with a name and a password: hashes are argon2's, failures slow the next attempt down and are audited.

use super::authentication::Peer;
use super::tokens::TokenWish;
use super::{Service, execute::Request};
use crate::api::{Page, Problem, Reply};
use crate::store::Change;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::RngCore;
use serde_json::json;

/// The noun of log-ons; the one call that needs no token.
pub(crate) const SESSION: &str = "CsSession";

/// Failures in a row that are free; every further one doubles the wait.
const FREE_FAILURES: i64 = 3;
const FIRST_WAIT: i64 = 1_000;
const LONGEST_WAIT: i64 = 15 * 60_000;
const SHORTEST_PASSWORD: usize = 12;
const SESSION_DAYS: i64 = 1;

impl Service {
    /// Sets the password of a user of the directory.
    pub fn set_password(&self, name: &str, password: &str) -> Result<(), Problem> {
        if password.chars().count() < SHORTEST_PASSWORD {
            return Err(Problem::new(
                "PC-E25",
                format!("The password is too short; {SHORTEST_PASSWORD} characters are needed."),
            ));
        }
        let mut random = [0_u8; 16];
        rand::rng().fill_bytes(&mut random);
        let salt = SaltString::encode_b64(&random).map_err(Problem::internal)?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(Problem::internal)?.to_string();
        let name = name.to_lowercase();
        self.store.write(self.own_origin("account set"), |tx| {
            if tx.principal_by_sam(&name)?.is_none() {
                return Err(Problem::new("PC-E20", format!("There is no account '{name}'.")));
            }
            tx.set_account(&name, &hash, 0, 0)?;
            tx.audit(&Change { action: "Password", kind: "Account", target: &name, before: None, after: None })
        })
    }

    /// Exchanges a name and a password for a token of one day.
    pub fn log_on(&self, request: &Request, peer: Option<&Peer>) -> Page {
        if let Some(peer) = peer {
            self.guard.may_try(peer.address)?;
        }
        let parameters = &request.call.parameters;
        let name = parameters.required("userName")?.rsplit('\\').next().unwrap_or_default();
        let name = name.split('@').next().unwrap_or_default().to_lowercase();
        let password = parameters.text("password").unwrap_or_default();
        let now = self.world.now();
        let refused = || Problem::new("PC-E09", "The name or the password is wrong.").terminating();
        let account = self.store.read(|tx| tx.account(&name))?;
        // An unknown name takes as long as a wrong password, so that names cannot be told apart.
        let (hash, failures, locked) = account.clone().unwrap_or_else(|| (DUMMY.to_owned(), 0, 0));
        // A lock that ends later than any lock can was set before the clock was turned back.
        if locked > now && locked <= now + LONGEST_WAIT {
            let seconds = (locked - now + 999) / 1000;
            let message = format!("Too many failed log-ons; wait {seconds} seconds.");
            let seconds = u64::try_from(seconds).unwrap_or(1);
            return Err(Problem::new("PC-E98", message).retry_after(seconds).terminating());
        }
        let good = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        if !good || account.is_none() {
            self.note_failure(&name, account.map(|_| (hash, failures)), now)?;
            if let Some(peer) = peer {
                self.guard.count_failure(peer.address);
            }
            return Err(refused());
        }
        if failures > 0 {
            self.store.write(self.own_origin("log-on"), |tx| tx.set_account(&name, &hash, 0, 0))?;
        }
        let wish = TokenWish { actor: Some(name), label: "log-on".to_owned(), read_only: false, days: SESSION_DAYS };
        let (id, token) = self.create_token(&wish)?;
        Ok(Reply::object(json!({ "identity": id.to_string(), "token": token })))
    }

    fn note_failure(&self, name: &str, account: Option<(String, i64)>, now: i64) -> Result<(), Problem> {
        self.store.write(self.own_origin("log-on"), |tx| {
            if let Some((hash, failures)) = &account {
                let failures = failures + 1;
                let over = u32::try_from((failures - FREE_FAILURES).clamp(0, 20)).unwrap_or(0);
                let wait = if over == 0 { 0 } else { (FIRST_WAIT << over).min(LONGEST_WAIT) };
                tx.set_account(name, hash, failures, now + wait)?;
            }
            tx.audit(&Change { action: "LogOnFailed", kind: "Account", target: name, before: None, after: None })
        })
    }
}

/// A hash that no password has.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$rd6xaNyN7wBVZ6nGTnEPh2nHnUq6KzDRkUdTHvL8r2E";
