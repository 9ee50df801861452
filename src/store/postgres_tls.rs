//! Encrypted connections to PostgreSQL: rustls with what the address asks of the server's certificate. The files are
//! read for every new connection, so that renewed ones count without a restart.

use super::postgres::explain;
use super::postgres_address::{Address, Encryption, Roots, is_open};
use crate::api::{Problem, cause, innermost};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Why there is no connection.
pub(super) enum Failure {
    /// The files of the address cannot be used.
    Files(Box<Problem>),
    /// The server or the way to it.
    Server(tokio_postgres::Error),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Files(Box::new(problem))
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Failure::Server(error)
    }
}

impl Failure {
    /// What it means for whoever runs the service.
    pub(crate) fn explained(self, address: &Address) -> Problem {
        match self {
            Failure::Files(problem) => *problem,
            Failure::Server(error) => address.explain(&error).unwrap_or_else(|| explain(error)),
        }
    }

    /// Was it the kind of connection that the server did not take?
    fn is_about_encryption(&self) -> bool {
        let Failure::Server(error) = self else { return false };
        match error.code() {
            Some(code) => *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
            None => error.to_string().contains("TLS"),
        }
    }
}

/// What moves the bytes of a connection; it ends with the connection.
pub(super) type Driver = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

impl Address {
    /// A new connection, encrypted as the address asks.
    pub(crate) async fn connect(&self) -> Result<(Client, Driver), Failure> {
        let again = |failure: &Failure| failure.is_about_encryption();
        match self.encryption {
            Encryption::Disable => self.clear().await,
            Encryption::Allow => match self.clear().await {
                Err(failure) if again(&failure) => self.encrypted().await,
                result => result,
            },
            Encryption::Prefer => match self.encrypted().await {
                Err(failure) if again(&failure) => self.clear().await,
                result => result,
            },
            Encryption::Require | Encryption::VerifyAuthority | Encryption::VerifyFull => self.encrypted().await,
        }
    }

    async fn clear(&self) -> Result<(Client, Driver), Failure> {
        let (client, connection) = self.config.clone().ssl_mode(SslMode::Disable).connect(NoTls).await?;
        Ok((client, Box::pin(connection)))
    }

    async fn encrypted(&self) -> Result<(Client, Driver), Failure> {
        let mode = if self.encryption == Encryption::Prefer { SslMode::Prefer } else { SslMode::Require };
        let tls = MakeRustlsConnect::new(self.tls()?);
        let (client, connection) = self.config.clone().ssl_mode(mode).connect(tls).await?;
        Ok((client, Box::pin(connection)))
    }

    fn tls(&self) -> Result<ClientConfig, Problem> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = Arc::new(self.verifier(&provider)?);
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Problem::internal)?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let Some((certificate, key)) = &self.certificate else { return Ok(builder.with_no_client_auth()) };
        if std::fs::metadata(key).is_ok_and(|about| is_open(&about)) {
            return Err(unusable(key, &"others can read the key (chmod 600)"));
        }
        let chain = certificates(certificate)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
        builder.with_client_auth_cert(chain, key).map_err(|error| unusable(certificate, &error))
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Verifier, Problem> {
        let given = match &self.roots {
            Roots::None => Vec::new(),
            Roots::System => rustls_native_certs::load_native_certs().certs,
            Roots::File(file) => certificates(file)?,
        };
        let authorities = match given.is_empty() || self.encryption < Encryption::VerifyAuthority {
            true => None,
            false => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(given.iter().cloned());
                let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
                let revoked = self.revoked.as_deref().map(revocations).transpose()?.unwrap_or_default();
                Some(builder.with_crls(revoked).build().map_err(|error| Problem::new("PC-E60", error.to_string()))?)
            }
        };
        let names = self.encryption == Encryption::VerifyFull;
        Ok(Verifier { provider: provider.clone(), authorities, given, names })
    }

    /// What a fault of the way to the server means; `None` where it is the server's own answer.
    pub(crate) fn explain(&self, error: &tokio_postgres::Error) -> Option<Problem> {
        let hosts = self.hosts();
        let distrusted = |reason: String| {
            Problem::new(
                "PC-E85",
                format!("The certificate of the PostgreSQL server at {hosts} is not trusted: {reason}."),
            )
            .terminating()
        };
        if let Some(rustls::Error::InvalidCertificate(fault)) = cause::<rustls::Error>(error) {
            return Some(distrusted(reason(fault)));
        }
        let said = innermost(error);
        let refused = |what: &str| Some(Problem::new("PC-E95", format!("The PostgreSQL server at {hosts} {what}.")));
        match error.code() {
            None if said.contains("does not support TLS") => refused(
                "offers no encryption, which sslmode asks for: set 'ssl = on' there, or sslmode=disable where the \
                 network is safe",
            ),
            None if said.contains("fatal alert") => {
                refused(&format!("broke off the encryption ({said}): it may want another certificate in sslcert"))
            }
            None if said.contains("password") => refused(
                "wants a password: put it into PGPASSWORD or ~/.pgpass (host:port:database:user:password, chmod 600)",
            ),
            Some(&SqlState::INVALID_PASSWORD) => refused(&format!(
                "refuses the service ({said}): look at the password in the address, PGPASSWORD or ~/.pgpass"
            )),
            Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => refused(&format!(
                "refuses the service ({said}): look at its pg_hba.conf, and at sslmode, sslcert and sslkey here"
            )),
            _ => None,
        }
    }
}

