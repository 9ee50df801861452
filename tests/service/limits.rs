//! Limits: calls a second, failed proofs, connections, slow and oversized requests.

use super::fixture::Site;
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::{Access, Limits};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

fn client(address: SocketAddr, token: &str, patience: Duration) -> ManagementClient {
    let endpoint = Endpoint::new(format!("http://{address}")).token(Some(token.to_owned()));
    ManagementClient::new(Connection::Remote(Endpoint { patience, ..endpoint }))
}

fn limited(limits: Limits) -> Site {
    Site::with_options(|options| options.limits = limits)
}

/// What comes back for these bytes until the other side closes, and how long that takes.
fn raw(address: SocketAddr, bytes: &[u8]) -> (String, Duration) {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // A reset after the answer is an end too.
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), start.elapsed())
}

#[test]
fn a_caller_who_asks_too_often_waits() {
    let site = limited(Limits { rate: 5, ..Limits::default() });
    let address = site.serve(Access::Tokens);
    let token = site.token(None, false);
    let hasty = client(address, &token, Duration::ZERO);
    let status = Call::new("Get", "CsServiceStatus");
    let refused = (0..30).find_map(|_| hasty.call(&status).err()).unwrap();
    assert_eq!((refused.id.as_str(), refused.status, refused.retry_after), ("PC-E98", 429, Some(1)));
    let patient = client(address, &token, Duration::from_secs(20));
    // The first answer, whatever it is, makes the service one that is waited for.
    let _ = patient.call(&status);
    for number in 0..8 {
        patient.call(&Call::new("New", "CsPersistentChatPolicy").identity(format!("p{number}"))).unwrap();
    }
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatPolicy")).value.len(), 9);
}

#[test]
fn guessing_is_slowed_and_audited() {
    let site = limited(Limits::default());
    let address = site.serve(Access::Tokens);
    let status = Call::new("Get", "CsServiceStatus");
    let ids: Vec<String> = (0..25)
        .map(|number| client(address, &format!("pcsh_guess{number}"), Duration::ZERO).call(&status).unwrap_err().id)
        .collect();
    assert_eq!(ids.iter().filter(|id| *id == "PC-E09").count(), 20, "{ids:?}");
    assert_eq!(ids.iter().filter(|id| *id == "PC-E98").count(), 5, "{ids:?}");
    let trail = site.ok(Call::new("Get", "CsAdminAudit").with("cmdlet", "log-on"));
    assert_eq!(trail.value.len(), 1, "one record a minute and address");
    assert_eq!(trail.value[0]["action"], "LogOnFailed");
}

#[test]
fn the_slow_and_the_large_are_cut_off() {
    let site = limited(Limits {
        head_time: Duration::from_secs(1),
        request_time: Duration::from_secs(2),
        body: 1 << 20,
        ..Limits::default()
    });
    let address = site.serve(Access::Tokens);
    let (_, taken) = raw(address, b"GET /v1/users HTTP/1.1\r\nhost: x\r\nslow");
    assert!(taken < Duration::from_secs(5), "a head that never ends: {taken:?}");
    let (answer, taken) = raw(
        address,
        b"POST /v1/persistent-chat-rooms HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{",
    );
    assert!(taken < Duration::from_secs(8) && answer.contains("PC-E87"), "a body that never ends: {taken:?} {answer}");
    let token = site.token(None, false);
    for (proof, status, id) in
        [(String::new(), "401", "PC-E09"), (format!("authorization: Bearer {token}\r\n"), "413", "PC-E88")]
    {
        let head =
            "POST /v1/persistent-chat-rooms HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2000000\r\n";
        let (answer, _) = raw(address, format!("{head}{proof}\r\n{{").as_bytes());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(id), "{answer}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(200_000));
    let (answer, _) = raw(address, long.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    let many: String = (0..500).map(|number| format!("x-{number}: y\r\n")).collect();
    let (answer, _) = raw(address, format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[test]
fn one_address_cannot_take_every_connection() {
    let site = limited(Limits { connections_per_address: 4, ..Limits::default() });
    let address = site.serve(Access::Tokens);
    let held: Vec<TcpStream> = (0..4).map(|_| TcpStream::connect(address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(200));
    let (answer, _) = raw(address, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 503") || answer.is_empty(), "{answer}");
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    let (answer, _) = raw(address, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn metrics_tell_what_happened() {
    let site = limited(Limits::default());
    let address = site.serve(Access::Tokens);
    let token = site.token(None, false);
    client(address, &token, Duration::ZERO).call(&Call::new("Get", "CsServiceStatus")).unwrap();
    let _ = client(address, "pcsh_wrong", Duration::ZERO).call(&Call::new("Get", "CsServiceStatus"));
    let (answer, _) = raw(address, b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    for line in [
        "pcsh_requests_total 2",
        "pcsh_answers_total{status=\"4xx\"} 1",
        "pcsh_refused_callers_total 1",
        "pcsh_store_up 1",
        "pcsh_request_seconds_count{kind=\"read\"} 2",
    ] {
        assert!(answer.contains(line), "{line} in {answer}");
    }
}
