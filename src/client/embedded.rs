//! The service inside this process: the router is called directly, opened at the first call.

use super::Transport;
use crate::api::{Call, HttpCall, Page, Problem};
use crate::service::{Access, CallerId, Options, Service, router};
use axum::body::Body;
use axum::http::{Request, header};
use std::cell::OnceCell;
use std::path::PathBuf;
use tower::ServiceExt;

/// The in-process transport.
pub(super) struct Embedded {
    directory: PathBuf,
    caller: CallerId,
    parts: OnceCell<(tokio::runtime::Runtime, axum::Router)>,
}

impl Embedded {
    pub(super) fn new(directory: PathBuf, actor: Option<String>) -> Self {
        Embedded { directory, caller: CallerId { actor, read_only: false, local: true }, parts: OnceCell::new() }
    }

    fn parts(&self) -> Result<&(tokio::runtime::Runtime, axum::Router), Problem> {
        if let Some(parts) = self.parts.get() {
            return Ok(parts);
        }
        let manifests = Some(super::home::settings_directory().join("cmdlets"));
        let service = Service::open(Options { manifests, ..Options::in_directory(&self.directory) })?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(Problem::internal)?;
        let router = router(service, Access::Local(self.caller.clone()));
        Ok(self.parts.get_or_init(|| (runtime, router)))
    }
}

fn request(http: HttpCall) -> Result<Request<Body>, Problem> {
    let mut builder = Request::builder().method(http.method).uri(&http.target);
    for (name, value) in http.headers {
        builder = builder.header(name, value);
    }
    let body = match http.body {
        Some(body) => {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
            Body::from(serde_json::to_vec(&body).map_err(Problem::internal)?)
        }
        None => Body::empty(),
    };
    builder.body(body).map_err(|error| Problem::new("PC-E90", format!("The call cannot be sent: {error}.")))
}

impl Transport for Embedded {
    fn send(&self, call: &Call) -> Page {
        let (runtime, router) = self.parts()?;
        let request = request(call.to_http())?;
        runtime.block_on(async {
            let response = match router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let (status, headers) = (response.status(), response.headers().clone());
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.map_err(Problem::internal)?;
            super::remote::read_reply(status.as_u16(), &headers, &bytes)
        })
    }
}
