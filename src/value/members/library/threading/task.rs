//! `Task`: work that is done, that ends at a time, or that a thread which sees no values carries out.

use super::super::array::items;
use super::{limit, state, wait_until};
use crate::value::members::table::{Call, PropertyRow, Row, Table, get};
use crate::value::members::{exception_of, thrown};
use crate::value::object::NativeObject;
use crate::value::{Array, Engine, Exception, Fault, Native, Outcome, TypeRef, Unwind, Value};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

/// What a thread gives back, made into a value where scripts run.
type Finish = Box<dyn FnOnce() -> Outcome<Value> + Send>;

/// How far a task is.
enum State {
    Done(Value),
    Failed(Rc<Exception>),
    Canceled,
    /// Done from a moment on.
    At(Instant),
    /// A thread will say.
    Working(Receiver<Finish>),
    /// When all of these are, and then their results.
    All(Vec<Value>),
    /// When one of these is, which is the result.
    Any(Vec<Value>),
    /// When someone says so.
    Promised,
}

struct Task {
    kind: TypeRef,
    state: RefCell<State>,
    number: i32,
}

impl NativeObject for Task {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

thread_local! {
    static NEXT: Cell<i32> = const { Cell::new(1) };
}

fn made(result: Option<TypeRef>, state: State) -> Value {
    let kind = result.and_then(|result| TypeRef::generic(TypeRef::TASK_OF, &[result])).unwrap_or(TypeRef::TASK);
    let number = NEXT.replace(NEXT.get().wrapping_add(1));
    Native::value(Task { kind, state: RefCell::new(state), number })
}

/// A task that is done; with a type of result, of the generic class.
pub(crate) fn completed(result: Option<TypeRef>, value: Value) -> Value {
    made(result, State::Done(value))
}

/// Work for a thread of its own. What it gives back is finished where scripts run.
pub(crate) fn background<T: Send + 'static>(
    result: Option<TypeRef>,
    work: impl FnOnce() -> T + Send + 'static,
    finish: fn(T) -> Outcome<Value>,
) -> Value {
    let (sender, receiver) = channel::<Finish>();
    std::thread::spawn(move || {
        let done = work();
        // Nobody may be waiting any more, and then the result is of no use.
        let _ = sender.send(Box::new(move || finish(done)));
    });
    made(result, State::Working(receiver))
}

fn task(value: &Value) -> Option<&Task> {
    state::<Task>(value)
}

fn exception(unwind: &Unwind) -> Rc<Exception> {
    exception_of(unwind)
        .unwrap_or_else(|| Rc::new(Exception::new(TypeRef::OPERATION_CANCELED_EXCEPTION, "Cancelled.", None)))
}

impl Task {
    /// Looks whether the task has ended by now.
    fn settle(&self) {
        let next = match &*self.state.borrow() {
            State::Done(_) | State::Failed(_) | State::Canceled | State::Promised => None,
            State::At(moment) => (*moment <= Instant::now()).then_some(State::Done(Value::Null)),
            State::Working(receiver) => match receiver.try_recv() {
                Ok(finish) => Some(match finish() {
                    Ok(value) => State::Done(value),
                    Err(unwind) => State::Failed(exception(&unwind)),
                }),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => Some(State::Canceled),
            },
            State::All(parts) => all_of(parts, self.kind),
            State::Any(parts) => parts.iter().find(|part| has_ended(part)).map(|part| State::Done(part.clone())),
        };
        if let Some(next) = next {
            self.state.replace(next);
        }
    }

    fn has_ended(&self) -> bool {
        self.settle();
        matches!(&*self.state.borrow(), State::Done(_) | State::Failed(_) | State::Canceled)
    }

    fn status(&self) -> i64 {
        self.settle();
        match &*self.state.borrow() {
            State::Done(_) => 5,
            State::Canceled => 6,
            State::Failed(_) => 7,
            State::Working(_) => 3,
            _ => 1,
        }
    }

    fn failure(&self) -> Option<Rc<Exception>> {
        self.settle();
        match &*self.state.borrow() {
            State::Failed(exception) => Some(exception.clone()),
            _ => None,
        }
    }

    /// The result of a task that has ended; a failure stands inside an `AggregateException` unless it is awaited.
    fn result(&self, awaited: bool) -> Outcome<Value> {
        match &*self.state.borrow() {
            State::Done(value) => Ok(value.clone()),
            State::Failed(exception) if awaited => Err(rethrown(exception)),
            State::Failed(exception) => {
                let text = format!("One or more errors occurred. ({})", exception.message.borrow());
                Err(Fault::new("AggregateException", text)
                    .exception(TypeRef::AGGREGATE_EXCEPTION.name())
                    .inner(exception.clone())
                    .into())
            }
            _ => Err(thrown(TypeRef::TASK_CANCELED_EXCEPTION, "The task was cancelled.")),
        }
    }
}

fn rethrown(exception: &Exception) -> Unwind {
    let text = exception.message.borrow().to_string();
    Fault::new(exception.kind.short_name(), text).exception(exception.kind.name()).into()
}

