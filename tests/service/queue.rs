//! Events over NATS JetStream: each change is told at least once and stands once in the stream, whatever is killed.

use super::restart::Program;
use super::writers::{Writers, report};
use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A message queue of our own.
struct Queue {
    folder: tempfile::TempDir,
    port: u16,
    child: Child,
}

impl Queue {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Queue::spawn(&folder, port);
        Queue { folder, port, child }
    }

    fn spawn(folder: &tempfile::TempDir, port: u16) -> Child {
        let found = ["/usr/sbin/nats-server", "/usr/bin/nats-server"];
        let path = found.into_iter().find(|path| std::path::Path::new(path).exists());
        let child = Command::new(path.expect("nats-server is installed (tests/run does it)"))
            .args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "nats-server answers");
            std::thread::sleep(Duration::from_millis(50));
        }
        child
    }

    fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    fn restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = Queue::spawn(&self.folder, self.port);
    }

    /// All messages of the stream, in order.
    fn messages(&self) -> Vec<serde_json::Value> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let context = async_nats::jetstream::new(async_nats::connect(self.address()).await.unwrap());
            let stream = context.get_stream("PCSH").await.unwrap();
            let state = stream.get_info().await.unwrap().state;
            let mut messages = Vec::new();
            for sequence in state.first_sequence..=state.last_sequence {
                let message = stream.get_raw_message(sequence).await.unwrap();
                messages.push(serde_json::from_slice(&message.payload).unwrap());
            }
            messages
        })
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_change_is_told_and_none_twice() {
    let mut queue = Queue::start();
    let program = Program::new();
    let token = program.token();
    let address = queue.address();
    let serve = || program.start_with(Stdio::null(), "warn", &["--nats", &address]);
    let mut service = serve();
    let writers = Writers::start(&[program.uri()], &token, 2);
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(500));
        service.kill();
        service = serve();
        std::thread::sleep(Duration::from_millis(400));
        queue.restart();
    }
    let count = writers.count(&program.uri(), &token);
    let verdict = program.run(&["audit", "verify"]);
    let records: usize = verdict.split_whitespace().find_map(|word| word.parse().ok()).unwrap();
    let end = Instant::now() + Duration::from_secs(40);
    let told = loop {
        let messages = queue.messages();
        if messages.len() >= records || Instant::now() > end {
            break messages;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    service.stop();
    let ids: BTreeSet<i64> = told.iter().map(|event| event["id"].as_i64().unwrap()).collect();
    report(&format!(
        "events: {records} changes ({} acknowledged), {} told, {} twice, 2 kills of the service, 2 of the queue",
        count.acknowledged,
        ids.len(),
        told.len() - ids.len()
    ));
    assert_eq!((ids.len(), told.len()), (records, records));
    assert_eq!((count.lost.len(), count.twice), (0, 0));
}
