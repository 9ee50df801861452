//! Events of objects: who listens to them, and what was raised and waits until the session can act on it.

use super::jobs::{job_of, state_event};
use super::session::Session;
use super::tasks;
use super::timer;
use crate::value::Value;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Called when an event is raised.
pub(crate) type Listener = Rc<dyn Fn()>;

/// Those who listen to an object.
#[derive(Default)]
pub(crate) struct Listeners(RefCell<Vec<Listener>>);

impl Listeners {
    /// Adds one.
    pub(crate) fn add(&self, listener: Listener) {
        self.0.borrow_mut().push(listener);
    }

    /// Tells all.
    pub(crate) fn tell(&self) {
        let listeners = self.0.borrow().clone();
        listeners.iter().for_each(|listener| listener());
    }
}

/// An event that was raised.
pub(crate) struct Raised {
    /// The number of the subscription it is for.
    pub(crate) subscription: i32,
    /// The object that raised it.
    pub(crate) sender: Value,
    /// What it says of itself.
    pub(crate) arguments: Value,
}

/// What was raised and not acted on.
#[derive(Clone, Default)]
pub(crate) struct EventQueue(Rc<RefCell<VecDeque<Raised>>>);

impl EventQueue {
    fn push(&self, raised: Raised) {
        self.0.borrow_mut().push_back(raised);
        tasks::notify();
    }

    fn pop(&self) -> Option<Raised> {
        self.0.borrow_mut().pop_front()
    }

    /// True with nothing to act on.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// What acts on an event; set where subscriptions are kept.
#[derive(Default)]
pub(crate) struct Reaction(pub(crate) Option<fn(&mut Session, Raised)>);

impl Session {
    /// Subscribes to an event of an object; false where this shell raises no such event.
    pub(crate) fn listen(&mut self, object: &Value, event: &str, subscription: i32) -> bool {
        let (queue, sender) = (self.events.clone(), object.clone());
        if let Some(job) = job_of(object).filter(|_| event.eq_ignore_ascii_case("StateChanged")) {
            let of = Rc::downgrade(&job);
            let listener: Listener = Rc::new(move || {
                let Some(job) = of.upgrade() else { return };
                queue.push(Raised { subscription, sender: sender.clone(), arguments: state_event(&job) });
            });
            job.child_jobs().iter().chain([&job]).for_each(|part| part.listeners.add(listener.clone()));
            return true;
        }
        if let Some(timer) = timer::of(object).filter(|_| event.eq_ignore_ascii_case("Elapsed")) {
            timer.listeners().add(Rc::new(move || {
                let arguments = timer::elapsed();
                queue.push(Raised { subscription, sender: sender.clone(), arguments });
            }));
            return true;
        }
        false
    }

    /// Acts on what was raised, unless it is acting already.
    pub(super) fn act_on_events(&mut self) {
        let Some(react) = self.extension::<Reaction>().0 else { return };
        if std::mem::replace(&mut self.acting, true) {
            return;
        }
        let (succeeded, position) = (self.succeeded, self.position);
        while let Some(raised) = self.events.pop() {
            react(self, raised);
        }
        (self.succeeded, self.position) = (succeeded, position);
        self.acting = false;
    }
}
