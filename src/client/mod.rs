//! `ManagementClient`: the same calls to a remote service or to the embedded one.
//!
//! Both transports speak HTTP to the same router; embedded means only that no socket is between.

mod embedded;
mod home;
mod remote;

pub use home::{data_directory, settings_directory};

use crate::api::{Call, Page, Problem, Reply};
use crate::runtime::tasks;
use std::path::PathBuf;
use std::time::Duration;

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
    Remote { uri: String, token: Option<String>, time_limit: Duration },
}

/// Where requests go; one implementation per kind of connection.
trait Transport {
    /// Sends one request and reads its reply whole.
    fn send(&self, call: &Call) -> Page;
}

/// The client that cmdlets use. Nothing is opened before the first call.
pub struct ManagementClient {
    transport: Box<dyn Transport>,
    retries: u32,
    /// Replies can be lost between here and the service, so that a write needs a key to be tried again safely.
    replies_can_be_lost: bool,
}

impl ManagementClient {
    /// A client for a connection.
    pub fn new(connection: Connection) -> Self {
        let replies_can_be_lost = matches!(connection, Connection::Remote { .. });
        let transport: Box<dyn Transport> = match connection {
            Connection::Embedded { directory, actor } => Box::new(embedded::Embedded::new(directory, actor)),
            Connection::Remote { uri, token, time_limit } => Box::new(remote::Remote::new(uri, token, time_limit)),
        };
        ManagementClient { transport, retries: 5, replies_can_be_lost }
    }

    /// One call, one page. A write over a socket is given an idempotency key, so that trying again never acts twice.
    pub fn call(&self, call: &Call) -> Page {
        let keyed = self.keyed(call);
        let call = keyed.as_ref().unwrap_or(call);
        let mut attempt = 0;
        loop {
            match self.transport.send(call) {
                Err(problem) if problem.is_transient() && attempt < self.retries => {
                    tasks::wait(&mut || false, Some(std::time::Instant::now() + backoff(attempt)));
                    attempt += 1;
                }
                result => return result,
            }
        }
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
        {
            return None;
        }
        Some(Call { idempotency_key: Some(uuid::Uuid::new_v4().to_string()), ..call.clone() })
    }
}

fn backoff(attempt: u32) -> Duration {
    Duration::from_millis(100 << attempt.min(5))
}
