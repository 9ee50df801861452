//! Versions that do not fit, half-up services, restored backups: each a clear error with a way out.

use super::fixture::{Site, new_room};
use pcsh::api::{API_HEADER, Call};
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::Access;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn client(address: SocketAddr, token: Option<String>, patience: Duration) -> ManagementClient {
    let endpoint = Endpoint { patience, ..Endpoint::new(format!("http://{address}")).token(token) };
    ManagementClient::new(Connection::Remote(endpoint))
}

/// Something at an address that answers every request with the next of these texts, and the last one from then on.
fn pretend(answers: Vec<String>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let number = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            let mut head = [0_u8; 4096];
            let _ = stream.read(&mut head);
            let _ = stream.write_all(answers[number].as_bytes());
        }
    });
    (address, asked)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}

#[test]
fn strange_answers_are_told_apart() {
    let rows = [
        (answer("200 OK", "", "<html>hello</html>"), "PC-E99"),
        (answer("404 Not Found", "", "nothing here"), "PC-E99"),
        (answer("502 Bad Gateway", "", "<html>bad gateway</html>"), "PC-E97"),
        (answer("503 Service Unavailable", "", ""), "PC-E97"),
        (answer("302 Found", "location: http://127.0.0.1:1/\r\n", ""), "PC-E99"),
        (answer("200 OK", &format!("{API_HEADER}: 99\r\n"), "{\"value\":[]}"), "PC-E86"),
        ("nonsense\r\n\r\n".to_owned(), "PC-E97"),
        (String::new(), "PC-E97"),
    ];
    for (text, id) in rows {
        let (address, _) = pretend(vec![text.clone()]);
        let problem = client(address, None, Duration::ZERO).call(&Call::new("Get", "CsUser")).unwrap_err();
        assert_eq!(problem.id, id, "{text}: {problem}");
        assert!(!problem.detail.is_empty());
    }
}

#[test]
fn a_service_that_starts_is_waited_for() {
    let starting = answer("503 Service Unavailable", "retry-after: 1\r\n", "");
    let (address, asked) = pretend(vec![starting.clone(), starting, answer("200 OK", "", "{\"value\":[]}")]);
    client(address, None, Duration::from_secs(10)).call(&Call::new("Get", "CsUser")).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    let (address, asked) = pretend(vec![String::new()]);
    let mut within = Call::new("New", "CsVoicePolicy").identity("x");
    within.transaction = Some("t".to_owned());
    client(address, None, Duration::from_secs(10)).call(&within).unwrap_err();
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what belongs to a transaction is not sent twice");
}

#[test]
fn a_client_of_a_later_generation_is_told() {
    let site = Site::empty();
    let address = site.serve(Access::Tokens);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (generation, status) in [("1", 401), ("2", 409), ("0", 400), ("x", 400)] {
        let request = reqwest::Client::new().get(format!("http://{address}/v1/users")).header(API_HEADER, generation);
        let answer = runtime.block_on(async { request.send().await.unwrap() });
        assert_eq!(answer.status().as_u16(), status, "{generation}");
        assert_eq!(answer.headers()[API_HEADER], "1");
    }
}

#[test]
fn a_restored_backup_keeps_revocations_and_explains_lost_tokens() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Tokens);
    let status = Call::new("Get", "CsServiceStatus");
    let ask = |token: &str| client(address, Some(token.to_owned()), Duration::ZERO).call(&status);
    let wish = |label: &str| pcsh::service::TokenWish { actor: None, label: label.into(), read_only: false, days: 1 };
    let (_, kept) = site.service.create_token(&wish("kept")).unwrap();
    let (number, revoked) = site.service.create_token(&wish("revoked later")).unwrap();
    let file = site.directory.path().join("backup");
    site.service.store().backup(&file).unwrap();
    let (_, later) = site.service.create_token(&wish("made later")).unwrap();
    site.service.revoke_token(number).unwrap();
    site.ok(new_room("later", "IT"));
    site.service.store().restore(&file).unwrap();
    ask(&kept).unwrap();
    assert!(ask(&revoked).unwrap_err().detail.contains("revoked"));
    let lost = ask(&later).unwrap_err();
    assert!(lost.id == "PC-E09" && lost.detail.contains("restored") && lost.detail.contains("token create"), "{lost}");
    site.fails("PC-E21", Call::new("Get", "CsPersistentChatRoom").identity("later"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_commit_whose_answer_was_lost_is_answered_again() {
    let site = Site::with_first_room();
    let id = super::fixture::text(&site.one(Call::new("New", "CsTransaction")), "identity");
    let mut within = new_room("once", "IT");
    within.transaction = Some(id.clone());
    site.ok(within);
    let complete = Call::new("Complete", "CsTransaction").identity(id.as_str());
    site.ok(complete.clone());
    site.ok(complete);
    site.room("once");
    site.fails("PC-E89", Call::new("Undo", "CsTransaction").identity(id.as_str()));
}

/// The clock jumps forward and back: tokens end when they should, locks do not last, nothing written is in doubt.
#[test]
fn the_clock_may_be_moved() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Tokens);
    let (day, year) = (86_400_000, 365 * 86_400_000);
    site.service.set_password("kmyer", "correct horse battery").unwrap();
    let log_on = |password: &str| {
        let call = Call::new("New", "CsSession").with("userName", "kmyer").with("password", password);
        client(address, None, Duration::ZERO).call(&call).map_err(|problem| problem.id)
    };
    let token = site.token(None, false);
    let ask = || client(address, Some(token.clone()), Duration::ZERO).call(&Call::new("Get", "CsServiceStatus"));
    let mut written = 0;
    for jump in [0, year, -year, -year, 2 * year, -year, day / 2] {
        site.pass(jump);
        let mut call = new_room(&format!("room{written}"), "IT");
        call.idempotency_key = Some(format!("key{written}"));
        assert_eq!(site.ok(call.clone()), site.ok(call));
        written += 1;
    }
    ask().unwrap();
    site.pass(day);
    assert_eq!(ask().unwrap_err().id, "PC-E09");
    // Locked out in a time to come, then the clock is set right.
    site.pass(year);
    for _ in 0..6 {
        let _ = log_on("wrong");
        site.pass(1_000_000);
    }
    for _ in 0..2 {
        let _ = log_on("wrong");
    }
    assert_eq!(log_on("correct horse battery").unwrap_err(), "PC-E98");
    site.pass(-year);
    log_on("correct horse battery").unwrap();
    let id = super::fixture::text(&site.one(Call::new("New", "CsTransaction")), "identity");
    site.pass(-day);
    site.ok(Call::new("Complete", "CsTransaction").identity(id.as_str()));
    let verdict = site.service.store().read(|tx| tx.verify_audit()).unwrap();
    assert!(matches!(verdict, pcsh::store::Verdict::Sound(_)), "{verdict:?}");
    let rooms = site.ok(Call::new("Get", "CsPersistentChatRoom")).value.len();
    super::writers::report(&format!("clock moved 7 times: {written} rooms acknowledged, {} lost", written + 1 - rooms));
    assert_eq!(rooms, written + 1);
}
