//! The line of writers, for an engine that takes one at a time: first come, first served, with an end to the waiting.
//!
//! Those who stand in line share one transaction of the engine: each works behind a savepoint of its own and hands the
//! transaction on, the last one commits, and none is answered before that commit. So many writers need one sync.

use super::pool::{Leased, Pool};
use super::waiter::Waiter;
use crate::api::Problem;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a writer stands in line.
const WAIT: Duration = Duration::from_secs(10);
/// Writers in line, at most.
const MOST_WAITING: usize = 4096;
/// Writers that share a transaction, at most; and when it is ended though more would come.
const MOST_MEMBERS: usize = 256;
const LONGEST: Duration = Duration::from_millis(50);

/// Where writers wait.
pub(super) struct Queue {
    pool: Arc<Pool>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Somebody writes.
    is_taken: bool,
    waiting: VecDeque<Arc<Writer>>,
    /// The writers' connection: one for all of them, for what it has read is then still true.
    idle: Option<Leased>,
}

struct Writer {
    /// It takes part in a transaction of several.
    shares: bool,
    waiter: Waiter<Baton>,
}

/// What goes from one writer to the next.
struct Baton {
    session: Option<Leased>,
    /// The transaction that is under way on the connection.
    group: Option<Group>,
}

/// A transaction of several writers.
struct Group {
    outcome: Arc<Outcome>,
    members: usize,
    began: Instant,
}

/// How the transaction of a group ended.
#[derive(Default)]
struct Outcome {
    result: Mutex<Option<Result<(), Problem>>>,
    known: Condvar,
}

/// The right to write. Dropped without an end, it undoes what was done.
pub(super) struct Turn {
    queue: Arc<Queue>,
    /// There until the turn ends.
    session: Option<Leased>,
    /// The transaction begun by others before.
    group: Option<Group>,
    shares: bool,
    has_ended: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn busy(reason: &str) -> Problem {
    Problem::new("PC-E94", format!("The store is busy: {reason}; try again."))
}

impl Queue {
    pub(crate) fn new(pool: Arc<Pool>) -> Arc<Self> {
        Arc::new(Queue { pool, state: Mutex::default() })
    }

    /// Waits for a turn. Where another's transaction goes on, it stands behind a savepoint; else nothing has begun.
    pub(crate) fn join(self: &Arc<Self>, shares: bool) -> Result<Turn, Problem> {
        let writer = {
            let mut state = lock(&self.state);
            if !state.is_taken {
                state.is_taken = true;
                let baton = Baton { session: state.idle.take(), group: None };
                drop(state);
                return self.turn(baton, shares);
            }
            if state.waiting.len() >= MOST_WAITING {
                return Err(busy(&format!("{MOST_WAITING} writers are in line")));
            }
            let writer = Arc::new(Writer { shares, waiter: Waiter::new() });
            state.waiting.push_back(writer.clone());
            writer
        };
        let late = || busy(&format!("other writers have held it for {} s", WAIT.as_secs()));
        self.turn(writer.waiter.wait(WAIT).ok_or_else(late)?, shares)
    }

    fn turn(self: &Arc<Self>, baton: Baton, shares: bool) -> Result<Turn, Problem> {
        // From here on the turn gives itself back, whatever fails.
        let mut turn =
            Turn { queue: self.clone(), session: baton.session, group: baton.group, shares, has_ended: false };
        if turn.session.is_none() {
            turn.session = Some(self.pool.lease()?);
        }
        if turn.group.is_some() {
            turn.session()?.session()?.execute("SAVEPOINT writer", &[])?;
        }
        Ok(turn)
    }

    /// Calls the next in line; with nobody there the connection is put aside.
    fn pass(&self, mut baton: Baton) {
        loop {
            let next = {
                let mut state = lock(&self.state);
                match state.waiting.pop_front() {
                    Some(writer) => writer,
                    None => {
                        state.is_taken = false;
                        state.idle = baton.session.take();
                        return;
                    }
                }
            };
            match next.waiter.hand(baton) {
                None => return,
                Some(back) => baton = back,
            }
        }
    }

    /// The next one that still waits, if it takes part in a transaction of several.
    fn next_sharer(&self) -> Option<Arc<Writer>> {
        let mut state = lock(&self.state);
        while let Some(writer) = state.waiting.front() {
            if writer.waiter.has_left() {
                state.waiting.pop_front();
                continue;
            }
            return if writer.shares { state.waiting.pop_front() } else { None };
        }
        None
    }
}

impl Outcome {
    fn tell(&self, result: Result<(), Problem>) {
        *lock(&self.result) = Some(result);
        self.known.notify_all();
    }

