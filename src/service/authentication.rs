//! The door: a token, a provider's token or a client certificate says who calls. Failures are counted by address, which
//! slows guessing down, and written into the audit trail, though not so often that the trail could be flooded.

use super::caller::CallerId;
use super::client_certificates::ClientCertificate;
use super::{Service, federation};
use crate::api::{Problem, Reply};
use crate::store::Change;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The other end of a connection.
#[derive(Clone, Debug)]
pub struct Peer {
    pub address: IpAddr,
    pub certificate: Option<Arc<ClientCertificate>>,
}

/// Who calls, and how that was proved.
pub(super) struct Identified {
    pub(crate) caller: CallerId,
    /// `Token`, `Password` (a token that a log-on gave), `Certificate` or `Provider`.
    pub(crate) kind: &'static str,
    /// When the proof ends, in milliseconds since 1970.
    pub(crate) expires: Option<i64>,
}

impl Identified {
    /// Adds to what the service says of itself how the caller is known to it.
    pub(crate) fn describe(&self, reply: &mut Reply) {
        for fields in reply.value.iter_mut().filter_map(serde_json::Value::as_object_mut) {
            fields.insert("authentication".to_owned(), self.kind.into());
            fields.insert("authenticationExpires".to_owned(), self.expires.map(super::values::iso).into());
        }
    }
}

/// Failures of one address are audited at most this often, in milliseconds.
const AUDIT_PAUSE: i64 = 60_000;
/// Addresses remembered for that.
const MOST_ADDRESSES: usize = 4096;

/// When failures of an address were last audited.
#[derive(Default)]
pub(super) struct Noted(Mutex<HashMap<IpAddr, i64>>);

impl Noted {
    fn is_due(&self, address: IpAddr, now: i64) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|_, at| (now - *at).abs() < AUDIT_PAUSE);
        if noted.contains_key(&address) || noted.len() >= MOST_ADDRESSES {
            return false;
        }
        noted.insert(address, now);
        true
    }
}

impl Service {
    /// Who calls, by what was shown; PC-E09 where nothing was, or nothing good.
    pub(super) fn identify(&self, bearer: Option<&str>, peer: Option<&Peer>) -> Result<Identified, Problem> {
        let guesses = match (bearer, peer.and_then(|peer| peer.certificate.as_ref())) {
            (Some(token), _) => !self.known_tokens.is_familiar(token),
            (None, certificate) => certificate.is_some(),
        };
        // Who holds a good token is not shut out with others behind the same address.
        if let Some(peer) = peer.filter(|_| guesses) {
            self.guard.may_try(peer.address)?;
        }
        let shown = self.admit(peer).and_then(|()| self.shown(bearer, peer));
        if let (Err(problem), Some(peer)) = (&shown, peer)
            && problem.id == "PC-E09"
        {
            // Somebody without any token has not guessed; the log is enough.
            if bearer.is_some() || peer.certificate.is_some() {
                self.note_failed_proof(peer.address, &problem.detail)?;
            }
        }
        shown
    }

    /// Where everybody must show a certificate, a revoked one shuts out whatever else is shown.
    pub(super) fn admit(&self, peer: Option<&Peer>) -> Result<(), Problem> {
        let certificate = peer.and_then(|peer| peer.certificate.as_ref());
        match (self.tls.get().filter(|tls| tls.needs_certificates()), certificate) {
            (Some(tls), Some(certificate)) => tls.require_not_revoked(certificate),
            _ => Ok(()),
        }
    }

    fn shown(&self, bearer: Option<&str>, peer: Option<&Peer>) -> Result<Identified, Problem> {
        match (bearer, peer.and_then(|peer| peer.certificate.as_ref())) {
            (Some(token), _) if federation::is_jwt(token) => {
                let caller = self.authenticate_jwt(token)?;
                Ok(Identified { caller, kind: "Provider", expires: federation::expiry(token) })
            }
            (None, Some(certificate)) => {
                let caller = self.authenticate_certificate(certificate)?;
                Ok(Identified { caller, kind: "Certificate", expires: Some(certificate.expires()) })
            }
            (token, _) => self.identify_by_token(token),
        }
    }

    /// Counts a failed proof against its address, and audits it.
    pub(super) fn note_failed_proof(&self, address: IpAddr, reason: &str) -> Result<(), Problem> {
        self.guard.count_failure(address);
        self.metrics.refused.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        tracing::warn!(%address, reason, "a caller could not prove who it is");
        if !self.noted.is_due(address, self.world.now()) {
            return Ok(());
        }
        let (target, after) = (address.to_string(), serde_json::json!({ "reason": reason }).to_string());
        let change =
            Change { action: "LogOnFailed", kind: "Caller", target: &target, before: None, after: Some(&after) };
        self.store.write(self.own_origin("log-on"), |tx| tx.audit(&change))
    }
}
