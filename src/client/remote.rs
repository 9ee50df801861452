//! A service elsewhere, over HTTP.

use super::{Endpoint, ShownCertificate, Transport};
use crate::api::{API_GENERATION, API_HEADER, Call, HttpCall, Page, Problem, Reply, cause, innermost};
use crate::runtime::tasks;
use crate::service::pkcs12;
use reqwest::header::HeaderMap;
use rustls::CertificateError;
use sha2::{Digest, Sha256};
use std::cell::{OnceCell, RefCell};
use std::path::Path;
use std::time::Duration;
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The transport over a socket.
pub(super) struct Remote {
    endpoint: Endpoint,
    parts: OnceCell<(tokio::runtime::Runtime, reqwest::Client)>,
    shown: RefCell<Option<ShownCertificate>>,
}

impl Remote {
    pub(super) fn new(mut endpoint: Endpoint) -> Self {
        endpoint.uri.truncate(endpoint.uri.trim_end_matches('/').len());
        Remote { endpoint, parts: OnceCell::new(), shown: RefCell::default() }
    }

    fn parts(&self) -> Result<&(tokio::runtime::Runtime, reqwest::Client), Problem> {
        if let Some(parts) = self.parts.get() {
            return Ok(parts);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Problem::internal)?;
        let mut builder = reqwest::Client::builder()
            .use_rustls_tls()
            .timeout(self.endpoint.time_limit)
            .connect_timeout(CONNECT_LIMIT)
            .tls_info(true)
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true);
        if let Some(file) = &self.endpoint.authority {
            let bytes = read_pem(file, "the authorities")?;
            let trusted = reqwest::Certificate::from_pem_bundle(&bytes);
            for certificate in trusted.map_err(|error| unreadable(file, "the authorities", &error))? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        if let Some(file) = &self.endpoint.certificate {
            let bytes = read_pem(file, "the client certificate and its key")?;
            let pem = match pkcs12::is_pkcs12(&bytes) {
                true => {
                    let password = self.endpoint.certificate_password.as_ref().map_or("", |text| text.as_str());
                    let opened = pkcs12::open(&bytes, password)
                        .map_err(|problem| problem.target(file.display().to_string()).terminating())?;
                    Zeroizing::new(opened.pem().as_bytes().to_vec())
                }
                false => Zeroizing::new(bytes),
            };
            let identity = reqwest::Identity::from_pem(&pem);
            builder = builder.identity(identity.map_err(|error| unreadable(file, "the client certificate", &error))?);
        }
        let client = builder.build().map_err(Problem::internal)?;
        Ok(self.parts.get_or_init(|| (runtime, client)))
    }

    fn request(&self, client: &reqwest::Client, http: HttpCall) -> Result<reqwest::Request, Problem> {
        let method = reqwest::Method::from_bytes(http.method.as_bytes()).map_err(Problem::internal)?;
        let mut request = client.request(method, format!("{}{}", self.endpoint.uri, http.target));
        if let Some(token) = &self.endpoint.token {
            request = request.bearer_auth(token);
        }
        request = request.header(API_HEADER, API_GENERATION);
        request = http.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        if let Some(body) = &http.body {
            request = request.json(body);
        }
        request.build().map_err(|error| {
            let message =
                format!("'{}' is not a service address ({error}); it begins with https://.", self.endpoint.uri);
            Problem::new("PC-E25", message).terminating()
        })
    }
}

impl Endpoint {
    /// Why a request came to nothing, and what to do.
    fn failed(&self, error: &reqwest::Error) -> Problem {
        let uri = &self.uri;
        if let Some(fault) = cause::<rustls::Error>(error) {
            return self.tls_problem(fault);
        }
        let cause = innermost(error);
        if cause.contains("fatal alert")
            && ["Certificate", "UnknownCA", "AccessDenied"].iter().any(|word| cause.contains(word))
        {
            return self.certificate_wanted();
        }
        let reason = match cause {
            _ if error.is_timeout() => "it did not answer in time".to_owned(),
            cause if cause.contains("HTTP") && uri.starts_with("http:") => {
                "it does not speak clear HTTP; try https://".to_owned()
            }
            cause => cause,
        };
        Problem::new("PC-E97", format!("The service at {uri} cannot be reached: {reason}.")).terminating()
    }

    fn certificate_revoked(&self) -> Problem {
        let message = format!("The authority of the client certificate that {} was shown has revoked it.", self.uri);
        Problem::new("PC-E09", message).terminating()
    }

    fn certificate_wanted(&self) -> Problem {
        let message = format!(
            "The service at {} wants a client certificate that it trusts and that has not expired: use -Certificate with \
             one made by 'pcsh service certificate create'.",
            self.uri
        );
        Problem::new("PC-E09", message).terminating()
    }

