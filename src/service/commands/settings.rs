//! Options of `pcsh service`: from the command line, else from the settings file.

use super::super::{FederationOptions, Limits, Options, Service};
use super::usage;
use crate::api::Problem;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Options without a value.
const FLAGS: [&str; 3] = ["read-only", "tls", "no-tls"];
/// Options with a value.
const NAMED: [&str; 24] = [
    "data",
    "store",
    "config",
    "listen",
    "user",
    "label",
    "days",
    "down",
    "certificate",
    "key",
    "client-authority",
    "client-certificates",
    "client-crl",
    "oidc-issuer",
    "oidc-audience",
    "oidc-keys",
    "oidc-claim",
    "rate",
    "failed-log-ons",
    "connections",
    "connections-per-address",
    "request-seconds",
    "body-megabytes",
    "nats",
];
/// The settings file in the data directory.
const FILE: &str = "service.toml";

/// Options of one run.
#[derive(Default)]
pub(super) struct Settings {
    named: Vec<(String, String)>,
    pub data: PathBuf,
}

impl Settings {
    /// Splits arguments into words and options, and adds what the settings file says.
    pub fn parse(arguments: &[String], data: &Path) -> Result<(Vec<String>, Self), Problem> {
        let mut settings = Settings { named: Vec::new(), data: data.to_owned() };
        let mut words = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let Some(name) = argument.strip_prefix("--") else {
                words.push(argument.clone());
                continue;
            };
            let (name, value) =
                name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value.to_owned())));
            if name == "help" {
                return Ok((vec!["help".to_owned()], Settings::default()));
            }
            if FLAGS.contains(&name) {
                settings.named.push((name.to_owned(), "true".to_owned()));
            } else if NAMED.contains(&name) {
                let value = value.or_else(|| rest.next().cloned());
                settings
                    .named
                    .push((name.to_owned(), value.ok_or_else(|| usage(&format!("--{name} needs a value.")))?));
            } else {
                return Err(usage(&format!("--{name} is not an option.")));
            }
        }
        if let Some(directory) = settings.get("data").map(PathBuf::from) {
            settings.data = directory;
        }
        settings.add_file()?;
        Ok((words, settings))
    }

    /// What the command line does not say, the file may.
    fn add_file(&mut self) -> Result<(), Problem> {
        let (file, asked) = match self.get("config") {
            Some(file) => (PathBuf::from(file), true),
            None => (self.data.join(FILE), false),
        };
        let place = file.display();
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if !asked && error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                return Err(Problem::new("PC-E60", format!("The settings '{place}' cannot be read: {error}.")));
            }
        };
        let faulty = |reason: String| Problem::new("PC-E61", format!("The settings '{place}' are faulty: {reason}"));
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| faulty(error.message().to_owned()))?;
        for (name, value) in table {
            let known = FLAGS.contains(&name.as_str()) || NAMED.contains(&name.as_str());
            if !known || name == "config" || name == "data" {
                return Err(faulty(format!("'{name}' is not an option that may stand there.")));
            }
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(true) => "true".to_owned(),
                toml::Value::Boolean(false) => continue,
                _ => return Err(faulty(format!("'{name}' must be a text, a number or true."))),
            };
            if self.get(&name).is_none() {
                self.named.push((name, value));
            }
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A number that an option may give.
    fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, Problem> {
        let Some(text) = self.get(name) else { return Ok(default) };
        text.parse().map_err(|_| usage(&format!("--{name} needs a number, not '{text}'.")))
    }

    fn limits(&self) -> Result<Limits, Problem> {
        let usual = Limits::default();
        let seconds = self.number("request-seconds", usual.request_time.as_secs())?;
        let megabytes = self.number("body-megabytes", usual.body >> 20)?;
        if seconds == 0 || megabytes == 0 {
            return Err(usage("--request-seconds and --body-megabytes need a number from 1."));
        }
        Ok(Limits {
            rate: self.number("rate", usual.rate)?,
            failures: self.number("failed-log-ons", usual.failures)?,
            connections: self.number("connections", usual.connections)?.clamp(1, 1 << 20),
            connections_per_address: self.number("connections-per-address", usual.connections_per_address)?.max(1),
            request_time: Duration::from_secs(seconds),
            body: megabytes.saturating_mul(1 << 20),
            ..usual
        })
    }

    fn federation(&self) -> Result<Option<FederationOptions>, Problem> {
        let text = |name: &str| self.get(name).map(str::to_owned);
        match (text("oidc-issuer"), text("oidc-audience")) {
            (Some(issuer), Some(audience)) => {
                Ok(Some(FederationOptions { issuer, audience, keys: text("oidc-keys"), claim: text("oidc-claim") }))
            }
            (None, None) => Ok(None),
            _ => Err(usage("--oidc-issuer and --oidc-audience belong together.")),
        }
    }

    pub fn service(&self) -> Result<Arc<Service>, Problem> {
        let mut options = Options::in_directory(&self.data);
        if let Some(store) = self.get("store") {
            store.clone_into(&mut options.store);
        }
        options.limits = self.limits()?;
        options.federation = self.federation()?;
        Service::open(options)
    }
}
