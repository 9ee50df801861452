//! `CancellationTokenSource` and its tokens.

use super::{limit, state};
use crate::value::members::table::{Call, Table, get};
use crate::value::members::thrown;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

/// Whether, and from when on, work is to stop.
#[derive(Default)]
struct Request {
    cancelled: Cell<bool>,
    at: Cell<Option<Instant>>,
}

impl Request {
    fn holds(&self) -> bool {
        if self.at.get().is_some_and(|at| at <= Instant::now()) {
            self.cancelled.set(true);
        }
        self.cancelled.get()
    }
}

struct Source(Rc<Request>);

impl NativeObject for Source {
    fn kind(&self) -> TypeRef {
        TypeRef::CANCELLATION_TOKEN_SOURCE
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A token; without a source it is never cancelled.
struct Token(Option<Rc<Request>>);

impl NativeObject for Token {
    fn kind(&self) -> TypeRef {
        TypeRef::CANCELLATION_TOKEN
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn source(value: &Value) -> Rc<Request> {
    state::<Source>(value).map(|source| source.0.clone()).unwrap_or_default()
}

fn is_cancelled(value: &Value) -> bool {
    state::<Token>(value).and_then(|token| token.0.as_ref()).is_some_and(|request| request.holds())
}

fn cancel_after(request: &Request, c: &Call<'_>) -> Outcome<()> {
    request.at.set(limit(c, 0)?.and_then(|after| Instant::now().checked_add(after)));
    Ok(())
}

fn cancel_later(c: &mut Call<'_>) -> Outcome<Value> {
    cancel_after(&source(c.this), c)?;
    Ok(Value::Nothing)
}

fn later(c: &mut Call<'_>) -> Outcome<Value> {
    let request = Rc::new(Request::default());
    cancel_after(&request, c)?;
    Ok(Native::value(Source(request)))
}

pub(super) static SOURCE: Table = Table {
    constructors: &[
        ("CancellationTokenSource()", |_| Ok(Native::value(Source(Rc::default())))),
        ("CancellationTokenSource(int millisecondsDelay)", later),
        ("CancellationTokenSource(timespan delay)", later),
    ],
    methods: &[
        ("void Cancel()", |c| {
            source(c.this).cancelled.set(true);
            Ok(Value::Nothing)
        }),
        ("void CancelAfter(int millisecondsDelay)", cancel_later),
        ("void CancelAfter(timespan delay)", cancel_later),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    properties: &[
        get("IsCancellationRequested", "bool", |_, v| Ok(Value::Bool(source(v).holds()))),
        get("Token", "System.Threading.CancellationToken", |_, v| Ok(Native::value(Token(Some(source(v)))))),
    ],
    ..Table::EMPTY
};

pub(super) static TOKEN: Table = Table {
    constructors: &[("CancellationToken(bool canceled)", |c| {
        let request = Request::default();
        request.cancelled.set(c.flag(0));
        Ok(Native::value(Token(Some(Rc::new(request)))))
    })],
    methods: &[("void ThrowIfCancellationRequested()", |c| match is_cancelled(c.this) {
        true => Err(thrown(TypeRef::OPERATION_CANCELED_EXCEPTION, "The operation was cancelled.")),
        false => Ok(Value::Nothing),
    })],
    properties: &[
        get("IsCancellationRequested", "bool", |_, v| Ok(Value::Bool(is_cancelled(v)))),
        get("CanBeCanceled", "bool", |_, v| Ok(Value::Bool(state::<Token>(v).is_some_and(|token| token.0.is_some())))),
    ],
    static_properties: &[get("None", "System.Threading.CancellationToken", |_, _| Ok(Native::value(Token(None))))],
    ..Table::EMPTY
};
