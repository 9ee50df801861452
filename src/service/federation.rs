//! Tokens of an OpenID Connect provider: signed JWTs, checked for signature, issuer, audience and time, and mapped to a
//! user of the directory. Keys come from the provider's key set, which is fetched again when a key is not known.

use super::Service;
use super::caller::CallerId;
use super::values::iso;
use crate::api::Problem;
use crate::store::Transaction;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Which provider is believed, and for what.
#[derive(Clone, Debug)]
pub struct FederationOptions {
    /// The `iss` that tokens must have.
    pub issuer: String,
    /// The `aud` that tokens must hold.
    pub audience: String,
    /// Where the key set is: an address or a file. By default the issuer's discovery document says.
    pub keys: Option<String>,
    /// The claim that names the user. By default `upn`, `preferred_username`, `email`.
    pub claim: Option<String>,
}

/// How far the provider's clock may be from ours, in milliseconds.
const SKEW: i64 = 60_000;
/// A key set is used this long before it is looked at again.
const KEYS_FRESH: i64 = 10 * 60_000;
/// And this long at the most, when the provider does not answer.
const KEYS_LAST: i64 = 24 * 3_600_000;
/// An unknown key asks the provider again no sooner than this.
const REFRESH_PAUSE: i64 = 10_000;
const FETCH_LIMIT: Duration = Duration::from_secs(5);
const LARGEST_KEY_SET: usize = 1 << 20;
/// Claims that name a user, in the order of trust.
const USER_CLAIMS: [&str; 3] = ["upn", "preferred_username", "email"];
/// A token whose scopes hold the first but not the second may only read.
const SCOPES: (&str, &str) = ("pcsh.read", "pcsh.write");

/// The provider with its keys as last fetched.
pub(super) struct Federation {
    options: FederationOptions,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    set: Option<JwkSet>,
    fetched: i64,
    tried: i64,
}

/// Who a token speaks of.
struct Subject {
    name: String,
    read_only: bool,
}

fn refused(reason: impl Into<String>) -> Problem {
    Problem::new("PC-E09", reason).terminating()
}

/// Does the text look like a JWT? Nothing is decided by it but who looks at the token.
pub(super) fn is_jwt(text: &str) -> bool {
    text.starts_with("ey") && text.matches('.').count() == 2
}

/// When a token ends, by its own word: for tokens that were checked.
pub(super) fn expiry(token: &str) -> Option<i64> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some((claims.get("exp")?.as_f64()? * 1000.0) as i64)
}

impl Federation {
    pub(crate) fn new(options: FederationOptions) -> Self {
        Federation { options, keys: Mutex::default() }
    }

    fn subject(&self, token: &str, now: i64) -> Result<Subject, Problem> {
        let header = decode_header(token).map_err(|_| refused("The bearer token is not a JWT."))?;
        let key = self.key(header.kid.as_deref(), now)?;
        let algorithms = algorithms_of(&key);
        if !algorithms.contains(&header.alg) {
            return Err(refused(format!("The token is signed by {:?}, which its key is not for.", header.alg)));
        }
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.options.issuer]);
        validation.set_audience(&[&self.options.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        // Time is judged below, by the service's own clock.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let decoding = DecodingKey::from_jwk(&key).map_err(|_| refused("The provider's key cannot be used."))?;
        let claims = decode::<Map<String, Value>>(token, &decoding, &validation)
            .map_err(|error| refused(self.explain(&error)))?
            .claims;
        check_time(&claims, now)?;
        self.user_of(&claims)
    }

    fn explain(&self, error: &jsonwebtoken::errors::Error) -> String {
        use jsonwebtoken::errors::ErrorKind;
        match error.kind() {
            ErrorKind::InvalidSignature => "The token's signature is wrong.".to_owned(),
            ErrorKind::InvalidIssuer => format!("The token is not of the issuer {}.", self.options.issuer),
            ErrorKind::InvalidAudience => format!("The token is not for the audience '{}'.", self.options.audience),
            ErrorKind::MissingRequiredClaim(claim) => format!("The token lacks the claim '{claim}'."),
            _ => "The token cannot be read.".to_owned(),
        }
    }

    fn user_of(&self, claims: &Map<String, Value>) -> Result<Subject, Problem> {
        let named = |claim: &str| claims.get(claim).and_then(Value::as_str).filter(|text| !text.is_empty());
        let name = match &self.options.claim {
            Some(claim) => named(claim),
            None => USER_CLAIMS.iter().find_map(|claim| named(claim)),
        };
        let name = name.ok_or_else(|| refused("The token does not name a user (see --oidc-claim)."))?.to_owned();
        let scopes: Vec<&str> = named("scope").or(named("scp")).unwrap_or_default().split_whitespace().collect();
        Ok(Subject { name, read_only: scopes.contains(&SCOPES.0) && !scopes.contains(&SCOPES.1) })
    }

    /// The provider's key of this id; with one key in the set, no id is needed.
    fn key(&self, id: Option<&str>, now: i64) -> Result<Jwk, Problem> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let stale = keys.set.is_none() || now - keys.fetched > KEYS_FRESH || keys.fetched > now + SKEW;
        let unknown = keys.set.as_ref().is_none_or(|set| find(set, id).is_none());
        if (stale || unknown) && (now - keys.tried).abs() >= REFRESH_PAUSE {
            keys.tried = now;
            match self.fetch() {
                Ok(set) => (keys.set, keys.fetched) = (Some(set), now),
                Err(reason) => {
                    tracing::warn!(issuer = %self.options.issuer, %reason, "the provider's keys were not fetched")
                }
            }
        }
        let set = keys.set.as_ref().filter(|_| now - keys.fetched <= KEYS_LAST).ok_or_else(|| {
            let message = "The provider's keys cannot be fetched, so its tokens cannot be checked; try again later.";
            Problem::new("PC-E87", message).retry_after(10).terminating()
        })?;
        find(set, id).cloned().ok_or_else(|| refused("The token is signed by a key that its issuer does not publish."))
    }

    fn fetch(&self) -> Result<JwkSet, String> {
        let place = match &self.options.keys {
            Some(place) => place.clone(),
            None => self.discover()?,
        };
        let bytes = read(&place)?;
        serde_json::from_slice(&bytes).map_err(|error| format!("{place} is not a key set: {error}"))
    }

    fn discover(&self) -> Result<String, String> {
        let issuer = self.options.issuer.trim_end_matches('/');
        let place = format!("{issuer}/.well-known/openid-configuration");
        let document: Value = serde_json::from_slice(&read(&place)?).map_err(|error| format!("{place}: {error}"))?;
        let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("issuer").trim_end_matches('/') == issuer && !text("jwks_uri").is_empty() {
            true => Ok(text("jwks_uri").to_owned()),
            false => Err(format!("{place} is of another issuer, or names no key set")),
        }
    }
}

