//! Connections kept for reuse, and a limit on how many there are: whoever comes too many stands in line for one.

use super::engine::{Engine, Session};
use super::waiter::Waiter;
use crate::api::Problem;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a call waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

pub(super) struct Pool {
    engine: Arc<dyn Engine>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<Box<dyn Session>>,
    open: usize,
    waiting: VecDeque<Arc<Waiter<Given>>>,
}

/// What a waiting call is handed.
enum Given {
    Session(Box<dyn Session>),
    /// The place of a connection that is gone.
    Room,
}

/// A connection in use. Given back when dropped, unless something is wrong with it or its transaction has not ended.
pub(super) struct Leased {
    session: Option<Box<dyn Session>>,
    pool: Arc<Pool>,
}

impl Pool {
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Arc<Self> {
        Arc::new(Pool { engine, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A kept connection, or a new one.
    pub(crate) fn lease(self: &Arc<Self>) -> Result<Leased, Problem> {
        let most = self.engine.most_sessions();
        let waiter = {
            let mut state = self.state();
            if let Some(session) = state.idle.pop() {
                return Ok(self.leased(session));
            }
            if state.open < most {
                state.open += 1;
                drop(state);
                return self.open();
            }
            let waiter = Arc::new(Waiter::new());
            state.waiting.push_back(waiter.clone());
            waiter
        };
        match waiter.wait(WAIT) {
            Some(Given::Session(session)) => Ok(self.leased(session)),
            Some(Given::Room) => self.open(),
            None => {
                let message = format!("All {most} connections to the store are in use; try again.");
                Err(Problem::new("PC-E94", message))
            }
        }
    }

    fn leased(self: &Arc<Self>, session: Box<dyn Session>) -> Leased {
        Leased { session: Some(session), pool: self.clone() }
    }

    /// A new connection in the place that was counted for it.
    fn open(self: &Arc<Self>) -> Result<Leased, Problem> {
        self.engine.open().map(|session| self.leased(session)).inspect_err(|_| self.give(Given::Room))
    }

    /// A connection that was not kept: those that were may have died together with their server.
    pub(crate) fn lease_new(self: &Arc<Self>) -> Result<Leased, Problem> {
        let dead = {
            let mut state = self.state();
            state.open = state.open + 1 - state.idle.len();
            std::mem::take(&mut state.idle)
        };
        // To part from them may take a moment.
        drop(dead);
        self.open()
    }

    /// Connections open, and those among them that nobody uses.
    pub(crate) fn count(&self) -> (usize, usize) {
        let state = self.state();
        (state.open, state.idle.len())
    }

    /// Gives to the first who waits, or puts aside.
    fn give(&self, mut given: Given) {
        let mut state = self.state();
        while let Some(waiter) = state.waiting.pop_front() {
            match waiter.hand(given) {
                None => return,
                Some(back) => given = back,
            }
        }
        match given {
            Given::Session(session) => state.idle.push(session),
            Given::Room => state.open -= 1,
        }
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        if session.is_sound() {
            self.pool.give(Given::Session(session));
        } else {
            drop(session);
            self.pool.give(Given::Room);
        }
    }
}

impl Leased {
    /// The connection. It is there until the lease is dropped.
    pub(crate) fn session(&mut self) -> Result<&mut (dyn Session + 'static), Problem> {
        self.session.as_deref_mut().ok_or_else(|| Problem::internal("a connection was used after it was given back"))
    }

    /// May the connection be used again?
    pub(crate) fn is_sound(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.is_sound())
    }
}
