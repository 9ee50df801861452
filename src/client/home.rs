//! Where settings and data lie, and which service the environment names. `PCSH_HOME` moves everything into one folder;
//! `PCSH_SERVER` names a service elsewhere, `PCSH_TOKEN` or `PCSH_CERTIFICATE` (with
//! `PCSH_CERTIFICATE_PASSWORD` for PKCS#12) proves who calls, `PCSH_CA` names further
//! authorities to trust, `PCSH_RETRY_SECONDS` says how long a service that is away is waited for; `PCSH_ACTOR` is the
//! account that acts on the embedded one.

use super::{Connection, Endpoint, logons};
use directories::ProjectDirs;
use std::env::var_os;
use std::path::PathBuf;
use std::time::Duration;

/// The folder of settings: profile, manifests of the user's own.
pub(crate) fn settings_directory() -> PathBuf {
    match var_os("PCSH_HOME") {
        Some(home) => PathBuf::from(home),
        None => project().map_or_else(|| PathBuf::from(".pcsh"), |project| project.config_dir().to_owned()),
    }
}

/// The folder of the embedded service's store.
pub(crate) fn data_directory() -> PathBuf {
    match var_os("PCSH_HOME") {
        Some(home) => PathBuf::from(home).join("data"),
        None => project().map_or_else(|| PathBuf::from(".pcsh/data"), |project| project.data_dir().to_owned()),
    }
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "pcsh")
}

impl Connection {
    /// The service that the environment names, or the one inside this process.
    pub(crate) fn from_environment() -> Connection {
        match text("PCSH_SERVER") {
            Some(uri) => Connection::Remote(Endpoint::from_environment(uri)),
            None => Connection::Embedded { directory: data_directory(), actor: text("PCSH_ACTOR") },
        }
    }
}

impl Endpoint {
    /// A service with what the environment and the kept log-ons say of it.
    pub(crate) fn from_environment(uri: String) -> Endpoint {
        let mut endpoint = Endpoint::new(uri);
        endpoint.certificate = var_os("PCSH_CERTIFICATE").map(PathBuf::from);
        endpoint.certificate_password = text("PCSH_CERTIFICATE_PASSWORD").map(zeroize::Zeroizing::new);
        endpoint.authority = var_os("PCSH_CA").map(PathBuf::from);
        endpoint.token = text("PCSH_TOKEN");
        if endpoint.token.is_none() && endpoint.certificate.is_none() {
            endpoint.token = logons::kept(&endpoint.uri);
        }
        if let Some(seconds) = text("PCSH_RETRY_SECONDS").and_then(|text| text.parse().ok()) {
            endpoint.patience = Duration::from_secs(seconds);
        }
        endpoint
    }
}

fn text(name: &str) -> Option<String> {
    var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|text| !text.is_empty())
}
