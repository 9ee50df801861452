//! Progress of long administration work for whoever watches: many writes one after another, and single calls that
//! move much data.

use crate::runtime::{ActionPreference, Invocation, Progress, Symbol};
use std::time::{Duration, Instant};

/// The bar's number; scripts count theirs from 0.
const ID: i32 = -1;
/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long between two looks at the figures.
const INTERVAL: Duration = Duration::from_millis(200);
/// Writes further apart than this are not one piece of work.
const PAUSE: Duration = Duration::from_secs(2);
/// Verbs whose single call can take long.
const LONG: [&str; 5] = ["Export", "Import", "Backup", "Install", "Publish"];

/// The writes of a cmdlet that follow each other.
#[derive(Default)]
struct Bulk(Option<Run>);

struct Run {
    cmdlet: &'static str,
    began: Instant,
    last: Instant,
    shown: Instant,
    count: u64,
}

fn is_wanted(run: &Invocation<'_>) -> bool {
    run.session.host.shows_progress()
        && run.session.preference(Symbol::PROGRESS, ActionPreference::Continue) == ActionPreference::Continue
}

/// Counts a write; says how many there were once they have gone on for a while.
pub(super) fn wrote(run: &mut Invocation<'_>) {
    if !is_wanted(run) {
        return;
    }
    let (now, cmdlet) = (Instant::now(), run.spec.name);
    let Bulk(bulk) = run.session.extension::<Bulk>();
    if bulk.as_ref().is_none_or(|known| known.cmdlet != cmdlet || now - known.last > PAUSE) {
        *bulk = Some(Run { cmdlet, began: now, last: now, shown: now, count: 0 });
    }
    let Some(known) = bulk else { return };
    known.count += 1;
    known.last = now;
    let taken = now - known.began;
    if taken < PATIENCE || now - known.shown < INTERVAL {
        return;
    }
    known.shown = now;
    let (count, rate) = (known.count, known.count as f64 / taken.as_secs_f64());
    let status = format!("{count} done, {rate:.0} a second");
    show(run, Progress { activity: cmdlet.to_owned(), status, ..bar() });
}

/// Shows that a single long call is under way; true where it must be ended with [`end`].
pub(super) fn begin(run: &mut Invocation<'_>, verb: &str, of: Option<&str>) -> bool {
    let wanted = LONG.contains(&verb) && is_wanted(run);
    if wanted {
        let status = of.unwrap_or_default().to_owned();
        show(run, Progress { activity: run.spec.name.to_owned(), status, ..bar() });
    }
    wanted
}

/// The long call has ended.
pub(super) fn end(run: &mut Invocation<'_>) {
    show(run, Progress { completed: true, ..bar() });
}

fn bar() -> Progress {
    Progress { id: ID, percent: -1, transient: true, ..Progress::default() }
}

fn show(run: &mut Invocation<'_>, progress: Progress) {
    run.session.host.progress(&progress);
}
