//! Serving over sockets: limits on connections, heads and requests, and an end in good order.

use super::authentication::Peer;
use super::client_certificates::ClientCertificate;
use super::limits::Limits;
use super::router::refuse;
use super::tls::Tls;
use super::watched::Watched;
use crate::api::Problem;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// What a connection too many hears before it is closed (over TLS it hears nothing).
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Keeps what the process holds in memory, keys and tokens among it, out of core files and from debuggers of other users.
pub(super) fn keep_out_of_cores() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "a core file of this process would hold its secrets");
    }
}

/// Serves on a listener until the process is asked to end; calls under way are finished.
pub async fn serve_on(
    listener: TcpListener,
    tls: Option<Tls>,
    router: axum::Router,
    limits: Limits,
) -> Result<(), Problem> {
    let (closing, _) = watch::channel(false);
    let slots = Slots::new(&limits);
    let router = router.layer(middleware::from_fn_with_state(limits.request_time, within_time));
    let mut end = std::pin::pin!(shutdown_signal());
    loop {
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors, mostly: wait for some to close.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        match slots.take(address.ip()) {
            Some(slot) => {
                let work = converse(stream, address, tls.clone(), router.clone(), &limits);
                tokio::spawn(work.run(closing.subscribe(), slot));
            }
            None => turn_away(stream, address, tls.is_none()).await,
        }
    }
    super::notify::tell("STOPPING=1");
    drop(listener);
    closing.send_replace(true);
    if tokio::time::timeout(DRAIN_LIMIT, slots.all_free()).await.is_err() {
        tracing::warn!("connections were cut at shutdown");
    }
    Ok(())
}

/// An answer that takes too long is given up; what it was doing ends by itself, and a retry finds its reply.
async fn within_time(State(limit): State<Duration>, request: Request<Body>, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("The request took longer than {} s; send the same one again.", limit.as_secs_f32());
            refuse(Problem::new("PC-E87", message))
        }
    }
}

async fn turn_away(mut stream: TcpStream, address: SocketAddr, clear: bool) {
    tracing::warn!(%address, "too many connections");
    if clear {
        // Who does not read the refusal within the time does not get it.
        let _ = tokio::time::timeout(Duration::from_millis(50), stream.write_all(FULL)).await;
    }
}

/// Places for connections, in all and by address.
struct Slots {
    all: Arc<Semaphore>,
    total: u32,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most_per_address: usize,
}

/// One place, given back when dropped.
struct Slot {
    _permit: OwnedSemaphorePermit,
    address: IpAddr,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Slots {
    fn new(limits: &Limits) -> Self {
        Slots {
            all: Arc::new(Semaphore::new(limits.connections)),
            total: u32::try_from(limits.connections).unwrap_or(u32::MAX),
            by_address: Arc::default(),
            most_per_address: limits.connections_per_address,
        }
    }

    fn take(&self, address: IpAddr) -> Option<Slot> {
        let permit = self.all.clone().try_acquire_owned().ok()?;
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = by_address.entry(address).or_insert(0);
        if *count >= self.most_per_address {
            return None;
        }
        *count += 1;
        Some(Slot { _permit: permit, address, by_address: self.by_address.clone() })
    }

    async fn all_free(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.total).await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

/// One connection with all it needs.
struct Conversation {
    stream: TcpStream,
    address: SocketAddr,
    tls: Option<Tls>,
    router: axum::Router,
    head_time: Duration,
    stall_time: Duration,
}

fn converse(
    stream: TcpStream,
    address: SocketAddr,
    tls: Option<Tls>,
    router: axum::Router,
    limits: &Limits,
) -> Conversation {
    let (head_time, stall_time) = (limits.head_time, limits.stall_time);
    Conversation { stream, address, tls, router, head_time, stall_time }
}

impl Conversation {
    async fn run(self, close: watch::Receiver<bool>, slot: Slot) {
        // Answers go out at once; waiting to fill a packet only delays them.
        let _ = self.stream.set_nodelay(true);
        let mut peer = Peer { address: self.address.ip(), certificate: None };
        match self.tls {
            None => {
                let stream = Watched::new(self.stream, self.head_time, self.stall_time);
                exchange(stream, self.router, peer, self.head_time, close).await;
            }
            Some(tls) => {
                match tokio::time::timeout(HANDSHAKE_LIMIT, tls.acceptor().accept(self.stream).into_fallible()).await {
                    Ok(Ok(stream)) => {
                        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
                        peer.certificate = ClientCertificate::read(certificates);
                        let stream = Watched::new(stream, self.head_time, self.stall_time);
                        exchange(stream, self.router, peer, self.head_time, close).await;
                    }
                    Ok(Err((error, stream))) => {
                        tracing::info!(%error, address = %peer.address, "a TLS handshake failed");
                        part(stream).await;
                    }
                    Err(_) => tracing::info!(address = %peer.address, "a TLS handshake took too long"),
                }
            }
        }
        drop(slot);
    }
}

/// Closes so that the other side can still read why: what it has sent is taken off first, for a moment.
async fn part(mut stream: TcpStream) {
    let farewell = async {
        let _ = stream.shutdown().await;
        let _ = tokio::io::copy(&mut stream.take(1 << 16), &mut tokio::io::sink()).await;
    };
    // Who goes on sending is cut off.
    let _ = tokio::time::timeout(Duration::from_millis(250), farewell).await;
}

async fn exchange<S>(stream: S, router: axum::Router, peer: Peer, head_time: Duration, mut close: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head_time).max_buf_size(128 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(64 * 1024)
        .keep_alive_interval(Some(Duration::from_secs(20)))
        .keep_alive_timeout(Duration::from_secs(20));
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer.clone());
        request
    });
    let mut connection =
        std::pin::pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        _ = close.changed() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended with an error");
    }
}

async fn shutdown_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
