//! Serving over sockets: TLS, limits on connections and headers, and an end in good order.

use super::authority::{self, Algorithm, Wish};
use crate::api::Problem;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rcgen::DnType;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const MOST_CONNECTIONS: usize = 1024;
const HEADER_LIMIT: Duration = Duration::from_secs(10);
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// How connections are encrypted.
pub struct Tls {
    acceptor: TlsAcceptor,
    /// SHA-256 of the certificate, for people to compare.
    pub fingerprint: String,
}

/// TLS from the given certificate and key files, or from a pair in the data directory that is made when it is missing.
pub fn tls(data: &Path, files: Option<(PathBuf, PathBuf)>, address: SocketAddr) -> Result<Tls, Problem> {
    let (certificate, key) = match files {
        Some(files) => files,
        None => own_files(data, address)?,
    };
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        Problem::new("PC-E60", format!("'{}' cannot be read as PEM: {error}.", path.display()))
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(&certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|error| unreadable(&key, &error))?;
    let first = chain.first().ok_or_else(|| unreadable(&certificate, &"it holds no certificate"))?;
    let fingerprint: Vec<String> = Sha256::digest(first.as_ref()).iter().map(|byte| format!("{byte:02X}")).collect();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Problem::internal)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| Problem::new("PC-E76", format!("The certificate and the key do not fit: {error}.")))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint: fingerprint.join(":") })
}

/// The service's own certificate and key, by an authority of its own whose certificate clients can trust.
fn own_files(data: &Path, address: SocketAddr) -> Result<(PathBuf, PathBuf), Problem> {
    let (certificate, key, root) = (data.join("tls.pem"), data.join("tls.key"), data.join("tls-authority.pem"));
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let authority = authority::new_authority("pcsh service authority", now)?;
    let mut names = vec!["localhost".to_owned()];
    if !address.ip().is_unspecified() {
        names.push(address.ip().to_string());
    }
    names.extend(host_name());
    let wish = Wish {
        subject: vec![(DnType::CommonName, "pcsh service".to_owned())],
        names,
        algorithm: Algorithm::P256,
        client: false,
    };
    let mut serial = *uuid::Uuid::new_v4().as_bytes();
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    let issued = authority::issue(&authority, &wish, serial, now)?;
    std::fs::create_dir_all(data).map_err(|error| unwritable(data, &error))?;
    write_private(&root, &authority.certificate)?;
    write_private(&key, &issued.key)?;
    write_private(&certificate, &format!("{}{}", issued.certificate, authority.certificate))?;
    Ok((certificate, key))
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/etc/hostname").ok()?;
    let name = name.trim();
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)))
        .then(|| name.to_owned())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new("PC-E60", format!("'{}' cannot be written: {error}.", path.display()))
}

/// A file that only its owner reads.
fn write_private(path: &Path, text: &str) -> Result<(), Problem> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritable(path, &error))
}

/// Serves on a listener until the process is asked to end; calls under way are finished.
pub async fn serve_on(listener: TcpListener, tls: Option<Tls>, router: axum::Router) -> Result<(), Problem> {
    let (closing, _) = tokio::sync::watch::channel(false);
    let limit = Arc::new(tokio::sync::Semaphore::new(MOST_CONNECTIONS));
    let acceptor = tls.map(|tls| tls.acceptor);
    let mut end = std::pin::pin!(shutdown_signal());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of descriptors, mostly: wait for some to close.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        let Ok(permit) = limit.clone().try_acquire_owned() else { continue };
        let (router, close, acceptor) = (router.clone(), closing.subscribe(), acceptor.clone());
        tokio::spawn(async move {
            // Answers go out at once; waiting to fill a packet only delays them.
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => connection(stream, router, close).await,
                Some(acceptor) => match tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => connection(stream, router, close).await,
                    Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                },
            }
            drop(permit);
        });
    }
    drop(listener);
    closing.send_replace(true);
    let all = u32::try_from(MOST_CONNECTIONS).unwrap_or(u32::MAX);
    if tokio::time::timeout(DRAIN_LIMIT, limit.acquire_many(all)).await.is_err() {
        tracing::warn!("connections were cut at shutdown");
    }
    Ok(())
}

async fn connection<S>(stream: S, router: axum::Router, mut close: tokio::sync::watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(128);
    let mut connection =
        std::pin::pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
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
