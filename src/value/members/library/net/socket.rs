//! `TcpClient`, `TcpListener` and `IPEndPoint`: connections as scripts test ports and speak plain protocols with them.

use super::super::io::stream_over;
use super::super::threading;
use super::address::{Address, address};
use super::state;
use crate::value::members::table::{Call, PropertyRow, Table, get, set};
use crate::value::members::{integer_of, thrown};
use crate::value::object::NativeObject;
use crate::value::{Engine, Native, Outcome, TypeRef, Unwind, Value};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where a connection that a thread makes is put. A client that is closed meanwhile drops it.
type Place = Arc<Mutex<Option<TcpStream>>>;

struct Client {
    place: Place,
    /// Times for reading and writing, in milliseconds; 0 for as long as it takes.
    receive: Cell<i32>,
    send: Cell<i32>,
    closed: Cell<bool>,
}

impl NativeObject for Client {
    fn kind(&self) -> TypeRef {
        TypeRef::TCP_CLIENT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn new_client(place: Place) -> Client {
    Client { place, receive: Cell::new(0), send: Cell::new(0), closed: Cell::new(false) }
}

fn failed(error: &io::Error) -> Unwind {
    thrown(TypeRef::SOCKET_EXCEPTION, format!("The connection failed: {error}."))
}

fn disposed() -> Unwind {
    thrown(TypeRef::OBJECT_DISPOSED_EXCEPTION, "The client is closed.")
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Client> {
    let client = state::<Client>(c.this).ok_or_else(disposed)?;
    if client.closed.get() { Err(disposed()) } else { Ok(client) }
}

/// The host and port of two arguments.
fn target(c: &Call<'_>) -> Outcome<(String, u16)> {
    let host = match c.arg(0) {
        Value::Str(text) => text.to_string(),
        other => address(other).to_string(),
    };
    let port = u16::try_from(c.int(1)).ok();
    let port = port.ok_or_else(|| {
        thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, format!("{} is no port from 0 to 65535.", c.int(1)))
    })?;
    Ok((host, port))
}

/// Connects on a thread; the task ends when the connection stands.
fn connecting(place: Place, host: String, port: u16) -> Value {
    let work = move || {
        let found: Vec<SocketAddr> = (host.as_str(), port).to_socket_addrs()?.collect();
        let stream = TcpStream::connect(&found[..])?;
        place.lock().unwrap_or_else(PoisonError::into_inner).replace(stream);
        io::Result::Ok(())
    };
    threading::background(None, work, |done| match done {
        Ok(()) => Ok(Value::Null),
        Err(error) => Err(failed(&error)),
    })
}

/// Connects, while what else runs goes on.
fn connect(c: &mut Call<'_>, place: Place) -> Outcome<()> {
    let (host, port) = target(c)?;
    let task = connecting(place, host, port);
    let awaiter = crate::value::members::call(c.engine, &task, "GetAwaiter", Vec::new())?;
    crate::value::members::call(c.engine, &awaiter, "GetResult", Vec::new()).map_err(inner)?;
    Ok(())
}

/// What was thrown in a call from here, without the wrapping that scripts' calls get.
fn inner(unwind: Unwind) -> Unwind {
    match crate::value::members::exception_of(&unwind).and_then(|exception| exception.inner.clone()) {
        Some(inner) => thrown(inner.kind, inner.message.borrow().to_string()),
        None => unwind,
    }
}

/// The connection, for as long as it is looked at.
fn with<R>(client: &Client, look: impl FnOnce(&TcpStream) -> R) -> Option<R> {
    client.place.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(look)
}

fn is_connected(client: &Client) -> bool {
    with(client, |stream| stream.peer_addr().is_ok()).unwrap_or(false)
}

fn stream(c: &mut Call<'_>) -> Outcome<Value> {
    let client = this(c)?;
    let time = |milliseconds: i32| match milliseconds {
        0 => None,
        some => Some(Duration::from_millis(u64::from(some.unsigned_abs()))),
    };
    let copied = with(client, |stream| {
        stream.set_read_timeout(time(client.receive.get()))?;
        stream.set_write_timeout(time(client.send.get()))?;
        stream.try_clone()
    });
    match copied {
        Some(Ok(copy)) => Ok(stream_over(copy)),
        Some(Err(error)) => Err(failed(&error)),
        None => Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The client is not connected.")),
    }
}

fn close(client: &Client) {
    client.closed.set(true);
    let stream = client.place.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(stream) = stream {
        // A peer that has gone already leaves nothing to shut.
        let _ = stream.shutdown(std::net::Shutdown::Both);
    }
}

fn closed(c: &mut Call<'_>) -> Outcome<Value> {
    if let Some(client) = state::<Client>(c.this) {
        close(client);
    }
    Ok(Value::Nothing)
}

fn made(c: &mut Call<'_>) -> Outcome<Value> {
    let place = Place::default();
    if c.args.len() == 2 {
        connect(c, place.clone())?;
    }
    Ok(Native::value(new_client(place)))
}

fn connect_now(c: &mut Call<'_>) -> Outcome<Value> {
    let place = this(c)?.place.clone();
    connect(c, place)?;
    Ok(Value::Nothing)
}

fn connect_later(c: &mut Call<'_>) -> Outcome<Value> {
    let place = this(c)?.place.clone();
    let (host, port) = target(c)?;
    Ok(connecting(place, host, port))
}

fn read(value: &Value, look: impl FnOnce(&Client) -> Value) -> Outcome<Value> {
    Ok(state::<Client>(value).map_or(Value::Null, look))
}

fn change(value: &Value, change: impl FnOnce(&Client)) -> Outcome<()> {
    if let Some(client) = state::<Client>(value) {
        change(client);
    }
    Ok(())
}

fn number(value: &Value) -> i32 {
    integer_of(value).and_then(|number| i32::try_from(number).ok()).unwrap_or(0)
}

const CLIENT_PROPERTIES: &[PropertyRow] = &[
    get("Available", "int", |_, v| {
        read(v, |client| {
            let waiting = with(client, |stream| {
                let mut buffer = [0; 4096];
                stream.set_nonblocking(true).ok()?;
                let count = stream.peek(&mut buffer).unwrap_or(0);
                stream.set_nonblocking(false).ok()?;
                Some(count as i32)
            });
            Value::I32(waiting.flatten().unwrap_or(0))
        })
    }),
    get("Connected", "bool", |_, v| read(v, |client| Value::Bool(is_connected(client)))),
    set(
        "ReceiveTimeout",
        "int",
        |_, v| read(v, |client| Value::I32(client.receive.get())),
        |_, v, new| change(v, |client| client.receive.set(number(&new))),
    ),
    set(
        "SendTimeout",
        "int",
        |_, v| read(v, |client| Value::I32(client.send.get())),
        |_, v, new| change(v, |client| client.send.set(number(&new))),
    ),
    set(
        "NoDelay",
        "bool",
        |_, v| read(v, |client| Value::Bool(with(client, |s| s.nodelay().unwrap_or(false)).unwrap_or(false))),
        |_, v, new| {
            let on = matches!(new, Value::Bool(true));
            change(v, |client| drop(with(client, |stream| stream.set_nodelay(on))))
        },
    ),
];

pub(super) static CLIENT: Table = Table {
    constructors: &[("TcpClient()", made), ("TcpClient(string hostname, int port)", made)],
    methods: &[
        ("void Connect(string hostname, int port)", connect_now),
        ("void Connect(ipaddress address, int port)", connect_now),
        ("System.Threading.Tasks.Task ConnectAsync(string host, int port)", connect_later),
        ("System.Threading.Tasks.Task ConnectAsync(ipaddress address, int port)", connect_later),
        ("System.Net.Sockets.NetworkStream GetStream()", stream),
        ("void Close()", closed),
        ("void Dispose()", closed),
    ],
    properties: CLIENT_PROPERTIES,
    ..Table::EMPTY
};

/// A place that takes connections.
struct Listener {
    address: SocketAddr,
    socket: RefCell<Option<TcpListener>>,
    /// Connections that were noticed and not yet asked for.
    waiting: RefCell<VecDeque<TcpStream>>,
}

impl NativeObject for Listener {
    fn kind(&self) -> TypeRef {
        TypeRef::TCP_LISTENER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn listener<'a>(c: &Call<'a>) -> Outcome<&'a Listener> {
    state::<Listener>(c.this).ok_or_else(disposed)
}

fn not_started() -> Unwind {
    thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The listener is not started.")
}

/// A connection that waits; `None` where there is none.
fn accept(listener: &Listener) -> Outcome<Option<TcpStream>> {
    let socket = listener.socket.borrow();
    let socket = socket.as_ref().ok_or_else(not_started)?;
    if let Some(known) = listener.waiting.borrow_mut().pop_front() {
        return Ok(Some(known));
    }
    match socket.accept() {
        Ok((stream, _)) => {
            stream.set_nonblocking(false).map_err(|error| failed(&error))?;
            Ok(Some(stream))
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

fn accepted(engine: &mut dyn Engine, listener: &Listener) -> Outcome<Value> {
    loop {
        if let Some(stream) = accept(listener)? {
            return Ok(Native::value(new_client(Arc::new(Mutex::new(Some(stream))))));
        }
        engine.pause(Duration::from_millis(5))?;
    }
}

/// Looks whether a connection waits, and keeps it for who asks.
fn pending(listener: &Listener) -> Outcome<bool> {
    let found = accept(listener)?;
    let mut waiting = listener.waiting.borrow_mut();
    found.into_iter().for_each(|stream| waiting.push_front(stream));
    Ok(!waiting.is_empty())
}

fn listen(c: &mut Call<'_>) -> Outcome<Value> {
    let listener = listener(c)?;
    let socket = TcpListener::bind(listener.address).map_err(|error| failed(&error))?;
    socket.set_nonblocking(true).map_err(|error| failed(&error))?;
    listener.socket.replace(Some(socket));
    Ok(Value::Nothing)
}

fn stop(c: &mut Call<'_>) -> Outcome<Value> {
    listener(c)?.socket.replace(None);
    Ok(Value::Nothing)
}

fn bound(listener: &Listener) -> SocketAddr {
    listener.socket.borrow().as_ref().and_then(|socket| socket.local_addr().ok()).unwrap_or(listener.address)
}

pub(super) static LISTENER: Table = Table {
    constructors: &[
        ("TcpListener(ipaddress localaddr, int port)", |c| {
            let port = u16::try_from(c.int(1)).unwrap_or(0);
            let address = SocketAddr::new(address(c.arg(0)), port);
            Ok(Native::value(Listener { address, socket: RefCell::default(), waiting: RefCell::default() }))
        }),
        ("TcpListener(System.Net.IPEndPoint localEP)", |c| {
            let address = end_point(c.arg(0)).unwrap_or(SocketAddr::from(([0, 0, 0, 0], 0)));
            Ok(Native::value(Listener { address, socket: RefCell::default(), waiting: RefCell::default() }))
        }),
    ],
    methods: &[
        ("void Start()", listen),
        ("void Start(int backlog)", listen),
        ("void Stop()", stop),
        ("void Dispose()", stop),
        ("bool Pending()", |c| pending(listener(c)?).map(Value::Bool)),
        ("System.Net.Sockets.TcpClient AcceptTcpClient()", |c| {
            let listener = listener(c)?;
            accepted(c.engine, listener)
        }),
    ],
    properties: &[get("LocalEndpoint", "System.Net.EndPoint", |_, v| {
        Ok(state::<Listener>(v)
            .map_or(Value::Null, |listener| Native::value(EndPoint(Rc::new(Cell::new(bound(listener)))))))
    })],
    ..Table::EMPTY
};

/// An address and a port.
struct EndPoint(Rc<Cell<SocketAddr>>);

impl NativeObject for EndPoint {
    fn kind(&self) -> TypeRef {
        TypeRef::IPENDPOINT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.get().to_string()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0.get() == other.0.get())
    }
}

fn end_point(value: &Value) -> Option<SocketAddr> {
    state::<EndPoint>(value).map(|point| point.0.get())
}

fn made_end_point(address: IpAddr, port: i64) -> Outcome<Value> {
    let port = u16::try_from(port)
        .map_err(|_| thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, format!("{port} is no port from 0 to 65535.")))?;
    Ok(Native::value(EndPoint(Rc::new(Cell::new(SocketAddr::new(address, port))))))
}

fn set_end_point(value: &Value, change: impl FnOnce(SocketAddr) -> SocketAddr) -> Outcome<()> {
    if let Some(point) = state::<EndPoint>(value) {
        point.0.set(change(point.0.get()));
    }
    Ok(())
}

pub(super) static END_POINT: Table = Table {
    constructors: &[
        ("IPEndPoint(ipaddress address, int port)", |c| made_end_point(address(c.arg(0)), c.int(1))),
        ("IPEndPoint(long address, int port)", |c| {
            made_end_point(IpAddr::from((c.int(0) as u32).to_le_bytes()), c.int(1))
        }),
    ],
    statics: &[("static System.Net.IPEndPoint Parse(string s)", |c| {
        let text = c.text(0);
        let found = text.parse::<SocketAddr>().ok();
        let plain = || super::address::read_address(text).map(|address| SocketAddr::new(address, 0));
        let found = found.or_else(plain);
        let found = found.ok_or_else(|| thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is no end point.")))?;
        made_end_point(found.ip(), i64::from(found.port()))
    })],
    properties: &[
        set(
            "Address",
            "ipaddress",
            |_, v| Ok(end_point(v).map_or(Value::Null, |point| Native::value(Address(point.ip())))),
            |_, v, new| set_end_point(v, |point| SocketAddr::new(address(&new), point.port())),
        ),
        get("AddressFamily", "System.Net.Sockets.AddressFamily", |_, v| {
            let v4 = end_point(v).is_some_and(|point| point.is_ipv4());
            Ok(TypeRef::ADDRESS_FAMILY.enum_of(if v4 { 2 } else { 23 }))
        }),
        set(
            "Port",
            "int",
            |_, v| Ok(end_point(v).map_or(Value::Null, |point| Value::I32(i32::from(point.port())))),
            |_, v, new| {
                let port = u16::try_from(number(&new)).unwrap_or(0);
                set_end_point(v, |point| SocketAddr::new(point.ip(), port))
            },
        ),
    ],
    ..Table::EMPTY
};