/// Why a certificate is not believed, and what to do.
fn reason(fault: &CertificateError) -> String {
    use CertificateError as E;
    match fault {
        E::UnknownIssuer | E::BadSignature => "none of the authorities in sslrootcert has issued it".to_owned(),
        E::Expired | E::ExpiredContext { .. } => "it has expired (or the clock here is wrong)".to_owned(),
        E::NotValidYet | E::NotValidYetContext { .. } => "it is not valid yet; look at the clocks of both".to_owned(),
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            "it is for other names than the host of the address, among its alternative names; use one of those, or \
             sslmode=verify-ca, which does not ask for the name"
                .to_owned()
        }
        E::Revoked => "its authority has revoked it".to_owned(),
        E::UnknownRevocationStatus | E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => {
            "the list in sslcrl does not speak of its authority, or is out of date".to_owned()
        }
        other => format!("{other:?}"),
    }
}

fn unusable(file: &Path, reason: &dyn std::fmt::Display) -> Problem {
    let message = format!("'{}' cannot be used for the PostgreSQL store: {reason}.", file.display());
    Problem::new("PC-E60", message).terminating()
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    match read {
        Ok(certificates) if certificates.is_empty() => Err(unusable(file, &"it holds no certificate in PEM")),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(unusable(file, &error)),
    }
}

fn revocations(file: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, Problem> {
    CertificateRevocationListDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(file, &error))
}

/// Checks as much of a server's certificate as the address asks for. The signature over the handshake is always checked.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// With none, any certificate is taken.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    /// The certificates that were named: a server's own may be among them, as of one that signed itself.
    given: Vec<CertificateDer<'static>>,
    names: bool,
}

impl Verifier {
    /// A certificate that was named itself needs no authority, but its time must be, and its name where that counts.
    fn verify_named(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Option<rustls::Error> {
        let bad = |fault| Some(rustls::Error::InvalidCertificate(fault));
        let Ok((_, read)) = X509Certificate::from_der(certificate.as_ref()) else {
            return bad(CertificateError::BadEncoding);
        };
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        if seconds > read.validity().not_after.timestamp() {
            return bad(CertificateError::Expired);
        }
        if seconds < read.validity().not_before.timestamp() {
            return bad(CertificateError::NotValidYet);
        }
        if !self.names {
            return None;
        }
        ParsedCertificate::try_from(certificate).and_then(|parsed| verify_server_name(&parsed, name)).err()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        status: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(authorities) = &self.authorities else { return Ok(ServerCertVerified::assertion()) };
        match authorities.verify_server_cert(certificate, intermediates, name, status, now) {
            // The name is looked at last, so that everything else is well here.
            Err(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) if !self.names => {
                Ok(ServerCertVerified::assertion())
            }
            Err(_) if self.given.iter().any(|given| given == certificate) => {
                self.verify_named(certificate, name, now).map_or(Ok(ServerCertVerified::assertion()), Err)
            }
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
