//! `System.Threading`: waiting for and signalling to the other tasks of the session, and work that ends later. All
//! code of scripts runs on one thread in turns, so a lock is a note of who holds it, and waiting gives way to others.

mod cancel;
mod interlocked;
mod monitor;
mod task;
mod wait;

pub(crate) use task::background;

use super::super::table::{Call, Table};
use super::super::{integer_of, thrown};
use crate::value::{Engine, Outcome, TimeSpan, TypeRef, Value};
use std::time::{Duration, Instant};

/// Every table of this family.
pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::INTERLOCKED, &interlocked::INTERLOCKED),
    (TypeRef::MONITOR, &monitor::MONITOR),
    (TypeRef::WAIT_HANDLE, &wait::HANDLE),
    (TypeRef::MUTEX, &wait::MUTEX),
    (TypeRef::SEMAPHORE, &wait::SEMAPHORE),
    (TypeRef::SEMAPHORE_SLIM, &wait::SEMAPHORE_SLIM),
    (TypeRef::EVENT_WAIT_HANDLE, &wait::EVENT),
    (TypeRef::MANUAL_RESET_EVENT, &wait::MANUAL),
    (TypeRef::AUTO_RESET_EVENT, &wait::AUTO),
    (TypeRef::MANUAL_RESET_EVENT_SLIM, &wait::MANUAL_SLIM),
    (TypeRef::CANCELLATION_TOKEN_SOURCE, &cancel::SOURCE),
    (TypeRef::CANCELLATION_TOKEN, &cancel::TOKEN),
    (TypeRef::TASK, &task::TASK),
    (TypeRef::TASK_OF, &task::TASK_OF),
    (TypeRef::TASK_AWAITER, &task::AWAITER),
    (TypeRef::TASK_AWAITER_OF, &task::AWAITER),
    (TypeRef::TASK_COMPLETION_SOURCE, &task::COMPLETION),
];

/// The state behind a value of one of these types.
fn state<T: 'static>(value: &Value) -> Option<&T> {
    match value {
        Value::Native(native) => native.downcast::<T>(),
        _ => None,
    }
}

/// Who asks: each task of the session has an engine of its own.
fn caller(engine: &dyn Engine) -> usize {
    std::ptr::from_ref(engine).cast::<()>() as usize
}

/// How long a call may wait: milliseconds or a time span, -1 for as long as it takes.
fn limit(c: &Call<'_>, argument: usize) -> Outcome<Option<Duration>> {
    let milliseconds = match c.arg(argument) {
        Value::TimeSpan(TimeSpan(ticks)) => ticks / 10_000,
        Value::Null => -1,
        other => integer_of(other).unwrap_or(-1),
    };
    match milliseconds {
        -1 => Ok(None),
        0.. => Ok(Some(Duration::from_millis(milliseconds.unsigned_abs()))),
        _ => Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "A time to wait is -1 or not negative.")),
    }
}

/// Waits until something holds, while the others go on; false where that takes longer than the limit.
fn wait_until(engine: &mut dyn Engine, limit: Option<Duration>, mut holds: impl FnMut() -> bool) -> Outcome<bool> {
    let begun = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if holds() {
            return Ok(true);
        }
        let left = limit.map(|limit| limit.saturating_sub(begun.elapsed()));
        if left == Some(Duration::ZERO) {
            return Ok(false);
        }
        engine.pause(left.map_or(pause, |left| pause.min(left)))?;
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}