fn has_ended(value: &Value) -> bool {
    task(value).is_none_or(Task::has_ended)
}

fn all_of(parts: &[Value], kind: TypeRef) -> Option<State> {
    if !parts.iter().all(has_ended) {
        return None;
    }
    if let Some(failure) = parts.iter().filter_map(task).find_map(Task::failure) {
        return Some(State::Failed(failure));
    }
    let results = parts.iter().filter_map(task).filter_map(|part| part.result(false).ok()).collect();
    let wanted = kind.info().arguments.first().and_then(|array| array.info().element);
    Some(State::Done(wanted.map_or(Value::Null, |element| Value::Array(Array::typed(element, results)))))
}

fn wait(engine: &mut dyn Engine, value: &Value, most: Option<Duration>) -> Outcome<bool> {
    let Some(task) = task(value) else { return Ok(true) };
    wait_until(engine, most, || task.has_ended())
}

/// Waits for the end, and gives the result.
fn finished(engine: &mut dyn Engine, value: &Value, awaited: bool) -> Outcome<Value> {
    wait(engine, value, None)?;
    task(value).map_or(Ok(Value::Null), |task| task.result(awaited))
}

fn wait_for(c: &mut Call<'_>) -> Outcome<Value> {
    let most = if c.args.is_empty() { None } else { limit(c, 0)? };
    let done = wait(c.engine, c.this, most)?;
    if done {
        finished(c.engine, c.this, false)?;
    }
    Ok(if c.args.is_empty() { Value::Nothing } else { Value::Bool(done) })
}

fn delay(c: &mut Call<'_>) -> Outcome<Value> {
    let until = limit(c, 0)?.and_then(|after| Instant::now().checked_add(after));
    Ok(made(None, until.map_or(State::Promised, State::At)))
}

/// The type of result that all of several tasks share.
fn common_result(parts: &[Value]) -> Option<TypeRef> {
    let of = |part: &Value| task(part).and_then(|task| task.kind.info().arguments.first().copied());
    let first = of(parts.first()?)?;
    parts.iter().all(|part| of(part) == Some(first)).then_some(first)
}

fn wait_several(c: &mut Call<'_>, any: bool) -> Outcome<Value> {
    let parts = items(c.arg(0));
    let most = if c.args.len() > 1 { limit(c, 1)? } else { None };
    let ended = |parts: &[Value]| if any { parts.iter().any(has_ended) } else { parts.iter().all(has_ended) };
    let done = wait_until(c.engine, most, || ended(&parts))?;
    if any {
        let first = parts.iter().position(has_ended);
        return Ok(Value::I32(first.map_or(-1, |at| at as i32)));
    }
    for part in parts.iter().filter(|_| done) {
        finished(c.engine, part, false)?;
    }
    Ok(if c.args.len() > 1 { Value::Bool(done) } else { Value::Nothing })
}

fn aggregate(value: &Value) -> Value {
    let Some(inner) = task(value).and_then(Task::failure) else { return Value::Null };
    let text = format!("One or more errors occurred. ({})", inner.message.borrow());
    Value::Exception(Rc::new(Exception::new(TypeRef::AGGREGATE_EXCEPTION, text, Some(inner))))
}

const METHODS: &[Row] = &[
    ("void Wait()", wait_for),
    ("bool Wait(int millisecondsTimeout)", wait_for),
    ("bool Wait(timespan timeout)", wait_for),
    ("System.Runtime.CompilerServices.TaskAwaiter GetAwaiter()", |c| Ok(Native::value(Awaiter(c.this.clone())))),
    ("System.Threading.Tasks.Task ConfigureAwait(bool continueOnCapturedContext)", |c| Ok(c.this.clone())),
    ("System.Threading.Tasks.Task WaitAsync(timespan timeout)", |c| Ok(c.this.clone())),
    ("void Dispose()", |_| Ok(Value::Nothing)),
];

const STATICS: &[Row] = &[
    ("static System.Threading.Tasks.Task Delay(int millisecondsDelay)", delay),
    ("static System.Threading.Tasks.Task Delay(timespan delay)", delay),
    ("static System.Threading.Tasks.Task FromResult(System.Object result)", |c| {
        let result = c.take(0);
        Ok(completed(Some(TypeRef::of(&result)), result))
    }),
    ("static System.Threading.Tasks.Task FromException(System.Exception exception)", |c| match c.arg(0) {
        Value::Exception(exception) => Ok(made(None, State::Failed(exception.clone()))),
        _ => Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no exception.")),
    }),
    ("static System.Threading.Tasks.Task WhenAll(params System.Threading.Tasks.Task[] tasks)", |c| {
        let parts = c.items(0);
        let result = common_result(&parts).map(TypeRef::array_of);
        Ok(made(result, State::All(parts)))
    }),
    ("static System.Threading.Tasks.Task WhenAny(params System.Threading.Tasks.Task[] tasks)", |c| {
        let parts = c.items(0);
        Ok(made(Some(TypeRef::TASK), State::Any(parts)))
    }),
    ("static void WaitAll(params System.Threading.Tasks.Task[] tasks)", |c| wait_several(c, false)),
    ("static bool WaitAll(System.Threading.Tasks.Task[] tasks, int millisecondsTimeout)", |c| wait_several(c, false)),
    ("static int WaitAny(params System.Threading.Tasks.Task[] tasks)", |c| wait_several(c, true)),
    ("static int WaitAny(System.Threading.Tasks.Task[] tasks, int millisecondsTimeout)", |c| wait_several(c, true)),
];

