//! TLS: the service's certificate, its own or one made at the first start, and the authorities and revocation lists of
//! client certificates. All files are looked at again and again: what was renewed counts for the next connection.

use super::authority::{self, Algorithm, Issued, Wish};
use super::client_certificates::ClientCertificate;
use crate::api::Problem;
use rcgen::DnType;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

/// What TLS is made of.
#[derive(Debug, Default)]
pub struct TlsOptions {
    /// Certificate chain and key; none are made in the data directory.
    pub files: Option<(PathBuf, PathBuf)>,
    /// Authorities of client certificates, as PEM texts; with none no certificate is asked for.
    pub client_authorities: Vec<String>,
    /// A file with more of them.
    pub client_authority_file: Option<PathBuf>,
    /// A file with lists of what these authorities have revoked.
    pub client_revocations: Option<PathBuf>,
    /// Nobody is let in without a client certificate.
    pub clients_need_certificates: bool,
}

/// How connections are encrypted, now and after the next look at the files.
#[derive(Clone)]
pub struct Tls(Arc<Shared>);

struct Shared {
    options: TlsOptions,
    /// What the service makes for itself, where it is not given files.
    own: Option<OwnFiles>,
    certificate: PathBuf,
    key: PathBuf,
    state: RwLock<Arc<State>>,
    generations: AtomicU64,
    /// The digest of files that could not be used, so that each fault is told once.
    refused: Mutex<Option<[u8; 32]>>,
    /// When it was last said that a certificate ends soon, in seconds.
    warned: AtomicI64,
}

/// What was made of the files.
struct State {
    acceptor: TlsAcceptor,
    served: Served,
    revocations: Option<Revocations>,
    digest: [u8; 32],
    generation: u64,
}

/// A certificate as people compare and renew it.
#[derive(Clone, Debug)]
pub struct Served {
    /// SHA-256, in pairs of digits.
    pub fingerprint: String,
    /// When it ends, in seconds since 1970.
    pub(crate) expires: i64,
}

/// Lists of revoked client certificates.
struct Revocations {
    verifier: Arc<dyn ClientCertVerifier>,
    /// When the first of the lists wants to be renewed, in seconds since 1970.
    next_update: Option<i64>,
}

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);
const DAY: i64 = 86_400;
/// The service's own certificate, in the data directory.
const CERTIFICATE: &str = "tls.pem";
/// A certificate that ends within this is worth a line a day in the log; one of the service's own is renewed.
const SOON: i64 = 30 * DAY;

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::new("PC-E60", format!("'{}' cannot be used for TLS: {error}.", path.display()))
}

/// TLS from the given certificate and key files, or from a pair in the data directory that is made when it is missing.
pub fn tls(data: &Path, options: TlsOptions, address: SocketAddr) -> Result<Tls, Problem> {
    let own = options.files.is_none().then(|| OwnFiles::in_directory(data, address));
    let (certificate, key) = match (&options.files, &own) {
        (None, Some(own)) => {
            own.prepare(jiff::Timestamp::now().as_millisecond())?;
            (own.certificate.clone(), own.key.clone())
        }
        (files, _) => files.clone().unwrap_or_default(),
    };
    let files = Files::read(&options, &certificate, &key)?;
    let state = RwLock::new(Arc::new(files.state(&options, 1)?));
    let (generations, refused, warned) = (AtomicU64::new(1), Mutex::new(None), AtomicI64::new(0));
    let tls = Tls(Arc::new(Shared { options, own, certificate, key, state, generations, refused, warned }));
    tls.warn_of_end();
    Ok(tls)
}

/// The contents of all files, read at one time.
struct Files {
    chain: (PathBuf, Vec<u8>),
    key: (PathBuf, Vec<u8>),
    authority: Option<(PathBuf, Vec<u8>)>,
    revocations: Option<(PathBuf, Vec<u8>)>,
}

impl Files {
    fn read(options: &TlsOptions, certificate: &Path, key: &Path) -> Result<Self, Problem> {
        let read = |path: &Path| match std::fs::read(path) {
            Ok(bytes) => Ok((path.to_owned(), bytes)),
            Err(error) => Err(unreadable(path, &error)),
        };
        Ok(Files {
            chain: read(certificate)?,
            key: read(key)?,
            authority: options.client_authority_file.as_deref().map(read).transpose()?,
            revocations: options.client_revocations.as_deref().map(read).transpose()?,
        })
    }

    fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let further = [&self.authority, &self.revocations].into_iter().flatten();
        for (_, bytes) in [&self.chain, &self.key].into_iter().chain(further) {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        }
        hasher.finalize().into()
    }

    fn state(&self, options: &TlsOptions, generation: u64) -> Result<State, Problem> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let roots = Arc::new(self.roots(options)?);
        let verifier = client_verifier(options, &roots, &provider)?;
        let chain = certificates(&self.chain)?;
        let first = chain.first().ok_or_else(|| unreadable(&self.chain.0, &"it holds no certificate in PEM"))?;
        let served = served(first).ok_or_else(|| unreadable(&self.chain.0, &"its certificate is damaged"))?;
        let private = PrivateKeyDer::from_pem_slice(&self.key.1).map_err(|error| unreadable(&self.key.0, &error))?;
        let mut config = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(Problem::internal)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, private)
            .map_err(|error| Problem::new("PC-E76", format!("The certificate and the key do not fit: {error}.")))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let revocations = self.revocations.as_ref().map(|file| revocations(file, &roots, &provider)).transpose()?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(State { acceptor, served, revocations, digest: self.digest(), generation })
    }

    /// The authorities of client certificates.
    fn roots(&self, options: &TlsOptions) -> Result<RootCertStore, Problem> {
        let mut roots = RootCertStore::empty();
        let own = options
            .client_authorities
            .iter()
            .map(|text| (PathBuf::from("the service's own"), text.clone().into_bytes()));
        for file in own.chain(self.authority.clone()) {
            for authority in certificates(&file)? {
                roots.add(authority).map_err(|error| unreadable(&file.0, &error))?;
            }
        }
        Ok(roots)
    }
}

fn certificates(file: &(PathBuf, Vec<u8>)) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let read: Result<_, _> = CertificateDer::pem_slice_iter(&file.1).collect();
    read.map_err(|error| unreadable(&file.0, &error))
}

fn served(certificate: &CertificateDer<'_>) -> Option<Served> {
    let (_, read) = X509Certificate::from_der(certificate.as_ref()).ok()?;
    let pairs: Vec<String> = Sha256::digest(certificate.as_ref()).iter().map(|byte| format!("{byte:02X}")).collect();
    Some(Served { fingerprint: pairs.join(":"), expires: read.validity().not_after.timestamp() })
}

/// The certificate that these settings would serve, where there is one already.
pub(super) fn served_from(data: &Path, file: Option<&Path>) -> Option<Served> {
    served_by(&file.map_or_else(|| data.join(CERTIFICATE), Path::to_owned))
}

fn served_by(file: &Path) -> Option<Served> {
    served(&CertificateDer::pem_file_iter(file).ok()?.next()?.ok()?)
}