    fn tls_problem(&self, fault: &rustls::Error) -> Problem {
        use rustls::{AlertDescription, Error};
        let uri = &self.uri;
        let distrusted = |reason: &str| {
            Problem::new("PC-E85", format!("The certificate of {uri} is not trusted: {reason}.")).terminating()
        };
        match fault {
            Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => distrusted(
                "no authority known here has issued it. If the service made it itself, compare the fingerprint it \
                 printed, then name its tls-authority.pem with -CertificateAuthority or PCSH_CA",
            ),
            Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
                distrusted("it has expired; the service needs a new one (or the clock here is wrong)")
            }
            Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
                distrusted("it is not valid yet; look at the clocks of both machines")
            }
            Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => distrusted("it is for other names than the one in the address; use one of those"),
            Error::InvalidCertificate(other) => distrusted(&format!("{other:?}")),
            Error::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA
                | AlertDescription::CertificateUnknown
                | AlertDescription::CertificateExpired
                | AlertDescription::AccessDenied,
            ) => self.certificate_wanted(),
            Error::AlertReceived(AlertDescription::CertificateRevoked) => self.certificate_revoked(),
            Error::InvalidMessage(_) => {
                let message = format!("The service at {uri} does not speak TLS; is it meant to be http://?");
                Problem::new("PC-E97", message).terminating()
            }
            other => Problem::new("PC-E97", format!("The service at {uri} cannot be reached: TLS failed ({other})."))
                .terminating(),
        }
    }
}

fn unreadable(file: &Path, what: &str, error: &dyn std::fmt::Display) -> Problem {
    let place = file.display();
    Problem::new(
        "PC-E60",
        format!("'{place}' cannot be read for {what} (PEM is needed; a client certificate may be PKCS#12): {error}."),
    )
    .terminating()
}

fn read_pem(file: &Path, what: &str) -> Result<Vec<u8>, Problem> {
    std::fs::read(file).map_err(|error| unreadable(file, what, &error))
}

impl Transport for Remote {
    fn send(&self, call: &Call) -> Page {
        let (runtime, client) = self.parts()?;
        let request = self.request(client, call.to_http())?;
        let endpoint = &self.endpoint;
        let exchange = async {
            let response = client.execute(request).await.map_err(|error| endpoint.failed(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let certificate = response.extensions().get::<reqwest::tls::TlsInfo>().and_then(shown_certificate);
            let bytes = response.bytes().await.map_err(|error| endpoint.failed(&error))?;
            Ok::<_, Problem>((status, headers, bytes, certificate))
        };
        let (status, headers, bytes, certificate) = tasks::offload(|| runtime.block_on(exchange))?;
        if certificate.is_some() {
            *self.shown.borrow_mut() = certificate;
        }
        check_generation(&headers, &self.endpoint.uri)?;
        read_reply(status.as_u16(), &headers, &bytes)
    }

    fn shown_certificate(&self) -> Option<ShownCertificate> {
        self.shown.borrow().clone()
    }
}

fn shown_certificate(info: &reqwest::tls::TlsInfo) -> Option<ShownCertificate> {
    let der = info.peer_certificate()?;
    let (_, read) = X509Certificate::from_der(der).ok()?;
    let pairs: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    Some(ShownCertificate { fingerprint: pairs.join(":"), expires: read.validity().not_after.timestamp() * 1000 })
}

/// A service of a later generation may mean something else by its answer.
fn check_generation(headers: &HeaderMap, uri: &str) -> Result<(), Problem> {
    let theirs =
        headers.get(API_HEADER).and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<u32>().ok());
    match theirs.filter(|theirs| *theirs > API_GENERATION) {
        Some(theirs) => {
            let message = format!(
                "The service at {uri} speaks generation {theirs} of the API, this program {API_GENERATION}: use a newer pcsh."
            );
            Err(Problem::new("PC-E86", message).terminating())
        }
        None => Ok(()),
    }
}

/// A reply's parts as a page or a problem.
pub(super) fn read_reply(status: u16, headers: &HeaderMap, bytes: &[u8]) -> Page {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if status < 400 {
        let reply = serde_json::from_slice::<Reply>(bytes).map_err(|error| {
            let message = format!("The address answered, but not as the management service does ({error}).");
            Problem::new("PC-E99", message)
        })?;
        let revision = text("etag").and_then(|tag| tag.trim_matches('"').parse().ok());
        return Ok(Reply { revision, ..reply });
    }
    let mut problem = read_problem(status, bytes);
    problem.retry_after = text("retry-after").and_then(|text| text.parse().ok());
    Err(problem)
}

fn read_problem(status: u16, bytes: &[u8]) -> Problem {
    serde_json::from_slice::<Problem>(bytes).unwrap_or_else(|_| {
        let (id, hint) = match status {
            502..=504 => ("PC-E97", "The service behind it is starting or stopping"),
            429 => ("PC-E98", "There were too many requests"),
            _ => ("PC-E99", "It may not be the management service"),
        };
        Problem::new(id, format!("The address answered with status {status} and no problem document. {hint}."))
    })
}
