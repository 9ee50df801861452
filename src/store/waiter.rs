//! One who waits in a line until he is handed something, or until his time is over.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Waiter<T> {
    place: Mutex<Place<T>>,
    called: Condvar,
}

enum Place<T> {
    Waiting,
    Handed(T),
    /// He went away, or has taken what he was handed.
    Left,
}

impl<T> Waiter<T> {
    pub(crate) fn new() -> Self {
        Waiter { place: Mutex::new(Place::Waiting), called: Condvar::new() }
    }

    fn place(&self) -> MutexGuard<'_, Place<T>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits; `None` when the time is over.
    pub(crate) fn wait(&self, time: Duration) -> Option<T> {
        let until = Instant::now() + time;
        let mut place = self.place();
        loop {
            if let Place::Handed(thing) = std::mem::replace(&mut *place, Place::Left) {
                return Some(thing);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            *place = Place::Waiting;
            place = self.called.wait_timeout(place, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Hands something over; it comes back where nobody waits any more.
    pub(crate) fn hand(&self, thing: T) -> Option<T> {
        let mut place = self.place();
        if !matches!(*place, Place::Waiting) {
            return Some(thing);
        }
        *place = Place::Handed(thing);
        drop(place);
        self.called.notify_one();
        None
    }

    pub(crate) fn has_left(&self) -> bool {
        matches!(*self.place(), Place::Left)
    }
}
