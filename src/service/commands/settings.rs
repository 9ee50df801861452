//! Settings of the service: from the command line, else from the settings file; both have the same names.

use super::super::{FederationOptions, Limits, Options, Service};
use super::usage;
use crate::api::Problem;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The settings file in the data directory.
const FILE: &str = "service.toml";

/// Whether callers must show a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ClientCertificates {
    /// They may.
    Optional,
    /// They must.
    Required,
}

/// How the service is served. Each may stand in the settings file, without the dashes.
#[derive(Debug, Default, Args, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct ServiceSettings {
    /// Where the store is; the command line has it for every sub-command.
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<String>,
    /// Where to listen [127.0.0.1:5040]
    #[arg(long, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<SocketAddr>,
    /// TLS with this certificate; addresses other than loopback get TLS with one made at the first start otherwise
    #[arg(long, value_name = "FILE", help_heading = "Encryption")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<PathBuf>,
    /// The key of the certificate
    #[arg(long, value_name = "FILE", help_heading = "Encryption")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<PathBuf>,
    /// TLS on loopback too
    #[arg(long, help_heading = "Encryption")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) tls: bool,
    /// Refuse to start with TLS
    #[arg(long, conflicts_with = "tls", help_heading = "Encryption")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) no_tls: bool,
    /// Believe client certificates of these authorities, besides the service's own
    #[arg(long, value_name = "FILE", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_authority: Option<PathBuf>,
    /// Let nobody in without a client certificate, or leave it to callers
    #[arg(long, value_enum, value_name = "WHEN", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_certificates: Option<ClientCertificates>,
    /// Lists of the client certificates that these authorities have revoked
    #[arg(long, value_name = "FILE", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_crl: Option<PathBuf>,
    /// Believe tokens of this OpenID Connect provider
    #[arg(long, value_name = "URL", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oidc_issuer: Option<String>,
    /// For whom its tokens must be
    #[arg(long, value_name = "NAME", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oidc_audience: Option<String>,
    /// Its keys, where the provider does not say
    #[arg(long, value_name = "URL|FILE", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oidc_keys: Option<String>,
    /// The claim that names the user, instead of upn, preferred_username or email
    #[arg(long, value_name = "NAME", help_heading = "Identity")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oidc_claim: Option<String>,
    /// Calls a second for one caller; 0 is no limit [1000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rate: Option<u32>,
    /// Failed log-ons after which an address or account waits
    #[arg(long, value_name = "N", help_heading = "Limits")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed_log_ons: Option<u32>,
    /// Connections at a time
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connections: Option<u32>,
    /// Connections at a time from one address
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connections_per_address: Option<u32>,
    /// Seconds that a request may take
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u64).range(1..))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_seconds: Option<u64>,
    /// Megabytes that a request may hold
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..=4096))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_megabytes: Option<u32>,
    /// Publish events to JetStream
    #[arg(long, value_name = "nats://HOST:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nats: Option<String>,
}

/// The settings of one run, with the data directory.
pub(super) struct Settings {
    pub(crate) data: PathBuf,
    pub(crate) service: ServiceSettings,
}

impl Settings {
    /// What the command line does not say, the file may: `config` where one is named, else `service.toml` if it is there.
    pub(crate) fn read(data: PathBuf, config: Option<&Path>, given: &ServiceSettings) -> Result<Self, Problem> {
        let file = config.map_or_else(|| data.join(FILE), Path::to_owned);
        let place = file.display();
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if config.is_none() && error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Problem::new("PC-E60", format!("The settings '{place}' cannot be read: {error}.")));
            }
        };
        let faulty =
            |error: toml::de::Error| Problem::new("PC-E61", format!("The settings '{place}' are faulty: {error}"));
        // Read alone first, so that what is told of a fault shows the line of the file.
        toml::from_str::<ServiceSettings>(&text).map_err(faulty)?;
        let mut all: toml::Table = text.parse().map_err(faulty)?;
        all.extend(toml::Table::try_from(given).map_err(Problem::internal)?);
        let service: ServiceSettings = all.try_into().map_err(faulty)?;
        service.check()?;
        Ok(Settings { data, service })
    }

    /// The service over the store of these settings.
    pub(crate) fn open(&self) -> Result<Arc<Service>, Problem> {
        let mut options = Options::in_directory(&self.data);
        if let Some(store) = &self.service.store {
            store.clone_into(&mut options.store);
        }
        options.limits = self.service.limits();
        options.federation = self.service.federation();
        Service::open(options)
    }
}

impl ServiceSettings {
    /// What the command line cannot check where half of it stands in the file.
    fn check(&self) -> Result<(), Problem> {
        let zero = |number: Option<u64>| number == Some(0);
        if self.certificate.is_some() != self.key.is_some() {
            return Err(usage("--certificate and --key belong together."));
        }
        if self.oidc_issuer.is_some() != self.oidc_audience.is_some() {
            return Err(usage("--oidc-issuer and --oidc-audience belong together."));
        }
        if zero(self.request_seconds) || zero(self.body_megabytes.map(u64::from)) {
            return Err(usage("--request-seconds and --body-megabytes need a number from 1."));
        }
        Ok(())
    }

    fn limits(&self) -> Limits {
        let usual = Limits::default();
        let count = |number: Option<u32>, usual: usize| number.map_or(usual, |n| usize::try_from(n).unwrap_or(usual));
        Limits {
            rate: self.rate.unwrap_or(usual.rate),
            failures: self.failed_log_ons.unwrap_or(usual.failures),
            connections: count(self.connections, usual.connections).clamp(1, 1 << 20),
            connections_per_address: count(self.connections_per_address, usual.connections_per_address).max(1),
            request_time: self.request_seconds.map_or(usual.request_time, Duration::from_secs),
            body: self.body_megabytes.map_or(usual.body, |n| usize::try_from(u64::from(n) << 20).unwrap_or(usual.body)),
            ..usual
        }
    }

    fn federation(&self) -> Option<FederationOptions> {
        let (issuer, audience) = (self.oidc_issuer.clone()?, self.oidc_audience.clone()?);
        Some(FederationOptions { issuer, audience, keys: self.oidc_keys.clone(), claim: self.oidc_claim.clone() })
    }
}
