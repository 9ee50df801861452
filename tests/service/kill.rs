//! The service is killed again and again under writers: what was acknowledged is there, nothing is there twice.

use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROUNDS: usize = 6;
const WRITERS: usize = 3;

fn start(data: &Path, port: u16) -> Option<Child> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["service", "serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
    line.starts_with("Listening").then_some(child)
}

fn client(port: u16, token: &str) -> ManagementClient {
    let endpoint = Endpoint::new(format!("http://127.0.0.1:{port}")).token(Some(token.to_owned()));
    ManagementClient::new(Connection::Remote(endpoint))
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let data = tempfile::tempdir().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["service", "token", "create", "--data"])
        .arg(data.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = start(data.path(), port).expect("the service starts");
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (stop, token) = (stop.clone(), token.clone());
            std::thread::spawn(move || {
                let client = client(port, &token);
                let mut acknowledged = Vec::new();
                for number in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let name = format!("w{writer}-{number}");
                    match client.call(&Call::new("New", "CsPersistentChatPolicy").identity(name.as_str())) {
                        Ok(_) => acknowledged.push(format!("Tag:{name}")),
                        Err(problem) => assert!(problem.is_transient(), "{problem}"),
                    }
                }
                acknowledged
            })
        })
        .collect();
    for _ in 0..ROUNDS {
        std::thread::sleep(Duration::from_millis(500));
        child.kill().unwrap();
        child.wait().unwrap();
        child = start(data.path(), port).expect("the service starts again");
    }
    std::thread::sleep(Duration::from_millis(500));
    stop.store(true, Ordering::SeqCst);
    let acknowledged: Vec<String> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
    let reply = client(port, &token).call(&Call::new("Get", "CsPersistentChatPolicy")).unwrap();
    let there: Vec<String> = reply.value.iter().map(|policy| policy["identity"].as_str().unwrap().to_owned()).collect();
    let unique: BTreeSet<&String> = there.iter().collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let lost = acknowledged.iter().filter(|name| !unique.contains(name)).count();
    println!("{} writes acknowledged, {ROUNDS} kills, {lost} lost", acknowledged.len());
    assert_eq!((lost, unique.len()), (0, there.len()));
    assert!(acknowledged.len() > 10);
    let verified = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["service", "audit", "verify", "--data"])
        .arg(data.path())
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}