    fn wait(&self) -> Result<(), Problem> {
        let mut result = lock(&self.result);
        loop {
            if let Some(result) = result.as_ref() {
                return result.clone();
            }
            result = self.known.wait(result).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Group {
    fn has_room(&self) -> bool {
        self.members < MOST_MEMBERS && self.began.elapsed() < LONGEST
    }
}

impl Turn {
    /// The connection. It is there until the turn ends.
    pub(crate) fn session(&mut self) -> Result<&mut Leased, Problem> {
        self.session.as_mut().ok_or_else(|| Problem::internal("a turn was used after its end"))
    }

    /// Has nothing been begun on the connection?
    pub(crate) fn is_first(&self) -> bool {
        self.group.is_none()
    }

    /// Another connection in place of one that has died. Only for the first of a transaction.
    pub(crate) fn renew(&mut self) -> Result<(), Problem> {
        self.session = None;
        self.session = Some(self.queue.pool.lease_new()?);
        Ok(())
    }

    /// Keeps what was done, or undoes it; what others did in the same transaction stays. Returns once the transaction
    /// has ended, and fails with it: then nothing was kept.
    pub(crate) fn end(mut self, keep: bool) -> Result<(), Problem> {
        self.finish(keep)
    }

    fn finish(&mut self, keep: bool) -> Result<(), Problem> {
        self.has_ended = true;
        let Some(mut session) = self.session.take() else {
            self.queue.pass(Baton { session: None, group: None });
            return Ok(());
        };
        let group = self.group.take();
        let own = match &group {
            Some(_) => end_part(&mut session, keep),
            None if keep => Ok(()),
            None => roll_back(&mut session),
        };
        // An engine that could not go on has undone the whole transaction by itself.
        let under_way = session.session().is_ok_and(|session| !session.is_sound());
        let group = match (own, group) {
            (Ok(()), None) if !under_way && !keep => {
                self.queue.pass(Baton { session: Some(session), group: None });
                return Ok(());
            }
            (Ok(()), group) if under_way => group.unwrap_or_else(Group::new),
            (own, group) => {
                // Who wanted to undo anyway knows why; the others have lost what they had.
                let is_undone = own.is_ok() && !keep;
                let lost =
                    || Problem::new("PC-E95", "The store gave up a transaction; nothing of this call was written.");
                let problem = own.err().unwrap_or_else(lost);
                if let Some(group) = group {
                    group.outcome.tell(Err(problem.clone()));
                }
                // The connection goes back to the pool, which keeps it if it is sound.
                drop(session);
                self.queue.pass(Baton { session: None, group: None });
                return if is_undone { Ok(()) } else { Err(problem) };
            }
        };
        self.go_on(session, group)
    }

    /// Hands an open transaction on, or commits it.
    fn go_on(&mut self, mut session: Leased, mut group: Group) -> Result<(), Problem> {
        let outcome = group.outcome.clone();
        if self.shares && group.has_room() {
            while let Some(next) = self.queue.next_sharer() {
                group.members += 1;
                match next.waiter.hand(Baton { session: Some(session), group: Some(group) }) {
                    None => return outcome.wait(),
                    Some(Baton { session: Some(own), group: Some(again) }) => (session, group) = (own, again),
                    Some(_) => return Err(Problem::internal("a baton came back empty")),
                }
            }
        }
        let result = commit(&mut session);
        outcome.tell(result.clone());
        self.queue.pass(Baton { session: Some(session).filter(Leased::is_sound), group: None });
        result
    }
}

impl Group {
    fn new() -> Self {
        Group { outcome: Arc::default(), members: 1, began: Instant::now() }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.has_ended {
            // Nobody is left to hear of a failure; others of the group hear of theirs.
            let _ = self.finish(false);
        }
    }
}

/// Ends one writer's part of a transaction.
fn end_part(session: &mut Leased, keep: bool) -> Result<(), Problem> {
    let session = session.session()?;
    if !keep && !session.is_sound() {
        session.execute("ROLLBACK TO SAVEPOINT writer", &[])?;
    }
    match session.is_sound() {
        true => Ok(()),
        false => session.execute("RELEASE SAVEPOINT writer", &[]).map(drop),
    }
}

fn roll_back(session: &mut Leased) -> Result<(), Problem> {
    session.session()?.rollback()
}

fn commit(session: &mut Leased) -> Result<(), Problem> {
    let session = session.session()?;
    session.commit().inspect_err(|_| {
        // The commit's own failure is what counts; a connection that cannot roll back is not used again.
        let _ = session.rollback();
    })
}
