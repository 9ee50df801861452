//! `pcsh service serve`: the address, the encryption, the log, and the router on a socket.

use super::super::tls::{self, TlsOptions};
use super::super::{Access, Service, notify, outbox, router, serve as sockets};
use super::Outcome;
use super::settings::{ClientCertificates, Settings};
use crate::api::Problem;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often housekeeping looks whether there is something to do.
const HOUSEKEEPING_PAUSE: Duration = Duration::from_secs(5);

/// Where the service listens unless told otherwise.
const USUAL_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 5040);

pub(super) fn serve(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let given = &settings.service;
    let address = given.listen.unwrap_or(USUAL_ADDRESS);
    let need = given.client_certificates == Some(ClientCertificates::Required);
    let asked = given.tls || need || given.certificate.is_some() || given.client_authority.is_some();
    let clear = address.ip().is_loopback() && !asked && given.client_crl.is_none();
    if given.no_tls && !clear {
        let message =
            format!("{address} is not a loopback address, or TLS is asked for: the service listens with TLS.");
        return Err(Problem::new("PC-E90", message));
    }
    start_log();
    sockets::keep_out_of_cores();
    let service = settings.open()?;
    let tls = match clear {
        true => None,
        false => {
            let options = TlsOptions {
                files: given.certificate.clone().zip(given.key.clone()),
                client_authorities: vec![service.client_authority()?],
                client_authority_file: given.client_authority.clone(),
                client_revocations: given.client_crl.clone(),
                clients_need_certificates: need,
            };
            let tls = tls::tls(&settings.data, options, address)?;
            service.serves_over(&tls);
            Some(tls)
        }
    };
    let relay = outbox::start(&service, given.nats.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Problem::internal)?;
    let served = runtime.block_on(async {
        let refused =
            |error: std::io::Error| Problem::new("PC-E95", format!("{address} cannot be listened on: {error}."));
        let listener = tokio::net::TcpListener::bind(address).await.map_err(refused)?;
        let bound = listener.local_addr().map_err(refused)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let mut greeting = format!("Listening on {scheme}://{bound}\n");
        if let Some(tls) = &tls {
            greeting.push_str(&format!("Certificate SHA-256 fingerprint {}\n", tls.served().fingerprint));
        }
        // Nobody need read it.
        let _ = out.write_all(greeting.as_bytes()).and_then(|()| out.flush());
        let limits = service.limits().clone();
        tokio::spawn(tls::Tls::keep_fresh(tls.clone()));
        tokio::spawn(keep_house(Arc::downgrade(&service)));
        notify::tell("READY=1");
        if let Some(pause) = notify::watchdog() {
            tokio::spawn(show_life(pause));
        }
        sockets::serve_on(listener, tls, router(service, Access::Tokens), limits).await
    });
    relay.stop();
    served
}

/// Shows the service manager that calls are still taken up. The store is not asked: a restart would not bring it back.
async fn show_life(pause: Duration) {
    loop {
        notify::tell("WATCHDOG=1");
        tokio::time::sleep(pause).await;
    }
}

/// Does what is to be done now and then, as long as the service is there.
async fn keep_house(service: Weak<Service>) {
    loop {
        tokio::time::sleep(HOUSEKEEPING_PAUSE).await;
        let Some(service) = service.upgrade() else { return };
        let done = tokio::task::spawn_blocking(move || service.keep_house()).await;
        if let Ok(Err(problem)) = done {
            tracing::warn!(%problem, "housekeeping was left undone");
        }
    }
}

/// Structured lines on standard error; `RUST_LOG` chooses how much.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first log.
    drop(log.try_init());
}
