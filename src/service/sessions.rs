//! Logging on with a name and a password: hashes are argon2's, failures slow the next attempt down and are audited.

use super::authentication::Peer;
use super::limits::wait_after;
use super::tokens::{LOG_ON, TokenWish};
use super::{Service, execute::Request};
use crate::api::{Page, Problem, Reply};
use crate::store::{Change, Transaction};
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::RngCore;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;
use zeroize::Zeroizing;

/// The noun of log-ons; the one call that needs no token.
pub(crate) const SESSION: &str = "CsSession";

/// How long an account as a whole waits at the most after failures, wherever they came from. It is short, and does not
/// count for addresses that the account has logged on from before, so that nobody can shut its owner out.
const LONGEST_WAIT: i64 = 60_000;
/// Addresses remembered for an account.
const MOST_ADDRESSES: usize = 16;
/// How often a log-on from a known address is noted anew.
const DAY: i64 = 86_400_000;
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
        let address = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.address);
        if peer.is_some() {
            self.guard.may_try(address)?;
        }
        let parameters = &request.call.parameters;
        let name = parameters.required("userName")?.rsplit('\\').next().unwrap_or_default();
        let name = name.split('@').next().unwrap_or_default().to_lowercase();
        let password = Zeroizing::new(parameters.text("password").unwrap_or_default().to_owned());
        let now = self.world.now();
        self.guard.may_log_on(&name, address, now)?;
        let (account, known) = self.store.read(|tx| Ok((tx.account(&name)?, addresses(tx, &name)?)))?;
        let is_known = known.contains_key(&address.to_string());
        // An unknown name takes as long as a wrong password, so that names cannot be told apart.
        let (hash, failures, locked) = account.clone().unwrap_or_else(|| (DUMMY.to_owned(), 0, 0));
        // A lock that ends later than any lock can was set before the clock was turned back.
        if !is_known && locked > now && locked <= now + LONGEST_WAIT {
            let seconds = u64::try_from((locked - now + 999) / 1000).unwrap_or(1);
            let message = format!("Too many failed log-ons; wait {seconds} seconds.");
            return Err(Problem::new("PC-E98", message).retry_after(seconds).terminating());
        }
        let good = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        let good = good && account.is_some();
        self.guard.count_log_on(&name, address, good, now);
        if !good {
            self.note_failure(&name, address, account.map(|_| (hash, failures)), now)?;
            if peer.is_some() {
                self.guard.count_failure(address);
            }
            return Err(Problem::new("PC-E09", "The name or the password is wrong.").terminating());
        }
        let noted = known.get(&address.to_string()).copied().unwrap_or(0);
        if failures > 0 || (now - noted).abs() > DAY {
            self.store.write(self.own_origin("log-on"), |tx| {
                tx.set_account(&name, &hash, 0, 0)?;
                keep_address(tx, &name, address, now)
            })?;
        }
        let wish = TokenWish { actor: Some(name), label: LOG_ON.to_owned(), read_only: false, days: SESSION_DAYS };
        let (id, token) = self.create_token(&wish)?;
        Ok(Reply::object(json!({ "identity": id.to_string(), "token": token })))
    }

    fn note_failure(
        &self,
        name: &str,
        address: IpAddr,
        account: Option<(String, i64)>,
        now: i64,
    ) -> Result<(), Problem> {
        self.metrics.refused.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(%address, account = name, "a log-on failed");
        let after = json!({ "address": address.to_string() }).to_string();
        self.store.write(self.own_origin("log-on"), |tx| {
            if let Some((hash, failures)) = &account {
                let failures = failures + 1;
                tx.set_account(name, hash, failures, now + wait_after(failures, LONGEST_WAIT))?;
            }
            tx.audit(&Change {
                action: "LogOnFailed",
                kind: "Account",
                target: name,
                before: None,
                after: Some(&after),
            })
        })
    }

    /// Ends the wait of an account.
    pub(crate) fn unlock_account(&self, name: &str) -> Result<(), Problem> {
        let name = name.to_lowercase();
        self.store.write(self.own_origin("account unlock"), |tx| {
            let missing = || Problem::new("PC-E20", format!("'{name}' has no password here."));
            let (hash, ..) = tx.account(&name)?.ok_or_else(missing)?;
            tx.set_account(&name, &hash, 0, 0)?;
            tx.audit(&Change { action: "Unlocked", kind: "Account", target: &name, before: None, after: None })
        })
    }

    /// Takes an account's password away: it logs on no longer. Tokens that it has live on.
    pub(crate) fn remove_account(&self, name: &str) -> Result<(), Problem> {
        let name = name.to_lowercase();
        self.store.write(self.own_origin("account remove"), |tx| {
            if !tx.remove_account(&name)? {
                return Err(Problem::new("PC-E20", format!("'{name}' has no password here.")));
            }
            tx.remove_meta(&addresses_of(&name))?;
            tx.audit(&Change { action: "Removed", kind: "Account", target: &name, before: None, after: None })
        })
    }
}

/// The store's own value that holds the addresses an account has logged on from, with the times of that.
fn addresses_of(name: &str) -> String {
    format!("log-on addresses {name}")
}

fn addresses(tx: &mut Transaction, name: &str) -> Result<BTreeMap<String, i64>, Problem> {
    let kept = tx.meta(&addresses_of(name))?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn keep_address(tx: &mut Transaction, name: &str, address: IpAddr, now: i64) -> Result<(), Problem> {
    let mut kept = addresses(tx, name)?;
    kept.insert(address.to_string(), now);
    while kept.len() > MOST_ADDRESSES {
        let oldest = kept.iter().min_by_key(|(_, at)| **at).map(|(address, _)| address.clone());
        oldest.and_then(|address| kept.remove(&address));
    }
    let text = serde_json::to_string(&kept).map_err(Problem::internal)?;
    tx.set_meta(&addresses_of(name), &text)
}

/// A hash that no password has.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$rd6xaNyN7wBVZ6nGTnEPh2nHnUq6KzDRkUdTHvL8r2E";
