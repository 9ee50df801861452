//! Tasks: code that runs beside the running code, in turns, on the same thread. Each has a stack of its own
//! and goes on until it waits or gives way; so values need no locks, and only what truly waits runs at once.

use super::session::Cancellation;
use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ptr::NonNull;
use std::time::{Duration, Instant};

/// Address space of a task's stack; only what is touched takes memory.
const STACK: usize = 256 << 20;

/// How deeply calls of a task may nest: a stack's share of what the main stack allows.
pub(super) const MAXIMUM_DEPTH: u32 = super::call::MAXIMUM_DEPTH / 4;

/// Stacks that are kept for the next tasks.
const SPARE_STACKS: usize = 8;

/// The longest that the thread sleeps while tasks wait, so that Ctrl-C is heard and input is seen.
const LONGEST_NAP: Duration = Duration::from_millis(50);

/// Why a task stopped running.
#[derive(Clone, Copy)]
enum Pause {
    /// To let others run; it could go on.
    Turn,
    /// It waits, at most until then.
    Wait(Option<Instant>),
}

type Body = Coroutine<(), Pause, (), DefaultStack>;

struct Task {
    body: Body,
    /// Asks its code to stop.
    stop: Cancellation,
}

/// The tasks of one interpreter thread.
#[derive(Default)]
struct Scheduler {
    tasks: RefCell<VecDeque<Task>>,
    /// How many there are, the running one included.
    count: Cell<usize>,
    /// What the running task gives up its turn with; `None` while the main code runs.
    running: Cell<Option<NonNull<Yielder<(), Pause>>>>,
    /// Counts what tasks did that others may wait for.
    events: Cell<u64>,
    spare: RefCell<Vec<DefaultStack>>,
}

thread_local! {
    static SCHEDULER: Scheduler = Scheduler::default();
}

/// Begins a task; it runs when the running code waits or gives way. `stop` is what its code listens to.
///
/// # Errors
/// Where no stack can be had.
pub(crate) fn spawn(stop: Cancellation, work: impl FnOnce() + 'static) -> std::io::Result<()> {
    let spare = SCHEDULER.with(|s| s.spare.borrow_mut().pop());
    let stack = match spare {
        Some(stack) => stack,
        None => DefaultStack::new(STACK)?,
    };
    let body = Body::with_stack(stack, move |yielder, ()| {
        SCHEDULER.with(|s| s.running.set(Some(NonNull::from(yielder))));
        work();
    });
    SCHEDULER.with(|s| {
        s.count.set(s.count.get() + 1);
        s.tasks.borrow_mut().push_back(Task { body, stop });
    });
    Ok(())
}

/// True where tasks exist, so that waiting must be done by [`wait`].
#[inline]
pub(crate) fn any() -> bool {
    SCHEDULER.with(|s| s.count.get() != 0)
}

/// True in a task.
pub(crate) fn inside() -> bool {
    SCHEDULER.with(|s| s.running.get().is_some())
}

/// Says that something happened that another task may be waiting for.
pub(crate) fn notify() {
    SCHEDULER.with(|s| s.events.set(s.events.get() + 1));
}

/// Lets others have their turn.
pub(crate) fn give_way() {
    if inside() {
        suspend(Pause::Turn);
    } else if any() {
        round();
    }
}

/// Waits until `ready` says so, or until `deadline`; false where the time was up. Others run meanwhile.
pub(crate) fn wait(ready: &mut dyn FnMut() -> bool, deadline: Option<Instant>) -> bool {
    loop {
        if ready() {
            return true;
        }
        if deadline.is_some_and(|end| Instant::now() >= end) {
            return false;
        }
        if inside() {
            suspend(Pause::Wait(deadline));
            continue;
        }
        let before = SCHEDULER.with(|s| s.events.get());
        let (busy, next) = round();
        if busy || SCHEDULER.with(|s| s.events.get()) != before {
            continue;
        }
        let now = Instant::now();
        let wake = [deadline, next].into_iter().flatten().min();
        let nap = wake.map_or(LONGEST_NAP, |end| end.saturating_duration_since(now)).min(LONGEST_NAP);
        std::thread::park_timeout(nap);
    }
}

/// What another thread wakes this one with when it has something for a waiting task.
#[derive(Clone)]
pub(crate) struct Waker(std::thread::Thread);

impl Waker {
    /// For the thread that runs the tasks: the one that calls this.
    pub(crate) fn here() -> Waker {
        Waker(std::thread::current())
    }

    /// Ends the nap of that thread.
    pub(crate) fn wake(&self) {
        self.0.unpark();
    }
}

