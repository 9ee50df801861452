//! How much one caller, one address and one connection may ask for: token buckets, and the limits of a served router.

use crate::api::Problem;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Limits of a service on a socket.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Calls a second that one caller may make for long; 0 is no limit. Twice as many may come at once.
    pub rate: u32,
    /// Failed proofs of identity that an address may have at once; 0 is no limit.
    pub failures: u32,
    /// Connections open at a time, in all.
    pub connections: usize,
    /// Connections open at a time from one address.
    pub connections_per_address: usize,
    /// How long a connection may take to send the head of a request.
    pub head_time: Duration,
    /// How long a connection may take nothing of what is sent to it.
    pub stall_time: Duration,
    /// How long a request may take from its head to its answer, body included.
    pub request_time: Duration,
    /// Bytes of a body.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            rate: 1000,
            failures: 20,
            connections: 1024,
            connections_per_address: 256,
            head_time: Duration::from_secs(10),
            stall_time: Duration::from_secs(30),
            request_time: Duration::from_secs(90),
            body: 64 * 1024 * 1024,
        }
    }
}

/// How fast an address earns another failed proof of identity.
const FAILURES_PER_SECOND: f64 = 0.2;

/// Buckets kept before those that are full again are thrown away.
const MOST_BUCKETS: usize = 10_000;

struct Bucket {
    left: f64,
    at: Instant,
}

/// Token buckets by key: each fills at a rate up to a capacity.
struct Buckets<K> {
    kept: Mutex<HashMap<K, Bucket>>,
    per_second: f64,
    capacity: f64,
}

impl<K: Hash + Eq> Buckets<K> {
    fn new(per_second: f64, capacity: f64) -> Self {
        Buckets { kept: Mutex::new(HashMap::new()), per_second, capacity }
    }

    /// Takes `cost` out of the bucket of a key, or says how many seconds it needs to hold that much.
    fn take(&self, key: K, cost: f64, need: f64, now: Instant) -> Result<(), f64> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_BUCKETS {
            let full = Duration::from_secs_f64(self.capacity / self.per_second);
            kept.retain(|_, bucket| now.saturating_duration_since(bucket.at) < full);
        }
        let bucket = kept.entry(key).or_insert(Bucket { left: self.capacity, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * self.per_second).min(self.capacity);
        bucket.at = now;
        if bucket.left < need {
            return Err((need - bucket.left) / self.per_second);
        }
        bucket.left -= cost;
        Ok(())
    }
}

/// What stands between callers and the store.
pub(super) struct Guard {
    calls: Option<Buckets<String>>,
    failures: Option<Buckets<IpAddr>>,
    log_ons: LogOns,
}

/// Log-ons that failed in a row, by account and address: how many, and until when the next one waits (milliseconds).
#[derive(Default)]
struct LogOns(Mutex<HashMap<(String, IpAddr), (i64, i64)>>);

/// Failures in a row that are free; every further one doubles the wait.
const FREE_FAILURES: i64 = 3;
const FIRST_WAIT: i64 = 1_000;
/// How long one address waits for one account at the most.
const LONGEST_WAIT: i64 = 5 * 60_000;

/// How long the next log-on waits after so many failures in a row.
pub(super) fn wait_after(failures: i64, longest: i64) -> i64 {
    let over = u32::try_from((failures - FREE_FAILURES).clamp(0, 20)).unwrap_or(0);
    if over == 0 { 0 } else { (FIRST_WAIT << over).min(longest) }
}

impl Guard {
    pub(crate) fn new(limits: &Limits) -> Self {
        let rate = f64::from(limits.rate);
        Guard {
            calls: (limits.rate > 0).then(|| Buckets::new(rate, rate * 2.0)),
            failures: (limits.failures > 0).then(|| Buckets::new(FAILURES_PER_SECOND, f64::from(limits.failures))),
            log_ons: LogOns::default(),
        }
    }

    /// PC-E98 where this address has failed to log on to this account too often just now.
    pub(crate) fn may_log_on(&self, account: &str, address: IpAddr, now: i64) -> Result<(), Problem> {
        let kept = self.log_ons.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = kept.get(&(account.to_owned(), address)).map_or(0, |(_, until)| *until);
        // What lies further ahead than any wait was set before the clock was turned back.
        match until > now && until - now <= LONGEST_WAIT {
            true => Err(wait("Too many failed log-ons.".to_owned(), (until - now) as f64 / 1000.0)),
            false => Ok(()),
        }
    }

    /// Counts a log-on of an address to an account: a failure makes the next one wait, a success ends that.
    pub(crate) fn count_log_on(&self, account: &str, address: IpAddr, good: bool, now: i64) {
        let mut kept = self.log_ons.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_BUCKETS {
            kept.retain(|_, (_, until)| *until > now);
        }
        let key = (account.to_owned(), address);
        if good {
            kept.remove(&key);
            return;
        }
        let entry = kept.entry(key).or_insert((0, 0));
        entry.0 += 1;
        entry.1 = now + wait_after(entry.0, LONGEST_WAIT);
    }

    /// Counts a call of a caller; PC-E98 where there were too many.
    pub(crate) fn count_call(&self, caller: &str) -> Result<(), Problem> {
        let Some(calls) = &self.calls else { return Ok(()) };
        calls.take(caller.to_owned(), 1.0, 1.0, Instant::now()).map_err(|seconds| {
            let message = format!("'{caller}' makes more than {} calls a second.", calls.per_second);
            wait(message, seconds)
        })
    }

    /// PC-E98 where an address has failed to prove who it is too often.
    pub(crate) fn may_try(&self, address: IpAddr) -> Result<(), Problem> {
        let Some(failures) = &self.failures else { return Ok(()) };
        failures
            .take(address, 0.0, 1.0, Instant::now())
            .map_err(|seconds| wait(format!("There were too many failed log-ons from {address}."), seconds))
    }

    /// Counts a failed proof of identity.
    pub(crate) fn count_failure(&self, address: IpAddr) {
        // An empty bucket stays empty: the next attempt is refused by `may_try`.
        let _ = self.failures.as_ref().map(|failures| failures.take(address, 1.0, 0.0, Instant::now()));
    }
}

fn wait(message: String, seconds: f64) -> Problem {
    let seconds = seconds.ceil().clamp(1.0, 3600.0) as u64;
    Problem::new("PC-E98", format!("{message} Wait {seconds} s.")).retry_after(seconds).terminating()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_empty_and_fill() {
        let buckets = Buckets::new(10.0, 20.0);
        let start = Instant::now();
        assert!((0..20).all(|_| buckets.take("a", 1.0, 1.0, start).is_ok()));
        let wait = buckets.take("a", 1.0, 1.0, start).unwrap_err();
        assert!((wait - 0.1).abs() < 1e-9, "{wait}");
        assert!(buckets.take("b", 1.0, 1.0, start).is_ok());
        let later = start + Duration::from_millis(500);
        assert_eq!((0..20).filter(|_| buckets.take("a", 1.0, 1.0, later).is_ok()).count(), 5);
    }

    #[test]
    fn failures_shut_one_address_out() {
        let guard = Guard::new(&Limits::default());
        let (bad, good) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for _ in 0..20 {
            guard.may_try(bad).unwrap();
            guard.count_failure(bad);
        }
        let refused = guard.may_try(bad).unwrap_err();
        assert_eq!((refused.id.as_str(), refused.retry_after), ("PC-E98", Some(5)));
        guard.may_try(good).unwrap();
    }
}