fn find<'a>(set: &'a JwkSet, id: Option<&str>) -> Option<&'a Jwk> {
    match id {
        Some(id) => set.find(id),
        None => Some(set.keys.first()?).filter(|_| set.keys.len() == 1),
    }
}

/// What a key may have signed. Shared secrets are in no case believed.
fn algorithms_of(key: &Jwk) -> &'static [Algorithm] {
    use jsonwebtoken::jwk::EllipticCurve;
    match &key.algorithm {
        AlgorithmParameters::RSA(_) => &[
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ],
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => &[Algorithm::ES256],
            EllipticCurve::P384 => &[Algorithm::ES384],
            _ => &[],
        },
        AlgorithmParameters::OctetKeyPair(_) => &[Algorithm::EdDSA],
        AlgorithmParameters::OctetKey(_) => &[],
    }
}

fn check_time(claims: &Map<String, Value>, now: i64) -> Result<(), Problem> {
    let moment = |name: &str| {
        let seconds = claims.get(name).and_then(Value::as_f64)?;
        Some((seconds * 1000.0) as i64)
    };
    let expires = moment("exp").ok_or_else(|| refused("The token says no time of its end."))?;
    if expires.saturating_add(SKEW) <= now {
        return Err(refused(format!("The token has expired at {}; log on at the provider again.", iso(expires))));
    }
    let begins = moment("nbf").into_iter().chain(moment("iat")).max();
    match begins.filter(|begins| begins.saturating_sub(SKEW) > now) {
        Some(begins) => Err(refused(format!(
            "The token is valid from {}, which is not yet here: the clocks differ by more than a minute.",
            iso(begins)
        ))),
        None => Ok(()),
    }
}

/// A client for the provider's documents; `PCSH_CA` names further authorities to trust.
fn http_client() -> reqwest::Result<reqwest::Client> {
    let authorities = std::env::var_os("PCSH_CA").and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
    let builder = reqwest::Client::builder().timeout(FETCH_LIMIT).connect_timeout(FETCH_LIMIT);
    let trusted = reqwest::Certificate::from_pem_bundle(&authorities).unwrap_or_default();
    trusted.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate).build()
}

/// A document from an address or a file.
fn read(place: &str) -> Result<Vec<u8>, String> {
    if !place.starts_with("http://") && !place.starts_with("https://") {
        return std::fs::read(place).map_err(|error| format!("{place}: {error}"));
    }
    let place = place.to_owned();
    // A thread of its own: the caller may stand inside another runtime.
    let fetched = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let client = http_client().map_err(std::io::Error::other)?;
            let answer = client.get(&place).send().await.and_then(reqwest::Response::error_for_status);
            answer.map_err(std::io::Error::other)?.bytes().await.map_err(std::io::Error::other)
        })
    });
    match fetched.join() {
        Ok(Ok(bytes)) if bytes.len() <= LARGEST_KEY_SET => Ok(bytes.to_vec()),
        Ok(Ok(_)) => Err("the document is too large".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the fetch failed inside".to_owned()),
    }
}

impl Service {
    /// Whom a provider's token stands for, or PC-E09.
    pub(super) fn authenticate_jwt(&self, token: &str) -> Result<CallerId, Problem> {
        let message = "This service takes no tokens of a provider; use one made by 'pcsh service token create'.";
        let federation = self.federation.as_ref().ok_or_else(|| refused(message))?;
        let subject = federation.subject(token, self.world.now())?;
        let actor = self.store.read(|tx| account_of(tx, &subject.name))?;
        let unknown = || refused(format!("'{}', whom the token names, is not a user of the directory.", subject.name));
        Ok(CallerId { actor: Some(actor.ok_or_else(unknown)?), read_only: subject.read_only, local: false })
    }
}

/// The SAM name of the user whom a provider or a certificate names: by user principal name, mail, or SAM name.
pub(super) fn account_of(tx: &mut Transaction, name: &str) -> Result<Option<String>, Problem> {
    let found = match name.contains('@') {
        true => tx.principal_by_upn(name)?,
        false => tx.principal_by_sam(name.rsplit('\\').next().unwrap_or(name))?,
    };
    let user = found.filter(|found| found.kind == "user" && !found.deleted);
    Ok(user.map(|user| user.text("samAccountName").to_owned()).filter(|name| !name.is_empty()))
}