/// Does work that waits for the world: where tasks exist, on a thread of its own while they go on.
pub(crate) fn offload<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if !any() {
        return work();
    }
    let waker = Waker::here();
    std::thread::scope(|scope| {
        let helper = scope.spawn(move || {
            let result = work();
            waker.wake();
            result
        });
        wait(&mut || helper.is_finished(), None);
        match helper.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Stops all tasks and gives them until `deadline` to end; those that do not are left where they are, for the
/// process ends.
pub(crate) fn shut_down(deadline: Instant) {
    if any() && !inside() {
        SCHEDULER.with(|s| s.tasks.borrow().iter().for_each(|task| task.stop.cancel()));
        wait(&mut || !any(), Some(deadline));
        // Unwinding them here would run scripts' code against a session that is being taken apart.
        SCHEDULER.with(|s| s.tasks.take().into_iter().for_each(std::mem::forget));
    }
}

/// Runs every task once; whether any could go on at once, and when the first of the others wants to.
fn round() -> (bool, Option<Instant>) {
    let (mut busy, mut next) = (false, None::<Instant>);
    let turns = SCHEDULER.with(|s| s.tasks.borrow().len());
    for _ in 0..turns {
        let Some(mut task) = SCHEDULER.with(|s| s.tasks.borrow_mut().pop_front()) else { break };
        match resume(&mut task.body) {
            CoroutineResult::Yield(pause) => {
                match pause {
                    Pause::Turn => busy = true,
                    Pause::Wait(until) => next = [next, until].into_iter().flatten().min(),
                }
                SCHEDULER.with(|s| s.tasks.borrow_mut().push_back(task));
            }
            CoroutineResult::Return(()) => {
                busy = true;
                SCHEDULER.with(|s| {
                    s.count.set(s.count.get() - 1);
                    let mut spare = s.spare.borrow_mut();
                    if spare.len() < SPARE_STACKS {
                        spare.push(task.body.into_stack());
                    }
                });
            }
        }
    }
    (busy, next)
}

/// Runs a task until it pauses or ends. Only the main code does this, so `running` is `None` before and after.
fn resume(body: &mut Body) -> CoroutineResult<Pause, ()> {
    /// Puts `running` back even where the task panics.
    struct Main;
    impl Drop for Main {
        fn drop(&mut self) {
            SCHEDULER.with(|s| s.running.set(None));
        }
    }
    let _main = Main;
    body.resume(())
}

/// Gives up the running task's turn and comes back when it is resumed.
fn suspend(pause: Pause) {
    let Some(yielder) = SCHEDULER.with(|s| s.running.get()) else { return };
    // SAFETY: `running` is set by a task's body to its own yielder when the body starts, and by this function to
    // the same when the body is resumed; `resume` clears it whenever a body pauses, ends or panics. So where it
    // is set, the code that runs here was called by that body on its stack, and the yielder, which the body
    // borrows for as long as it runs, is alive. The pointer is thread-local and never leaves this module.
    #[allow(unsafe_code, reason = "the yielder's lifetime is the body's; see the proof above")]
    unsafe {
        yielder.as_ref().suspend(pause);
    }
    SCHEDULER.with(|s| s.running.set(Some(yielder)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn tasks_wait_at_the_same_time() {
        let done = Rc::new(Cell::new(0));
        let begun = Instant::now();
        for _ in 0..10 {
            let done = done.clone();
            spawn(Cancellation::default(), move || {
                wait(&mut || false, Some(Instant::now() + Duration::from_millis(60)));
                done.set(done.get() + 1);
            })
            .expect("a stack");
        }
        assert!(wait(&mut || done.get() == 10, Some(begun + Duration::from_secs(20))));
        assert!(begun.elapsed() < Duration::from_millis(590), "one after another");
        assert!(!any());
    }

    #[test]
    fn busy_tasks_take_turns() {
        let log = Rc::new(RefCell::new(Vec::new()));
        for name in ['a', 'b'] {
            let log = log.clone();
            spawn(Cancellation::default(), move || {
                for _ in 0..3 {
                    log.borrow_mut().push(name);
                    give_way();
                }
            })
            .expect("a stack");
        }
        wait(&mut || !any(), None);
        assert_eq!(log.borrow().iter().collect::<String>(), "ababab");
    }

    #[test]
    fn other_threads_work_meanwhile() {
        let seen = Rc::new(Cell::new(false));
        let other = seen.clone();
        spawn(Cancellation::default(), move || other.set(true)).expect("a stack");
        let answer = offload(|| {
            std::thread::sleep(Duration::from_millis(20));
            7
        });
        assert_eq!((answer, seen.get()), (7, true));
    }

    #[test]
    fn what_does_not_end_is_left() {
        spawn(Cancellation::default(), || {
            wait(&mut || false, None);
        })
        .expect("a stack");
        shut_down(Instant::now() + Duration::from_millis(10));
        assert_eq!(SCHEDULER.with(|s| s.tasks.borrow().len()), 0);
    }
}