fn client_verifier(
    options: &TlsOptions,
    roots: &Arc<RootCertStore>,
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, Problem> {
    if roots.is_empty() {
        return match options.clients_need_certificates {
            true => Err(Problem::new("PC-E60", "No authority of client certificates is known; name one.")),
            false => Ok(WebPkiClientVerifier::no_client_auth()),
        };
    }
    let builder = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone());
    let builder = if options.clients_need_certificates { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(Problem::internal)
}

/// The lists of a file, in PEM or one in DER. An authority without a list has revoked nothing.
fn revocations(
    file: &(PathBuf, Vec<u8>),
    roots: &Arc<RootCertStore>,
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Revocations, Problem> {
    let faulty = |error: &dyn std::fmt::Display| unreadable(&file.0, error);
    let lists: Vec<CertificateRevocationListDer<'static>> = match file.1.first() {
        Some(0x30) => vec![file.1.clone().into()],
        _ => CertificateRevocationListDer::pem_slice_iter(&file.1)
            .collect::<Result<_, _>>()
            .map_err(|error| faulty(&error))?,
    };
    if lists.is_empty() {
        return Err(faulty(&"it holds no revocation list"));
    }
    let mut next_update = None;
    for list in &lists {
        let (_, read) = CertificateRevocationList::from_der(list.as_ref()).map_err(|error| faulty(&error))?;
        let next = read.next_update().map(|moment| moment.timestamp());
        next_update = [next_update, next].into_iter().flatten().min();
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
        .with_crls(lists)
        .allow_unknown_revocation_status()
        .build()
        .map_err(|error| faulty(&error))?;
    Ok(Revocations { verifier, next_update })
}

impl Tls {
    fn state(&self) -> Arc<State> {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the next connection is accepted with.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.state().acceptor.clone()
    }

    /// The certificate that is served now.
    pub fn served(&self) -> Served {
        self.state().served.clone()
    }

    /// When a revocation list wants to be renewed, in seconds since 1970.
    pub(super) fn lists_renewed_by(&self) -> Option<i64> {
        self.state().revocations.as_ref()?.next_update
    }

    /// Must callers show a certificate, so that nothing else makes up for a revoked one?
    pub(super) fn needs_certificates(&self) -> bool {
        self.0.options.clients_need_certificates
    }

    /// PC-E09 where its authority has revoked a client certificate, by the lists as they are now.
    pub(super) fn require_not_revoked(&self, certificate: &ClientCertificate) -> Result<(), Problem> {
        let state = self.state();
        let Some(revocations) = &state.revocations else { return Ok(()) };
        certificate.checked(state.generation, |end, intermediates| {
            let now = rustls::pki_types::UnixTime::now();
            match revocations.verifier.verify_client_cert(end, intermediates, now) {
                Ok(_) => None,
                Err(rustls::Error::InvalidCertificate(rustls::CertificateError::Revoked)) => {
                    Some("was revoked by its authority; ask there for a new one".to_owned())
                }
                Err(error) => Some(format!("cannot be checked for having been revoked ({error})")),
            }
        })
    }

    /// Renews the service's own certificate where it ends soon.
    fn renew(&self, now: i64) {
        let result = self.0.own.as_ref().map_or(Ok(()), |own| own.prepare(now));
        if let Err(problem) = result {
            tracing::error!(%problem, "the service's certificate could not be renewed");
        }
    }

    /// Looks at the files, and uses what is new. What cannot be used is told in the log, and nothing changes.
    pub(crate) fn refresh(&self) {
        let shared = &self.0;
        let result = Files::read(&shared.options, &shared.certificate, &shared.key);
        let digest = result.as_ref().map_or([0; 32], Files::digest);
        let mut refused = shared.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if digest == self.state().digest {
            *refused = None;
            return;
        }
        let generation = shared.generations.fetch_add(1, Ordering::Relaxed) + 1;
        match result.and_then(|files| files.state(&shared.options, generation)) {
            Ok(state) => {
                tracing::info!(fingerprint = %state.served.fingerprint, "the files of TLS were renewed");
                *shared.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
                *refused = None;
                shared.warned.store(0, Ordering::Relaxed);
            }
            Err(problem) if *refused != Some(digest) => {
                tracing::error!(%problem, "the files of TLS have changed and cannot be used; what was read before stays");
                *refused = Some(digest);
            }
            Err(_) => {}
        }
        drop(refused);
        self.warn_of_end();
    }

    /// Says once a day that something ends soon.
    fn warn_of_end(&self) {
        let now = jiff::Timestamp::now().as_second();
        if (now - self.0.warned.load(Ordering::Relaxed)).abs() < DAY {
            return;
        }
        self.0.warned.store(now, Ordering::Relaxed);
        let days = (self.served().expires - now).div_euclid(DAY);
        if self.served().expires - now < SOON {
            tracing::warn!(days, "the service's certificate ends soon, or has ended: renew it");
        }
        if self.lists_renewed_by().is_some_and(|next| next < now) {
            tracing::warn!("a revocation list of client certificates is out of date: fetch a new one");
        }
    }

    /// Looks at the files now and then, and when the process is asked to by SIGHUP.
    pub(super) async fn keep_fresh(tls: Option<Tls>) {
        let mut asked = Hangup::new();
        loop {
            let by_signal = tokio::select! {
                () = tokio::time::sleep(LOOK) => false,
                () = asked.wait() => true,
            };
            if by_signal {
                tracing::info!("asked to look at the files of TLS");
            }
            let Some(tls) = tls.clone() else { continue };
            // It reports what fails itself.
            let _ = tokio::task::spawn_blocking(move || {
                tls.renew(jiff::Timestamp::now().as_millisecond());
                tls.refresh();
                tls.warn_of_end();
            })
            .await;
        }
    }
}

/// SIGHUP, where there are signals.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    fn new() -> Self {
        Hangup {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn wait(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

/// The service's own certificate and key, by an authority of its own whose certificate clients can trust. The authority's
/// key is kept, so that a certificate that ends soon is followed by another one of the same authority.
#[derive(Clone)]
struct OwnFiles {
    certificate: PathBuf,
    key: PathBuf,
    authority: PathBuf,
    authority_key: PathBuf,
    address: SocketAddr,
}

impl OwnFiles {
    fn in_directory(data: &Path, address: SocketAddr) -> Self {
        OwnFiles {
            certificate: data.join(CERTIFICATE),
            key: data.join("tls.key"),
            authority: data.join("tls-authority.pem"),
            authority_key: data.join("tls-authority.key"),
            address,
        }
    }

    /// Makes what is missing, and renews a certificate that ends soon, if the authority's key is there. `now` is in
    /// milliseconds since 1970.
    fn prepare(&self, now: i64) -> Result<(), Problem> {
        if self.certificate.exists() && self.key.exists() {
            let ends = served_by(&self.certificate).map_or(i64::MAX, |served| served.expires);
            if ends - now.div_euclid(1000) >= SOON || !self.authority_key.exists() {
                return Ok(());
            }
            let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| unreadable(path, &error));
            let authority = Issued { certificate: read(&self.authority)?, key: read(&self.authority_key)? };
            tracing::info!("the service's certificate ends soon and is followed by another one");
            return self.issue(&authority, now);
        }
        if let Some(data) = self.certificate.parent() {
            std::fs::create_dir_all(data).map_err(|error| unwritable(data, &error))?;
        }
        let authority = authority::new_authority("pcsh service authority", now)?;
        write_private(&self.authority, &authority.certificate)?;
        write_private(&self.authority_key, &authority.key)?;
        self.issue(&authority, now)
    }

    fn issue(&self, authority: &Issued, now: i64) -> Result<(), Problem> {
        let mut names = vec!["localhost".to_owned()];
        if !self.address.ip().is_unspecified() {
            names.push(self.address.ip().to_string());
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
        let issued = authority::issue(authority, &wish, serial, now)?;
        write_private(&self.key, &issued.key)?;
        write_private(&self.certificate, &format!("{}{}", issued.certificate, authority.certificate))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds since 1970 of a day in so many years.
    fn in_years(years: i64) -> i64 {
        jiff::Timestamp::now().as_millisecond() + years * 365 * DAY * 1000
    }

    #[test]
    fn own_certificates_are_renewed_by_the_same_authority() -> Result<(), Problem> {
        let directory = tempfile::tempdir().map_err(Problem::internal)?;
        let own = OwnFiles::in_directory(directory.path(), SocketAddr::from(([127, 0, 0, 1], 443)));
        let fingerprint = |own: &OwnFiles| served_by(&own.certificate).map(|served| served.fingerprint);
        let authority = |own: &OwnFiles| std::fs::read(&own.authority).map_err(Problem::internal);
        own.prepare(in_years(0))?;
        let (first, root) = (fingerprint(&own), authority(&own)?);
        assert!(first.is_some());
        own.prepare(in_years(1))?;
        assert_eq!(fingerprint(&own), first, "it is valid for long");
        own.prepare(in_years(2))?;
        let second = fingerprint(&own);
        assert!(second.is_some() && second != first, "it ends soon");
        assert_eq!(authority(&own)?, root, "clients trust the authority");
        std::fs::remove_file(&own.authority_key).map_err(Problem::internal)?;
        own.prepare(in_years(4))?;
        assert_eq!(fingerprint(&own), second, "without the authority's key it is left to the administrator");
        Ok(())
    }
}
