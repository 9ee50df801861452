//! A service elsewhere, over HTTP.

use super::Transport;
use crate::api::{Call, HttpCall, Page, Problem, Reply};
use crate::runtime::tasks;
use std::cell::OnceCell;
use std::time::Duration;

/// The transport over a socket.
pub(super) struct Remote {
    uri: String,
    token: Option<String>,
    time_limit: Duration,
    parts: OnceCell<(tokio::runtime::Runtime, reqwest::Client)>,
}

impl Remote {
    pub(super) fn new(uri: String, token: Option<String>, time_limit: Duration) -> Self {
        Remote { uri: uri.trim_end_matches('/').to_owned(), token, time_limit, parts: OnceCell::new() }
    }

    fn parts(&self) -> Result<&(tokio::runtime::Runtime, reqwest::Client), Problem> {
        if let Some(parts) = self.parts.get() {
            return Ok(parts);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Problem::internal)?;
        let mut builder = reqwest::Client::builder()
            .timeout(self.time_limit)
            .connect_timeout(Duration::from_secs(10))
            .tcp_nodelay(true);
        for certificate in trusted_authorities()? {
            builder = builder.add_root_certificate(certificate);
        }
        let client = builder.build().map_err(Problem::internal)?;
        Ok(self.parts.get_or_init(|| (runtime, client)))
    }

    fn request(&self, client: &reqwest::Client, http: HttpCall) -> Result<reqwest::Request, Problem> {
        let method = reqwest::Method::from_bytes(http.method.as_bytes()).map_err(Problem::internal)?;
        let mut request = client.request(method, format!("{}{}", self.uri, http.target));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request = http.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        if let Some(body) = &http.body {
            request = request.json(body);
        }
        request
            .build()
            .map_err(|error| Problem::new("PC-E97", format!("'{}' is not a service address: {error}.", self.uri)))
    }
}

impl Transport for Remote {
    fn send(&self, call: &Call) -> Page {
        let (runtime, client) = self.parts()?;
        let request = self.request(client, call.to_http())?;
        let uri = self.uri.as_str();
        let unreachable = |error: reqwest::Error| {
            let reason = if error.is_timeout() { "it did not answer in time".to_owned() } else { root_cause(&error) };
            Problem::new("PC-E97", format!("The service at {uri} cannot be reached: {reason}.")).terminating()
        };
        let exchange = async {
            let response = client.execute(request).await.map_err(unreachable)?;
            let status = response.status();
            Ok::<_, Problem>((status, response.bytes().await.map_err(unreachable)?))
        };
        let (status, bytes) = tasks::offload(|| runtime.block_on(exchange))?;
        read_reply(status.as_u16(), &bytes)
    }
}

/// Further authorities to trust: the PEM file that `PCSH_CA` names, such as a service's `tls-authority.pem`.
fn trusted_authorities() -> Result<Vec<reqwest::Certificate>, Problem> {
    let Some(file) = std::env::var_os("PCSH_CA") else { return Ok(Vec::new()) };
    let unreadable = |reason: &dyn std::fmt::Display| {
        let place = std::path::Path::new(&file).display();
        Problem::new("PC-E60", format!("The authorities in '{place}' (PCSH_CA) cannot be read: {reason}."))
    };
    let bytes = std::fs::read(&file).map_err(|error| unreadable(&error))?;
    reqwest::Certificate::from_pem_bundle(&bytes).map_err(|error| unreadable(&error))
}

/// The innermost reason: the outer ones only repeat the address.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// A reply's bytes as a page or a problem.
pub(super) fn read_reply(status: u16, bytes: &[u8]) -> Page {
    if status < 400 {
        return serde_json::from_slice::<Reply>(bytes)
            .map_err(|error| Problem::internal(format!("the reply cannot be read ({error})")));
    }
    Err(serde_json::from_slice::<Problem>(bytes).unwrap_or_else(|_| {
        let id = if status == 503 || status == 502 || status == 504 { "PC-E97" } else { "PC-E99" };
        Problem::new(id, format!("The address answered with status {status}, and not as the management service does."))
    }))
}
