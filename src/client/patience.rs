//! When a call is tried again, and how long that goes on: a service that restarts is waited for, a wrong address is not.

use crate::api::{Call, Page, Problem};
use crate::runtime::tasks;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// How long a service is waited for that has never answered.
const FIRST_CONTACT: Duration = Duration::from_secs(3);
/// How long a call in this process waits for another one.
const IN_PROCESS: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Problems after which nothing was done, so that any call may be sent again: busy, too many requests.
const REFUSED: [&str; 2] = ["PC-E94", "PC-E98"];
/// Problems after which it is not known whether something was done.
const UNKNOWN: [&str; 3] = ["PC-E97", "PC-E87", "PC-E95"];

/// How long one client tries.
pub(super) struct Patience {
    once_met: Duration,
    network: bool,
    met: Cell<bool>,
}

/// The attempts at one call.
pub(super) struct Attempts {
    limit: Duration,
    network: bool,
    began: Instant,
    pause: Duration,
}

impl Patience {
    pub(crate) fn in_process() -> Self {
        Patience { once_met: IN_PROCESS, network: false, met: Cell::new(true) }
    }

    pub(crate) fn over_a_network(once_met: Duration) -> Self {
        Patience { once_met, network: true, met: Cell::new(false) }
    }

    /// Remembers that the service has answered, be it with a refusal.
    pub(crate) fn note(&self, result: &Page) {
        if result.as_ref().map_or_else(|problem| problem.id != "PC-E97" && problem.id != "PC-E85", |_| true) {
            self.met.set(true);
        }
    }

    pub(crate) fn begin(&self) -> Attempts {
        let limit = if self.met.get() { self.once_met } else { self.once_met.min(FIRST_CONTACT) };
        Attempts { limit, network: self.network, began: Instant::now(), pause: FIRST_PAUSE }
    }
}

impl Attempts {
    /// Waits before the next attempt; false where there is none.
    pub(crate) fn wait_for(&mut self, problem: &Problem, call: &Call) -> bool {
        let id = problem.id.as_str();
        let safe = REFUSED.contains(&id) || self.network && UNKNOWN.contains(&id) && may_be_sent_twice(call);
        // A log-on that is slowed down is slowed down for a reason.
        if !safe || call.noun == "CsSession" {
            return false;
        }
        let pause = match problem.retry_after {
            Some(seconds) if id == "PC-E98" => Duration::from_secs(seconds),
            _ => self.pause,
        };
        let pause = spread(pause);
        if self.began.elapsed() + pause > self.limit {
            return false;
        }
        tasks::wait(&mut || false, Some(Instant::now() + pause));
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }
}

/// Reads, writes under a key, and commits, which the service remembers; not the calls within a transaction.
fn may_be_sent_twice(call: &Call) -> bool {
    let within = call.transaction.is_some() && !call.is_read();
    !within && (call.is_read() || call.what_if || call.idempotency_key.is_some() || call.noun == "CsTransaction")
}

/// Up to a quarter longer, so that clients that were cut off together do not come back together.
fn spread(pause: Duration) -> Duration {
    pause + pause.mul_f64(f64::from(rand::random::<u8>()) / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_safe_is_sent_again() {
        let lost = Problem::new("PC-E97", "x");
        let busy = Problem::new("PC-E94", "x");
        let late = Problem::new("PC-E98", "x").retry_after(9);
        let read = Call::new("Get", "CsUser");
        let write = Call::new("New", "CsVoicePolicy");
        let keyed = Call { idempotency_key: Some("k".to_owned()), ..write.clone() };
        let within = Call { transaction: Some("t".to_owned()), ..write.clone() };
        let rows = [
            (&lost, &read, true),
            (&lost, &write, false),
            (&lost, &keyed, true),
            (&lost, &within, false),
            (&busy, &within, true),
            (&late, &read, false),
        ];
        for (problem, call, again) in rows {
            let patience = Patience::over_a_network(Duration::from_secs(2));
            assert_eq!(patience.begin().wait_for(problem, call), again, "{} {}", problem.id, call.cmdlet());
        }
        assert!(!Patience::in_process().begin().wait_for(&lost, &read));
    }
}
