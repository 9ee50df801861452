//! `Mutex`, semaphores and events. They are of this process alone; a name only tells whether one was made before.

use super::super::psobject::set_reference;
use super::{caller, limit, state, wait_until};
use crate::value::members::table::{Call, PropertyRow, Row, Table, get};
use crate::value::members::thrown;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use rustc_hash::FxHashMap;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// What is waited for.
enum Signal {
    /// Held by a caller, so many times.
    Mutex { owner: Cell<usize>, count: Cell<usize> },
    /// How many may still come in.
    Semaphore { free: Cell<i64>, most: i64 },
    /// Set or not; the automatic kind lets one in.
    Event { set: Cell<bool>, automatic: bool },
}

thread_local! {
    static NAMED: RefCell<FxHashMap<String, Rc<Signal>>> = RefCell::default();
}

struct Handle {
    kind: TypeRef,
    signal: Rc<Signal>,
}

impl NativeObject for Handle {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Signal {
    /// Passes where that can be done at once.
    fn pass(&self, caller: usize) -> bool {
        match self {
            Signal::Mutex { owner, count } => {
                let free = count.get() == 0 || owner.get() == caller;
                if free {
                    owner.set(caller);
                    count.set(count.get() + 1);
                }
                free
            }
            Signal::Semaphore { free, .. } => {
                let passes = free.get() > 0;
                free.set(free.get() - i64::from(passes));
                passes
            }
            Signal::Event { set, automatic } => {
                let passes = set.get();
                set.set(passes && !automatic);
                passes
            }
        }
    }
}

fn mutex() -> Signal {
    Signal::Mutex { owner: Cell::new(0), count: Cell::new(0) }
}

fn made(kind: TypeRef, signal: Signal) -> Value {
    Native::value(Handle { kind, signal: Rc::new(signal) })
}

/// One by name; the second value tells whether it is new.
fn named(kind: TypeRef, name: &str, signal: Signal) -> (Value, bool) {
    if name.is_empty() {
        return (made(kind, signal), true);
    }
    NAMED.with_borrow_mut(|named| {
        let key = format!("{}:{name}", kind.name());
        let is_new = !named.contains_key(&key);
        let signal = named.entry(key).or_insert_with(|| Rc::new(signal)).clone();
        (Native::value(Handle { kind, signal }), is_new)
    })
}

fn signal(value: &Value) -> Outcome<Rc<Signal>> {
    state::<Handle>(value)
        .map(|handle| handle.signal.clone())
        .ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "This is nothing to wait for."))
}

fn wait(c: &mut Call<'_>, most: Option<Duration>) -> Outcome<bool> {
    let (signal, caller) = (signal(c.this)?, caller(&*c.engine));
    wait_until(c.engine, most, || signal.pass(caller))
}

fn wait_at_most(c: &mut Call<'_>) -> Outcome<Value> {
    let most = limit(c, 0)?;
    wait(c, most).map(Value::Bool)
}

fn several(c: &mut Call<'_>) -> Outcome<Vec<Rc<Signal>>> {
    c.items(0).iter().map(signal).collect()
}

fn wait_all(c: &mut Call<'_>, most: Option<Duration>) -> Outcome<Value> {
    let (mut left, caller) = (several(c)?, caller(&*c.engine));
    let done = wait_until(c.engine, most, || {
        left.retain(|signal| !signal.pass(caller));
        left.is_empty()
    })?;
    Ok(Value::Bool(done))
}

fn wait_any(c: &mut Call<'_>, most: Option<Duration>) -> Outcome<Value> {
    const TIMEOUT: i32 = 258;
    let (all, caller) = (several(c)?, caller(&*c.engine));
    let mut passed = TIMEOUT;
    wait_until(c.engine, most, || {
        let found = all.iter().position(|signal| signal.pass(caller));
        passed = found.map_or(TIMEOUT, |at| at as i32);
        found.is_some()
    })?;
    Ok(Value::I32(passed))
}

