//! A service that works for long stays of one size: memory and descriptors before and after, under every kind of work.

use super::kill::rounds;
use super::restart::Program;
use super::writers::{client, report};
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a process holds: kilobytes in memory, and descriptors.
#[derive(Clone, Copy, Debug)]
struct Size {
    memory: u64,
    descriptors: usize,
}

fn size(id: u32) -> Size {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let memory = line.trim().trim_end_matches("kB").trim().parse().unwrap();
    Size { memory, descriptors: std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count() }
}

/// One turn of each kind of work; how many calls it made.
fn turn(kind: usize, client: &ManagementClient, uri: &str, number: usize) -> usize {
    let policy = |verb: &str, name: String| Call::new(verb, "CsPersistentChatPolicy").identity(name);
    match kind {
        0 => {
            let name = format!("e{number}");
            client.call(&policy("New", name.clone())).unwrap();
            client.call(&policy("Set", format!("Tag:{name}")).with("description", "x".repeat(500))).unwrap();
            client.call(&policy("Remove", format!("Tag:{name}"))).unwrap();
            3
        }
        1 => {
            client.call(&Call::new("Get", "CsPersistentChatPolicy")).unwrap();
            client.call(&Call::new("Get", "CsAdminRole")).unwrap();
            2
        }
        2 => {
            let Ok(transaction) = client.begin() else { return 1 };
            let mut call = policy("New", format!("t{number}"));
            call.transaction = Some(transaction.clone());
            let made = client.call(&call).is_ok();
            match number % 2 {
                0 => client.rollback(&transaction).unwrap(),
                _ if made => {
                    client.commit(&transaction).unwrap();
                    client.call(&policy("Remove", format!("Tag:t{number}"))).unwrap();
                }
                _ => {}
            }
            4
        }
        3 => {
            // Faults of every kind, and connections that say nothing.
            let guess = Endpoint { patience: Duration::ZERO, ..Endpoint::new(uri) };
            let stranger = ManagementClient::new(Connection::Remote(guess.token(Some(format!("pcsh_{number}")))));
            assert!(stranger.call(&Call::new("Get", "CsUser")).is_err());
            assert!(client.call(&policy("Get", format!("nowhere{number}"))).is_err());
            assert!(client.call(&policy("New", "x".to_owned()).with("nonsense", json!({ "deep": [number] }))).is_err());
            let place = uri.trim_start_matches("http://");
            drop(std::net::TcpStream::connect(place).unwrap());
            4
        }
        _ => unreachable!("four kinds"),
    }
}

#[test]
fn a_long_run_keeps_its_size() {
    let program = Program::new();
    program.import_directory();
    let token = program.token();
    let service = program.start();
    let length = Duration::from_secs(rounds(10) as u64);
    let (stop, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    let sizes = std::thread::scope(|scope| {
        for kind in [0, 0, 1, 1, 2, 3] {
            let (program, token, stop, calls) = (&program, &token, &stop, &calls);
            scope.spawn(move || {
                static NUMBER: AtomicUsize = AtomicUsize::new(0);
                let client = client(&program.uri(), token);
                while !stop.load(Ordering::SeqCst) {
                    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
                    calls.fetch_add(turn(kind, &client, &program.uri(), number), Ordering::SeqCst);
                }
            });
        }
        let began = Instant::now();
        let mut sizes = vec![size(service.id())];
        while began.elapsed() < length {
            std::thread::sleep(length / 10);
            sizes.push(size(service.id()));
        }
        stop.store(true, Ordering::SeqCst);
        sizes
    });
    std::thread::sleep(Duration::from_millis(500));
    let rested = size(service.id());
    service.stop();
    let verdict = program.run(&["audit", "verify"]);
    // The first fifth fills caches and pools.
    let (first, warm) = (sizes[0], sizes[2]);
    let most = sizes.iter().map(|size| size.memory).max().unwrap();
    report(&format!(
        "{} calls in {} s: memory {} MiB at the start, {} MiB warm, {} MiB at most, {} MiB at the end; descriptors {}, {} \
         under load, {} at the end; {}",
        calls.load(Ordering::SeqCst),
        length.as_secs(),
        first.memory >> 10,
        warm.memory >> 10,
        most >> 10,
        rested.memory >> 10,
        first.descriptors,
        warm.descriptors,
        rested.descriptors,
        verdict.trim()
    ));
    assert!(rested.memory < warm.memory * 3 / 2 + 48 * 1024, "{sizes:?} {rested:?}");
    assert!(rested.descriptors <= warm.descriptors.max(first.descriptors) + 16, "{sizes:?} {rested:?}");
}
