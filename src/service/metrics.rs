//! What the service counts, as Prometheus reads it.

use super::Service;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the histogram's buckets, in microseconds.
const BOUNDS: [u64; 10] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000];

/// Answers of one kind of call.
#[derive(Default)]
struct Timing {
    buckets: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    microseconds: AtomicU64,
}

/// Counters of the service.
#[derive(Default)]
pub(super) struct Metrics {
    reads: Timing,
    writes: Timing,
    /// By the first digit of the status: 2xx, 4xx, 5xx.
    statuses: [AtomicU64; 3],
    /// Callers who could not prove who they are.
    pub(crate) refused: AtomicU64,
    /// Writes that another one made begin again.
    pub(crate) repeated: AtomicU64,
    /// Events of the outbox handed on.
    pub(crate) delivered: AtomicU64,
}

fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Metrics {
    /// Counts one answer.
    pub(crate) fn count(&self, read: bool, status: u16, taken: Duration) {
        let timing = if read { &self.reads } else { &self.writes };
        let microseconds = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) =
            BOUNDS.iter().position(|bound| microseconds <= *bound).and_then(|at| timing.buckets.get(at))
        {
            add(bucket, 1);
        }
        add(&timing.count, 1);
        add(&timing.microseconds, microseconds);
        let class = match status {
            0..400 => 0,
            400..500 => 1,
            _ => 2,
        };
        if let Some(counter) = self.statuses.get(class) {
            add(counter, 1);
        }
    }
}

impl Service {
    /// The counters in Prometheus' text form.
    pub(super) fn metrics_text(&self) -> String {
        let metrics = &self.metrics;
        let mut text = String::with_capacity(4096);
        let statuses: u64 = metrics.statuses.iter().map(of).sum();
        let (open, idle) = self.store.connections();
        let ready = u64::from(self.store.read(|tx| tx.meta("deployment").map(drop)).is_ok());
        let rows = [
            ("pcsh_requests_total", "counter", "Calls answered", statuses),
            ("pcsh_refused_callers_total", "counter", "Callers who could not prove who they are", of(&metrics.refused)),
            (
                "pcsh_repeated_writes_total",
                "counter",
                "Writes begun again because of another one",
                of(&metrics.repeated),
            ),
            ("pcsh_events_delivered_total", "counter", "Events of the outbox handed on", of(&metrics.delivered)),
            ("pcsh_store_connections", "gauge", "Connections to the store", open as u64),
            ("pcsh_store_connections_idle", "gauge", "Connections to the store that nobody uses", idle as u64),
            ("pcsh_store_up", "gauge", "1 while the store answers", ready),
        ];
        // Writing into a String cannot fail.
        for (name, kind, help, value) in rows {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        for (name, help, seconds) in self.ends() {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {seconds}\n");
        }
        let _ = write!(text, "# HELP pcsh_answers_total Answers by status\n# TYPE pcsh_answers_total counter\n");
        for (class, counter) in ["2xx", "4xx", "5xx"].iter().zip(&metrics.statuses) {
            let _ = writeln!(text, "pcsh_answers_total{{status=\"{class}\"}} {}", of(counter));
        }
        let _ = write!(text, "# HELP pcsh_request_seconds Time to answer\n# TYPE pcsh_request_seconds histogram\n");
        for (kind, timing) in [("read", &metrics.reads), ("write", &metrics.writes)] {
            let mut sum = 0;
            for (bound, bucket) in BOUNDS.iter().zip(&timing.buckets) {
                sum += of(bucket);
                let seconds = *bound as f64 / 1e6;
                let _ = writeln!(text, "pcsh_request_seconds_bucket{{kind=\"{kind}\",le=\"{seconds}\"}} {sum}");
            }
            let (count, seconds) = (of(&timing.count), of(&timing.microseconds) as f64 / 1e6);
            let _ = write!(
                text,
                "pcsh_request_seconds_bucket{{kind=\"{kind}\",le=\"+Inf\"}} {count}\n\
                 pcsh_request_seconds_sum{{kind=\"{kind}\"}} {seconds}\npcsh_request_seconds_count{{kind=\"{kind}\"}} {count}\n"
            );
        }
        text
    }

    /// When what TLS is made of ends, in seconds since 1970.
    fn ends(&self) -> Vec<(&'static str, &'static str, i64)> {
        let Some(tls) = self.tls.get() else { return Vec::new() };
        let mut rows =
            vec![("pcsh_certificate_expires_seconds", "When the certificate ends, since 1970", tls.served().expires)];
        if let Some(next) = tls.lists_renewed_by() {
            rows.push(("pcsh_client_crl_expires_seconds", "When a revocation list ends, since 1970", next));
        }
        rows
    }
}
