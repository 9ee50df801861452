//! The management service: one router, one set of checks and behaviours, over one store.
//!
//! A call passes `router` (HTTP) → `execute` (caller, idempotency, transaction) → a handler of `resources` or of the
//! generic `settings` → the store. The embedded service and the served one differ only in who brings the request.

mod access;
mod answers;
mod authentication;
mod authority;
mod batch;
mod caller;
mod checks;
mod client_certificates;
pub(crate) mod commands;
mod compliance;
mod context;
mod deployment;
mod directory_filter;
mod execute;
mod fault;
mod federation;
mod filter;
mod identity;
mod ldif;
mod limits;
mod metrics;
mod notify;
mod openapi;
mod outbox;
mod paging;
pub(crate) mod pkcs12;
mod policies;
mod registry;
mod resources;
mod router;
pub mod serve;
mod sessions;
mod settings;
pub mod tls;
mod tokens;
mod topology_document;
mod topology_model;
mod topology_rules;
mod values;
mod watched;
mod xslt;

pub use authentication::Peer;
pub use caller::CallerId;
pub use execute::Request;
pub use federation::FederationOptions;
pub use limits::Limits;
pub use router::{Access, router};
pub use tokens::TokenWish;

use crate::api::{Problem, collection};
use crate::catalogue::Catalogue;
use crate::store::Store;
use deployment::Deployment;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, OnceLock};

/// Time and chance, handed in so that tests can move the clock.
pub trait World: Send + Sync {
    /// Milliseconds since 1970.
    fn now(&self) -> i64;
    /// An identifier never given before.
    fn new_guid(&self) -> uuid::Uuid;
}

/// The real clock and real chance.
pub(crate) struct SystemWorld;

impl World for SystemWorld {
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    fn new_guid(&self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }
}

/// Whoever runs the program on the service's own machine, without a name in the directory.
const OPERATOR: &str = "local operator";

/// What a service is made of.
pub struct Options {
    /// A `postgres://` address, or the directory of a SQLite store.
    pub store: String,
    /// Where files of the service lie: shares (compliance output), keys.
    pub data: PathBuf,
    /// Further manifests.
    pub manifests: Option<PathBuf>,
    pub world: Arc<dyn World>,
    pub limits: Limits,
    /// The provider whose tokens are believed.
    pub federation: Option<FederationOptions>,
}

impl Options {
    /// Everything in one directory.
    pub fn in_directory(directory: impl Into<PathBuf>) -> Self {
        let data = directory.into();
        Options {
            store: data.display().to_string(),
            manifests: Some(data.join("cmdlets")),
            data,
            world: Arc::new(SystemWorld),
            limits: Limits::default(),
            federation: None,
        }
    }
}

/// The service. Shared by all requests.
pub struct Service {
    store: Store,
    world: Arc<dyn World>,
    data: PathBuf,
    catalogue: Catalogue,
    /// Collection path → noun.
    collections: HashMap<String, String>,
    /// The deployment as last read, with the mark of the store's state it was read from.
    deployment: Mutex<Option<(String, Arc<Deployment>)>>,
    transactions: execute::OpenTransactions,
    /// When compliance is next due to be looked at.
    compliance_check: AtomicI64,
    /// When old replies are next to be forgotten.
    housekeeping: AtomicI64,
    metrics: metrics::Metrics,
    limits: Limits,
    guard: limits::Guard,
    noted: authentication::Noted,
    known_tokens: tokens::KnownTokens,
    answers: answers::Answers,
    federation: Option<federation::Federation>,
    /// How the socket is encrypted, once there is one.
    tls: OnceLock<tls::Tls>,
}

impl Service {
    /// Opens the store and reads the catalogue's index.
    pub fn open(options: Options) -> Result<Arc<Self>, Problem> {
        let mut catalogue = Catalogue::built_in();
        if let Some(directory) = &options.manifests {
            for fault in catalogue.add_directory(directory) {
                tracing::warn!(%fault, "a manifest was left out");
            }
        }
        let nouns = catalogue.nouns().chain(registry::OWN_NOUNS.iter().copied());
        let collections = nouns.map(|noun| (collection(noun), noun.to_owned())).collect();
        Ok(Arc::new(Service {
            store: Store::open(&options.store)?,
            world: options.world,
            data: options.data,
            catalogue,
            collections,
            deployment: Mutex::new(None),
            transactions: execute::OpenTransactions::default(),
            compliance_check: AtomicI64::new(0),
            housekeeping: AtomicI64::new(0),
            metrics: metrics::Metrics::default(),
            guard: limits::Guard::new(&options.limits),
            limits: options.limits,
            noted: authentication::Noted::default(),
            known_tokens: tokens::KnownTokens::default(),
            answers: answers::Answers::default(),
            federation: options.federation.map(federation::Federation::new),
            tls: OnceLock::new(),
        }))
    }

    /// The store beneath.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The catalogue it serves.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What it lets callers do at a time.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Tells the service how its socket is encrypted: whose certificates are revoked is judged by that.
    pub fn serves_over(&self, tls: &tls::Tls) {
        // The first socket counts.
        let _ = self.tls.set(tls.clone());
    }

    /// A new identifier as text.
    fn new_guid(&self) -> String {
        self.world.new_guid().to_string()
    }
}
