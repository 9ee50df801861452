//! `ManagementClient`: the same calls to a remote service or to the embedded one.
//!
//! Both transports speak HTTP to the same router; embedded means only that no socket is between.

mod embedded;
mod home;
pub(crate) mod logons;
mod patience;
mod remote;

pub(crate) use home::{data_directory, settings_directory};

use crate::api::{Call, Page, Problem, Reply};
use patience::Patience;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use zeroize::Zeroizing;

/// Which service to talk to, and as whom.
#[derive(Clone, Debug)]
pub enum Connection {
    /// The service inside this process, over the store in this directory.
    Embedded {
        directory: PathBuf,
        /// SAM account name of the acting user; none is the local operator, who may do everything.
        actor: Option<String>,
    },
    /// A service elsewhere.
    Remote(Endpoint),
}

/// How long one request to a service elsewhere may take.
const TIME_LIMIT: Duration = Duration::from_secs(100);
/// How long a service that has answered before is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service elsewhere, and how to prove who calls.
#[derive(Clone)]
pub struct Endpoint {
    pub uri: String,
    pub token: Option<String>,
    /// A file with a client certificate and its key: PEM, or PKCS#12.
    pub certificate: Option<PathBuf>,
    /// The password of that file.
    pub certificate_password: Option<Zeroizing<String>>,
    /// A PEM file of authorities to trust besides the system's, such as a service's `tls-authority.pem`.
    pub authority: Option<PathBuf>,
    /// How long one request may take.
    pub time_limit: Duration,
    /// How long a call is tried again while the service, once it has answered, is away or busy.
    pub patience: Duration,
}

impl Endpoint {
    /// A service that is asked without any proof of identity.
    pub fn new(uri: impl Into<String>) -> Self {
        Endpoint {
            uri: uri.into(),
            token: None,
            certificate: None,
            certificate_password: None,
            authority: None,
            time_limit: TIME_LIMIT,
            patience: PATIENCE,
        }
    }

    /// With a bearer token.
    pub fn token(mut self, token: Option<String>) -> Self {
        self.token = token;
        self
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_ref().map(|_| "(hidden)");
        let mut shown = formatter.debug_struct("Endpoint");
        shown.field("uri", &self.uri).field("token", &token).field("certificate", &self.certificate).finish()
    }
}

/// What is not kept under an idempotency key: the reply to a log-on is a secret, and transactions end once by themselves.
const LOG_ONS_AND_TRANSACTIONS: [&str; 2] = ["CsSession", "CsTransaction"];

/// Where requests go; one implementation per kind of connection.
trait Transport {
    /// Sends one request and reads its reply whole.
    fn send(&self, call: &Call) -> Page;

    /// The certificate that the other side has shown.
    fn shown_certificate(&self) -> Option<ShownCertificate> {
        None
    }
}

/// A service's certificate, as it was shown to this client.
#[derive(Clone, Debug)]
pub(crate) struct ShownCertificate {
    /// SHA-256, in pairs of digits.
    pub(crate) fingerprint: String,
    /// When it ends, in milliseconds since 1970.
    pub(crate) expires: i64,
}

/// The client that cmdlets use. Nothing is opened before the first call.
pub struct ManagementClient {
    transport: Box<dyn Transport>,
    patience: Patience,
    /// Replies can be lost between here and the service, so that a write needs a key to be tried again safely.
    replies_can_be_lost: bool,
}

impl ManagementClient {
    /// A client for a connection.
    pub fn new(connection: Connection) -> Self {
        let replies_can_be_lost = matches!(connection, Connection::Remote(_));
        let (transport, patience): (Box<dyn Transport>, _) = match connection {
            Connection::Embedded { directory, actor } => {
                (Box::new(embedded::Embedded::new(directory, actor)), Patience::in_process())
            }
            Connection::Remote(endpoint) => {
                let patience = Patience::over_a_network(endpoint.patience);
                (Box::new(remote::Remote::new(endpoint)), patience)
            }
        };
        ManagementClient { transport, patience, replies_can_be_lost }
    }

    /// One call, one page. A write over a socket is given an idempotency key, so that trying again never acts twice.
    pub fn call(&self, call: &Call) -> Page {
        let keyed = self.keyed(call);
        let call = keyed.as_ref().unwrap_or(call);
        let mut attempts = self.patience.begin();
        loop {
            match self.transport.send(call) {
                Err(problem) if attempts.wait_for(&problem, call) => {}
                result => {
                    self.patience.note(&result);
                    return result;
                }
            }
        }
    }

    /// The certificate of the service, once it has answered over TLS.
    pub(crate) fn shown_certificate(&self) -> Option<ShownCertificate> {
        self.transport.shown_certificate()
    }

    /// All pages of a call, fetched as they are asked for. If a page fails, what came before stays and the error ends it.
    pub fn pages<'a>(&'a self, call: &Call) -> impl Iterator<Item = Page> + use<'a> {
        let mut next = Some(call.clone());
        std::iter::from_fn(move || {
            let mut call = next.take()?;
            let page = self.call(&call);
            if let Ok(Reply { next_cursor: Some(token), .. }) = &page {
                call.cursor = Some(token.clone());
                next = Some(call);
            }
            Some(page)
        })
    }

    /// Begins a transaction: calls that carry its id take effect together at [`Self::commit`].
    pub fn begin(&self) -> Result<String, Problem> {
        let reply = self.call(&Call::new("New", "CsTransaction"))?;
        let id = reply.value.first().and_then(|value| value.get("identity")).and_then(|id| id.as_str());
        id.map(str::to_owned).ok_or_else(|| Problem::internal("the transaction has no identity"))
    }

    /// Makes everything of a transaction durable, at once.
    pub fn commit(&self, transaction: &str) -> Result<(), Problem> {
        self.call(&Call::new("Complete", "CsTransaction").identity(transaction)).map(drop)
    }

    /// Undoes everything of a transaction.
    pub fn rollback(&self, transaction: &str) -> Result<(), Problem> {
        self.call(&Call::new("Undo", "CsTransaction").identity(transaction)).map(drop)
    }

    fn keyed(&self, call: &Call) -> Option<Call> {
        if !self.replies_can_be_lost
            || call.is_read()
            || call.idempotency_key.is_some()
            || call.what_if
            || call.transaction.is_some()
            || LOG_ONS_AND_TRANSACTIONS.contains(&call.noun.as_str())
        {
            return None;
        }
        Some(Call { idempotency_key: Some(uuid::Uuid::new_v4().to_string()), ..call.clone() })
    }
}
