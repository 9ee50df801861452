//! The state of a PostgreSQL store: the snapshot that a statement would see. One connection asks for all callers: those
//! who come while a question is under way wait for the next one, so that every answer is younger than its question.

use super::postgres::explain;
use super::postgres_address::Address;
use super::state::{Look, State, Watch};
use crate::api::Problem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Statement};

/// Equal snapshots see the same transactions. Whether two servers agree on one is another matter: after a fail-over the
/// connection is another one.
const SNAPSHOT: &str = "SELECT pg_current_snapshot()::text";

/// Who waits longer reads without it.
const LIMIT: Duration = Duration::from_secs(2);

pub(super) struct PostgresWatch {
    address: Arc<Address>,
    /// Those who wait for the question after the one under way.
    next: Mutex<Option<Arc<Round>>>,
    line: tokio::sync::Mutex<Line>,
}

type Round = OnceCell<Result<State, Problem>>;

#[derive(Default)]
struct Line {
    open: Option<(Client, Statement)>,
    opened: u64,
}

impl PostgresWatch {
    pub(crate) fn over(address: Arc<Address>) -> Self {
        PostgresWatch { address, next: Mutex::default(), line: tokio::sync::Mutex::default() }
    }

    async fn state(&self) -> Result<State, Problem> {
        let round = self.next.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().clone();
        let ask = || async {
            let mut line = self.line.lock().await;
            // Who comes from now on may know of commits that this question does not see.
            self.next.lock().unwrap_or_else(PoisonError::into_inner).take();
            line.ask(&self.address).await
        };
        round.get_or_init(ask).await.clone()
    }
}

impl Line {
    async fn ask(&mut self, address: &Address) -> Result<State, Problem> {
        let open = match self.open.take().filter(|(client, _)| !client.is_closed()) {
            Some(open) => open,
            None => self.open(address).await?,
        };
        let row = open.0.query_one(&open.1, &[]).await.map_err(explain)?;
        let text = row.try_get(0).map_err(explain)?;
        self.open = Some(open);
        Ok(State { connection: self.opened, number: 0, text })
    }

    async fn open(&mut self, address: &Address) -> Result<(Client, Statement), Problem> {
        self.opened += 1;
        let (client, driver) = address.connect().await.map_err(|failure| failure.explained(address))?;
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::debug!(%error, "the connection that watches the store has ended");
            }
        });
        let statement = client.prepare(SNAPSHOT).await.map_err(explain)?;
        Ok((client, statement))
    }
}

impl Watch for PostgresWatch {
    fn look(&self) -> Look<'_> {
        Box::pin(async {
            let slow = |_| Problem::new("PC-E94", "The store does not say what state it is in; try again.");
            tokio::time::timeout(LIMIT, self.state()).await.map_err(slow)?
        })
    }
}