fn flag(value: &Value, look: impl FnOnce(&Task) -> bool) -> Outcome<Value> {
    Ok(Value::Bool(task(value).is_some_and(look)))
}

const PROPERTIES: &[PropertyRow] = &[
    get("Id", "int", |_, v| Ok(Value::I32(task(v).map_or(0, |task| task.number)))),
    get("Exception", "System.AggregateException", |_, v| Ok(aggregate(v))),
    get("Status", "System.Threading.Tasks.TaskStatus", |_, v| {
        Ok(TypeRef::TASK_STATUS.enum_of(task(v).map_or(0, Task::status)))
    }),
    get("IsCanceled", "bool", |_, v| flag(v, |task| task.status() == 6)),
    get("IsCompleted", "bool", |_, v| flag(v, Task::has_ended)),
    get("IsCompletedSuccessfully", "bool", |_, v| flag(v, |task| task.status() == 5)),
    get("CreationOptions", "System.Object", |_, _| Ok(Value::from("None"))),
    get("AsyncState", "System.Object", |_, _| Ok(Value::Null)),
    get("IsFaulted", "bool", |_, v| flag(v, |task| task.status() == 7)),
];

pub(super) static TASK: Table = Table {
    methods: METHODS,
    statics: STATICS,
    properties: PROPERTIES,
    static_properties: &[get("CompletedTask", "System.Threading.Tasks.Task", |_, _| Ok(completed(None, Value::Null)))],
    ..Table::EMPTY
};

pub(super) static TASK_OF: Table =
    Table { properties: &[get("Result", "T", |engine, v| finished(engine, v, false))], ..Table::EMPTY };

/// What `GetAwaiter` gives.
struct Awaiter(Value);

impl NativeObject for Awaiter {
    fn kind(&self) -> TypeRef {
        let arguments = task(&self.0).map_or(&[][..], |task| task.kind.info().arguments);
        TypeRef::generic(TypeRef::TASK_AWAITER_OF, arguments).unwrap_or(TypeRef::TASK_AWAITER)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) static AWAITER: Table = Table {
    methods: &[("System.Object GetResult()", |c| {
        let Some(awaited) = state::<Awaiter>(c.this) else { return Ok(Value::Null) };
        let result = finished(c.engine, &awaited.0, true)?;
        let plain = task(&awaited.0).is_some_and(|task| task.kind == TypeRef::TASK);
        Ok(if plain { Value::Nothing } else { result })
    })],
    properties: &[get("IsCompleted", "bool", |_, v| {
        Ok(Value::Bool(state::<Awaiter>(v).is_some_and(|awaiter| has_ended(&awaiter.0))))
    })],
    ..Table::EMPTY
};

/// A task that ends when its source says so.
struct Completion {
    kind: TypeRef,
    task: Value,
}

impl NativeObject for Completion {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Ends the task unless it has ended before.
fn end(value: &Value, next: State) -> bool {
    let Some(task) = state::<Completion>(value).and_then(|source| task(&source.task)) else { return false };
    let open = !task.has_ended();
    if open {
        task.state.replace(next);
    }
    open
}

fn end_or_fail(value: &Value, next: State) -> Outcome<Value> {
    match end(value, next) {
        true => Ok(Value::Nothing),
        false => Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The task has ended already.")),
    }
}

fn failed(c: &Call<'_>) -> State {
    match c.arg(0) {
        Value::Exception(exception) => State::Failed(exception.clone()),
        _ => State::Canceled,
    }
}

pub(super) static COMPLETION: Table = Table {
    constructors: &[("TaskCompletionSource()", |c| {
        let result = c.type_argument(0);
        Ok(Native::value(Completion { kind: c.kind, task: made(Some(result), State::Promised) }))
    })],
    methods: &[
        ("void SetResult(T result)", |c| {
            let result = c.take(0);
            end_or_fail(c.this, State::Done(result))
        }),
        ("bool TrySetResult(T result)", |c| {
            let result = c.take(0);
            Ok(Value::Bool(end(c.this, State::Done(result))))
        }),
        ("void SetException(System.Exception exception)", |c| end_or_fail(c.this, failed(c))),
        ("bool TrySetException(System.Exception exception)", |c| Ok(Value::Bool(end(c.this, failed(c))))),
        ("void SetCanceled()", |c| end_or_fail(c.this, State::Canceled)),
        ("bool TrySetCanceled()", |c| Ok(Value::Bool(end(c.this, State::Canceled)))),
    ],
    properties: &[get("Task", "System.Threading.Tasks.Task", |_, v| {
        Ok(state::<Completion>(v).map_or(Value::Null, |source| source.task.clone()))
    })],
    ..Table::EMPTY
};
