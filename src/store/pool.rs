//! Connections kept for reuse, and a limit on how many there are: whoever comes too many waits for one.

use super::engine::{Engine, Session};
use crate::api::Problem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a call waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

pub(super) struct Pool {
    engine: Arc<dyn Engine>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Box<dyn Session>>,
    open: usize,
}

/// A connection in use. Given back when dropped, unless something is wrong with it or its transaction has not ended.
pub(super) struct Leased {
    session: Option<Box<dyn Session>>,
    pool: Arc<Pool>,
}

impl Pool {
    pub fn new(engine: Arc<dyn Engine>) -> Arc<Self> {
        Arc::new(Pool { engine, state: Mutex::default(), freed: Condvar::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A kept connection, or a new one.
    pub fn lease(self: &Arc<Self>) -> Result<Leased, Problem> {
        let most = self.engine.most_sessions();
        let mut state = self.state();
        loop {
            if let Some(session) = state.idle.pop() {
                return Ok(Leased { session: Some(session), pool: self.clone() });
            }
            if state.open < most {
                state.open += 1;
                break;
            }
            let (again, waited) = self.freed.wait_timeout(state, WAIT).unwrap_or_else(PoisonError::into_inner);
            state = again;
            if waited.timed_out() && state.idle.is_empty() && state.open >= most {
                let message = format!("All {most} connections to the store are in use; try again.");
                return Err(Problem::new("PC-E94", message));
            }
        }
        drop(state);
        self.open()
    }

    /// A new connection in the place that was counted for it.
    fn open(self: &Arc<Self>) -> Result<Leased, Problem> {
        match self.engine.open() {
            Ok(session) => Ok(Leased { session: Some(session), pool: self.clone() }),
            Err(problem) => {
                self.give_up();
                Err(problem)
            }
        }
    }

    /// A connection that was not kept: those that were may have died together with their server.
    pub fn lease_new(self: &Arc<Self>) -> Result<Leased, Problem> {
        {
            let mut state = self.state();
            state.open -= state.idle.len();
            state.idle.clear();
            state.open += 1;
        }
        self.open()
    }

    /// Connections open, and those among them that nobody uses.
    pub fn count(&self) -> (usize, usize) {
        let state = self.state();
        (state.open, state.idle.len())
    }

    fn give_up(&self) {
        self.state().open -= 1;
        self.freed.notify_one();
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        if session.is_sound() {
            self.pool.state().idle.push(session);
            self.pool.freed.notify_one();
        } else {
            drop(session);
            self.pool.give_up();
        }
    }
}

impl Leased {
    /// The connection. It is there until the lease is dropped.
    pub fn session(&mut self) -> Result<&mut (dyn Session + 'static), Problem> {
        self.session.as_deref_mut().ok_or_else(|| Problem::internal("a connection was used after it was given back"))
    }

    /// May the connection be used again?
    pub fn is_sound(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.is_sound())
    }
}
