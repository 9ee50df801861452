//! TLS: the service's certificate, its own or one made at the first start, and the authorities of client certificates.

use super::authority::{self, Algorithm, Wish};
use crate::api::Problem;
use rcgen::DnType;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// How connections are encrypted.
pub struct Tls {
    pub(super) acceptor: TlsAcceptor,
    /// SHA-256 of the certificate, for people to compare.
    pub fingerprint: String,
}

/// What TLS is made of.
#[derive(Debug, Default)]
pub struct TlsOptions {
    /// Certificate chain and key; none are made in the data directory.
    pub files: Option<(PathBuf, PathBuf)>,
    /// Authorities of client certificates, as PEM texts; with none no certificate is asked for.
    pub client_authorities: Vec<String>,
    /// Nobody is let in without a client certificate.
    pub clients_need_certificates: bool,
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::new("PC-E60", format!("'{}' cannot be read as PEM: {error}.", path.display()))
}

/// TLS from the given certificate and key files, or from a pair in the data directory that is made when it is missing.
pub fn tls(data: &Path, options: TlsOptions, address: SocketAddr) -> Result<Tls, Problem> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = client_verifier(&options, &provider)?;
    let (certificate, key) = match options.files {
        Some(files) => files,
        None => own_files(data, address)?,
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(&certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|error| unreadable(&key, &error))?;
    let first = chain.first().ok_or_else(|| unreadable(&certificate, &"it holds no certificate"))?;
    warn_of_end(first);
    let fingerprint: Vec<String> = Sha256::digest(first.as_ref()).iter().map(|byte| format!("{byte:02X}")).collect();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(Problem::internal)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, private)
        .map_err(|error| Problem::new("PC-E76", format!("The certificate and the key do not fit: {error}.")))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint: fingerprint.join(":") })
}

fn client_verifier(
    options: &TlsOptions,
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, Problem> {
    let mut roots = RootCertStore::empty();
    for text in &options.client_authorities {
        let faulty = |error: &dyn std::fmt::Display| {
            Problem::new("PC-E60", format!("An authority of client certificates cannot be read: {error}."))
        };
        for authority in CertificateDer::pem_slice_iter(text.as_bytes()) {
            roots.add(authority.map_err(|error| faulty(&error))?).map_err(|error| faulty(&error))?;
        }
    }
    if roots.is_empty() {
        return match options.clients_need_certificates {
            true => Err(Problem::new("PC-E60", "No authority of client certificates is known; name one.")),
            false => Ok(WebPkiClientVerifier::no_client_auth()),
        };
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let builder = if options.clients_need_certificates { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(Problem::internal)
}

/// A certificate that ends within a month, or has ended, is worth a line in the log.
fn warn_of_end(certificate: &CertificateDer<'_>) {
    use x509_parser::prelude::{FromDer, X509Certificate};
    let Ok((_, read)) = X509Certificate::from_der(certificate.as_ref()) else { return };
    let seconds = read.validity().not_after.timestamp() - jiff::Timestamp::now().as_second();
    if seconds < 30 * 86_400 {
        tracing::warn!(days = seconds / 86_400, "the service's certificate ends soon: renew it");
    }
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
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), Problem> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritable(path, &error))
}
