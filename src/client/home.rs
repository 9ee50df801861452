//! Where settings and data lie, and which service the environment names. `PCSH_HOME` moves everything into one folder;
//! `PCSH_SERVER` and `PCSH_TOKEN` name a service elsewhere; `PCSH_ACTOR` is the account that acts on the embedded one.

use super::Connection;
use directories::ProjectDirs;
use std::env::var_os;
use std::path::PathBuf;
use std::time::Duration;

/// How long a call to a service elsewhere may take.
const TIME_LIMIT: Duration = Duration::from_secs(100);

/// The folder of settings: profile, manifests of the user's own.
pub fn settings_directory() -> PathBuf {
    match var_os("PCSH_HOME") {
        Some(home) => PathBuf::from(home),
        None => project().map_or_else(|| PathBuf::from(".pcsh"), |project| project.config_dir().to_owned()),
    }
}

/// The folder of the embedded service's store.
pub fn data_directory() -> PathBuf {
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
    pub fn from_environment() -> Connection {
        let text =
            |name| var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|text| !text.is_empty());
        match text("PCSH_SERVER") {
            Some(uri) => Connection::Remote { uri, token: text("PCSH_TOKEN"), time_limit: TIME_LIMIT },
            None => Connection::Embedded { directory: data_directory(), actor: text("PCSH_ACTOR") },
        }
    }
}
