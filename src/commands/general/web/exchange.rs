//! One exchange over HTTP: a request as the parameters describe it, redirections and retries, the whole reply.

use crate::value::{ErrorCategory, Fault, Outcome};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Version};
use std::time::Duration;

/// What is asked.
#[derive(Clone, Default)]
pub(super) struct Request {
    pub(super) uri: String,
    pub(super) method: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) user: Option<(String, String)>,
    pub(super) bearer: Option<String>,
    pub(super) time_limit: Option<Duration>,
    pub(super) redirections: usize,
    pub(super) trusts_all: bool,
    pub(super) no_proxy: bool,
    pub(super) proxy: Option<String>,
    pub(super) retries: u32,
    pub(super) pause: Duration,
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) version: &'static str,
    pub(super) uri: String,
    /// Headers in the order they came; several of a name stay several.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The first header of a name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The error of an exchange that brought no reply.
fn failed(error: &dyn std::error::Error, uri: &str, timed_out: bool) -> Fault {
    let mut text = format!("No reply came from '{uri}': {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    let (id, category, exception) = match timed_out {
        true => (
            "ConnectionTimeoutReached",
            ErrorCategory::OperationTimeout,
            "System.Threading.Tasks.TaskCanceledException",
        ),
        false => {
            ("WebCmdletWebResponseException", ErrorCategory::InvalidOperation, "System.Net.Http.HttpRequestException")
        }
    };
    Fault::new(id, format!("{text}.")).category(category).exception(exception)
}

fn invalid(text: String) -> Fault {
    Fault::new("WebCmdletInvalidRequest", text)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.FormatException")
}

impl Request {
    /// Sends the request, again where asked and the reply is an error.
    pub(super) fn send(&self) -> Outcome<Reply> {
        let mut left = self.retries;
        loop {
            let reply = self.send_once();
            let again = match &reply {
                Ok(reply) => reply.status == 304 || (400..600).contains(&reply.status),
                Err(_) => false,
            };
            if !again || left == 0 {
                return reply;
            }
            left -= 1;
            std::thread::sleep(self.pause);
        }
    }

    fn send_once(&self) -> Outcome<Reply> {
        let fault = |error: reqwest::Error| failed(&error, &self.uri, error.is_timeout());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(&error, &self.uri, false))?;
        let client = self.client().map_err(fault)?;
        let request = self.build(&client)?;
        let reply = runtime.block_on(async {
            let response = client.execute(request).await?;
            let (status, version, uri) = (response.status(), response.version(), response.url().to_string());
            let headers = response.headers().iter();
            let headers = headers
                .map(|(name, value)| (title(name.as_str()), String::from_utf8_lossy(value.as_bytes()).into_owned()));
            let headers = headers.collect();
            let body = response.bytes().await?.to_vec();
            let reason = status.canonical_reason().unwrap_or_default().to_owned();
            Ok(Reply { status: status.as_u16(), reason, version: version_text(version), uri, headers, body })
        });
        Ok(reply.map_err(fault)?)
    }

    fn client(&self) -> reqwest::Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            .use_rustls_tls()
            .redirect(match self.redirections {
                0 => reqwest::redirect::Policy::none(),
                most => reqwest::redirect::Policy::limited(most),
            })
            .danger_accept_invalid_certs(self.trusts_all);
        if let Some(limit) = self.time_limit {
            builder = builder.timeout(limit);
        }
        if self.no_proxy {
            builder = builder.no_proxy();
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy)?);
        }
        builder.build()
    }

    fn build(&self, client: &reqwest::Client) -> Outcome<reqwest::Request> {
        let method = Method::from_bytes(self.method.to_ascii_uppercase().as_bytes())
            .map_err(|_| invalid(format!("'{}' is no HTTP method.", self.method)))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let known = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
            let Some((name, value)) = known else {
                return invalid(format!("'{name}: {value}' is no header.")).err();
            };
            headers.append(name, value);
        }
        let mut request = client.request(method, &self.uri).headers(headers);
        if let Some((user, password)) = &self.user {
            request = request.basic_auth(user, Some(password));
        }
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        Ok(request.build().map_err(|error| invalid(format!("'{}' cannot be asked: {error}.", self.uri)))?)
    }
}

/// A header's name as .NET writes the known ones: `Content-Type`.
fn title(name: &str) -> String {
    const WHOLE: [(&str, &str); 3] = [("etag", "ETag"), ("www-authenticate", "WWW-Authenticate"), ("te", "TE")];
    if let Some((_, known)) = WHOLE.iter().find(|row| row.0 == name) {
        return (*known).to_owned();
    }
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join("-")
}

fn version_text(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2.0",
        Version::HTTP_3 => "3.0",
        _ => "1.1",
    }
}
