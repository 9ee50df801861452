//! `System.Timers.Timer`: raises `Elapsed` again and again, from a task.

use super::events::Listeners;
use super::objects::object;
use super::session::Cancellation;
use super::tasks;
use crate::value::{DateTime, Fault, Native, NativeObject, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A timer.
#[derive(Clone)]
pub(super) struct Timer(Rc<State>);

struct State {
    /// Milliseconds.
    interval: Cell<f64>,
    repeats: Cell<bool>,
    /// Ends the task that runs; `None` while it is off.
    running: RefCell<Option<Cancellation>>,
    listeners: Listeners,
}

/// The timer that an object is.
pub(super) fn of(value: &Value) -> Option<Timer> {
    match value {
        Value::Native(native) => native.downcast::<Timer>().cloned(),
        _ => None,
    }
}

/// What `Elapsed` says of itself.
pub(super) fn elapsed() -> Value {
    object("System.Timers.ElapsedEventArgs", vec![("SignalTime", Value::DateTime(DateTime::now()))])
}

/// `[System.Timers.Timer]::new(interval)`.
pub(super) fn create(arguments: &[Value]) -> Outcome<Value> {
    let interval = match arguments.first() {
        Some(Value::TimeSpan(span)) => span.0 as f64 / 10_000.0,
        Some(number) => convert::to_f64(number)?,
        None => 100.0,
    };
    let timer = Timer(Rc::new(State {
        interval: Cell::new(interval),
        repeats: Cell::new(true),
        running: RefCell::default(),
        listeners: Listeners::default(),
    }));
    timer.set_interval(interval)?;
    Ok(Native::value(timer))
}

impl Timer {
    pub(super) fn listeners(&self) -> &Listeners {
        &self.0.listeners
    }

    fn set_interval(&self, interval: f64) -> Outcome<()> {
        if !(interval > 0.0 && interval <= f64::from(i32::MAX)) {
            let text = format!("A timer's interval is a number of milliseconds above 0, not {interval}.");
            return Fault::new("ArgumentException", text).exception("System.ArgumentException").err();
        }
        self.0.interval.set(interval);
        Ok(())
    }

    fn stop(&self) {
        if let Some(running) = self.0.running.take() {
            running.cancel();
            tasks::notify();
        }
    }

    fn start(&self) -> Outcome<()> {
        if self.0.running.borrow().is_some() {
            return Ok(());
        }
        let stop = Cancellation::default();
        self.0.running.replace(Some(stop.clone()));
        let timer = self.clone();
        let begun = tasks::spawn(stop.clone(), move || {
            loop {
                let next = Instant::now() + Duration::from_secs_f64(timer.0.interval.get() / 1000.0);
                tasks::wait(&mut || stop.is_cancelled(), Some(next));
                if stop.is_cancelled() {
                    return;
                }
                if !timer.0.repeats.get() {
                    timer.0.running.take();
                }
                timer.0.listeners.tell();
                if timer.0.running.borrow().is_none() {
                    return;
                }
            }
        });
        begun.map_err(|error| {
            self.0.running.take();
            Fault::new("InvalidOperation", format!("The timer cannot be started: {error}.")).into()
        })
    }

    /// A method; `None` for other names.
    pub(super) fn call(&self, name: &str) -> Option<Outcome<Value>> {
        Some(match name.to_ascii_lowercase().as_str() {
            "start" => self.start().map(|()| Value::Nothing),
            "stop" | "close" | "dispose" => {
                self.stop();
                Ok(Value::Nothing)
            }
            _ => return None,
        })
    }
}

impl NativeObject for Timer {
    fn kind(&self) -> TypeRef {
        TypeRef::TIMERS_TIMER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member(&self, name: &str) -> Option<Value> {
        Some(match name.to_ascii_lowercase().as_str() {
            "interval" => Value::F64(self.0.interval.get()),
            "autoreset" => Value::Bool(self.0.repeats.get()),
            "enabled" => Value::Bool(self.0.running.borrow().is_some()),
            _ => return None,
        })
    }
    fn set_member(&self, name: &str, value: &Value) -> Option<Outcome<()>> {
        Some(match name.to_ascii_lowercase().as_str() {
            "interval" => convert::to_f64(value).and_then(|interval| self.set_interval(interval)),
            "autoreset" => {
                self.0.repeats.set(convert::to_bool(value));
                Ok(())
            }
            "enabled" if convert::to_bool(value) => self.start(),
            "enabled" => {
                self.stop();
                Ok(())
            }
            _ => return None,
        })
    }
    fn member_names(&self) -> Vec<Str> {
        ["AutoReset", "Enabled", "Interval"].map(Str::from).into()
    }
}