pub(super) static HANDLE: Table = Table {
    methods: &[
        ("bool WaitOne()", |c| wait(c, None).map(Value::Bool)),
        ("bool WaitOne(int millisecondsTimeout)", wait_at_most),
        ("bool WaitOne(timespan timeout)", wait_at_most),
        ("bool WaitOne(int millisecondsTimeout, bool exitContext)", wait_at_most),
        ("void Close()", |_| Ok(Value::Nothing)),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    statics: &[
        ("static bool WaitAll(System.Threading.WaitHandle[] waitHandles)", |c| wait_all(c, None)),
        ("static bool WaitAll(System.Threading.WaitHandle[] waitHandles, int millisecondsTimeout)", |c| {
            let most = limit(c, 1)?;
            wait_all(c, most)
        }),
        ("static int WaitAny(System.Threading.WaitHandle[] waitHandles)", |c| wait_any(c, None)),
        ("static int WaitAny(System.Threading.WaitHandle[] waitHandles, int millisecondsTimeout)", |c| {
            let most = limit(c, 1)?;
            wait_any(c, most)
        }),
    ],
    static_properties: &[get("WaitTimeout", "int", |_, _| Ok(Value::I32(258)))],
    ..Table::EMPTY
};

fn new_mutex(c: &mut Call<'_>) -> Outcome<Value> {
    let (owned, name) = (c.flag(0), c.text(1).to_owned());
    let (value, is_new) = named(c.kind, &name, mutex());
    if owned && is_new {
        signal(&value)?.pass(caller(&*c.engine));
    }
    if c.args.len() > 2 {
        set_reference(c.arg(2), Value::Bool(is_new))?;
    }
    Ok(value)
}

pub(super) static MUTEX: Table = Table {
    constructors: &[
        ("Mutex()", new_mutex),
        ("Mutex(bool initiallyOwned)", new_mutex),
        ("Mutex(bool initiallyOwned, string name)", new_mutex),
        ("Mutex(bool initiallyOwned, string name, [ref] bool createdNew)", new_mutex),
    ],
    methods: &[("void ReleaseMutex()", |c| {
        let caller = caller(&*c.engine);
        match &*signal(c.this)? {
            Signal::Mutex { owner, count } if owner.get() == caller && count.get() > 0 => {
                count.set(count.get() - 1);
                Ok(Value::Nothing)
            }
            _ => Err(thrown(TypeRef::APPLICATION_EXCEPTION, "The mutex is not held by this caller.")),
        }
    })],
    statics: &[("static bool TryOpenExisting(string name, [ref] System.Threading.Mutex result)", |c| {
        let key = format!("{}:{}", TypeRef::MUTEX.name(), c.text(0));
        let found = NAMED.with_borrow(|named| named.get(&key).cloned());
        let there = found.is_some();
        let value = found.map_or(Value::Null, |signal| Native::value(Handle { kind: TypeRef::MUTEX, signal }));
        set_reference(c.arg(1), value)?;
        Ok(Value::Bool(there))
    })],
    ..Table::EMPTY
};

fn new_semaphore(c: &mut Call<'_>) -> Outcome<Value> {
    let free = c.int(0);
    let most = if c.args.len() > 1 { c.int(1) } else { i64::from(i32::MAX) };
    if free < 0 || most < 1 {
        return Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The counts of a semaphore are not negative."));
    }
    if free > most {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The first count is above the largest."));
    }
    let name = c.text(2).to_owned();
    Ok(named(c.kind, &name, Signal::Semaphore { free: Cell::new(free), most }).0)
}

fn release(c: &mut Call<'_>) -> Outcome<Value> {
    let count = if c.args.is_empty() { 1 } else { c.int(0) };
    match &*signal(c.this)? {
        Signal::Semaphore { free, most } if free.get() + count <= *most => {
            let before = free.replace(free.get() + count);
            Ok(Value::I32(before as i32))
        }
        _ => Err(thrown(TypeRef::SEMAPHORE_FULL_EXCEPTION, "The semaphore would hold more than it may.")),
    }
}

const RELEASE: [Row; 2] = [("int Release()", release), ("int Release(int releaseCount)", release)];

pub(super) static SEMAPHORE: Table = Table {
    constructors: &[
        ("Semaphore(int initialCount, int maximumCount)", new_semaphore),
        ("Semaphore(int initialCount, int maximumCount, string name)", new_semaphore),
    ],
    methods: &RELEASE,
    ..Table::EMPTY
};

pub(super) static SEMAPHORE_SLIM: Table = Table {
    constructors: &[
        ("SemaphoreSlim(int initialCount)", new_semaphore),
        ("SemaphoreSlim(int initialCount, int maxCount)", new_semaphore),
    ],
    methods: &[
        RELEASE[0],
        RELEASE[1],
        ("void Wait()", |c| wait(c, None).map(|_| Value::Nothing)),
        ("bool Wait(int millisecondsTimeout)", wait_at_most),
        ("bool Wait(timespan timeout)", wait_at_most),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    properties: &[get("CurrentCount", "int", |_, v| match state::<Handle>(v).map(|handle| &*handle.signal) {
        Some(Signal::Semaphore { free, .. }) => Ok(Value::I32(free.get() as i32)),
        _ => Ok(Value::I32(0)),
    })],
    ..Table::EMPTY
};

fn event(kind: TypeRef, set: bool, automatic: bool) -> Value {
    made(kind, Signal::Event { set: Cell::new(set), automatic })
}

fn set_event(value: &Value, new: bool) -> Outcome<Value> {
    if let Signal::Event { set, .. } = &*signal(value)? {
        set.set(new);
    }
    Ok(Value::Bool(true))
}

fn is_set(value: &Value) -> bool {
    matches!(state::<Handle>(value).map(|handle| &*handle.signal), Some(Signal::Event { set, .. }) if set.get())
}

const SET: [Row; 2] = [("bool Set()", |c| set_event(c.this, true)), ("bool Reset()", |c| set_event(c.this, false))];

pub(super) static EVENT: Table = Table {
    constructors: &[
        ("EventWaitHandle(bool initialState, System.Threading.EventResetMode mode)", |c| {
            Ok(event(c.kind, c.flag(0), c.int(1) == 0))
        }),
        ("EventWaitHandle(bool initialState, System.Threading.EventResetMode mode, string name)", |c| {
            let (set, automatic, name) = (Cell::new(c.flag(0)), c.int(1) == 0, c.text(2).to_owned());
            Ok(named(c.kind, &name, Signal::Event { set, automatic }).0)
        }),
    ],
    methods: &SET,
    ..Table::EMPTY
};

pub(super) static MANUAL: Table = Table {
    constructors: &[("ManualResetEvent(bool initialState)", |c| Ok(event(c.kind, c.flag(0), false)))],
    ..Table::EMPTY
};

pub(super) static AUTO: Table = Table {
    constructors: &[("AutoResetEvent(bool initialState)", |c| Ok(event(c.kind, c.flag(0), true)))],
    ..Table::EMPTY
};

const IS_SET: PropertyRow = get("IsSet", "bool", |_, v| Ok(Value::Bool(is_set(v))));

pub(super) static MANUAL_SLIM: Table = Table {
    constructors: &[
        ("ManualResetEventSlim()", |c| Ok(event(c.kind, false, false))),
        ("ManualResetEventSlim(bool initialState)", |c| Ok(event(c.kind, c.flag(0), false))),
    ],
    methods: &[
        ("void Set()", |c| set_event(c.this, true).map(|_| Value::Nothing)),
        ("void Reset()", |c| set_event(c.this, false).map(|_| Value::Nothing)),
        ("void Wait()", |c| wait(c, None).map(|_| Value::Nothing)),
        ("bool Wait(int millisecondsTimeout)", wait_at_most),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    properties: &[IS_SET],
    ..Table::EMPTY
};
