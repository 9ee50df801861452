//! `cargo bench --bench load`: requests a second and their times for reads and writes over 1, 8 and 64 connections, on
//! both stores, beside the same statements without the service (pgbench, or a bare loop over SQLite). Seconds for one
//! figure: `PCSH_LOAD_SECONDS` (4).
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on says where by panicking there")]

#[path = "../tests/service/cluster.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod cluster;

use cluster::Cluster;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTIONS: [usize; 3] = [1, 8, 64];
const OBJECTS: usize = 1000;

/// Times of single requests, in microseconds, and what they come to.
struct Figures {
    per_second: f64,
    p50: u64,
    p95: u64,
    p99: u64,
}

fn seconds() -> u64 {
    std::env::var("PCSH_LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

/// Runs `work` on so many threads for the time, each with a state of its own; the times of all.
fn measure<S>(threads: usize, make: impl Fn(usize) -> S + Sync, work: impl Fn(&mut S, usize) + Sync) -> Figures {
    let length = Duration::from_secs(seconds());
    let began = Instant::now();
    let mut times: Vec<u64> = std::thread::scope(|scope| {
        let (make, work) = (&make, &work);
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let mut state = make(thread);
                    let (mut times, began) = (Vec::new(), Instant::now());
                    while began.elapsed() < length {
                        let start = Instant::now();
                        work(&mut state, times.len());
                        times.push(u64::try_from(start.elapsed().as_micros()).unwrap());
                    }
                    times
                })
            })
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let taken = began.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
    Figures { per_second: times.len() as f64 / taken, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/// A connection that asks and waits, with as little of its own as can be.
struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    fn ask(&mut self, method: &str, path: &str, key: &str, body: &str) -> Vec<u8> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{key}content-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut line, mut length, mut status) = (String::new(), 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}{}", String::from_utf8_lossy(&body));
        body
    }
}

/// A service over a store, with objects to read.
struct Service {
    child: Child,
    address: String,
    token: String,
    _data: tempfile::TempDir,
}

impl Service {
    fn start(store: Option<&str>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let command = |words: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
            command.arg("service").args(words).arg("--data").arg(data.path());
            if let Some(store) = store {
                command.args(["--store", store]);
            }
            command
        };
        let token =
            String::from_utf8(command(&["token", "create"]).output().unwrap().stdout).unwrap().trim().to_owned();
        let mut serve = command(&["serve", "--rate", "0", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).env("RUST_LOG", "warn").spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        let service = Service { child, address, token, _data: data };
        let mut client = service.client();
        for number in 0..OBJECTS {
            client.ask("POST", "/v1/persistent-chat-policies", "", &format!("{{\"identity\":\"p{number}\"}}"));
        }
        service
    }

    fn client(&self) -> Client {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream), token: self.token.clone() }
    }

    fn read(&self, connections: usize) -> Figures {
        measure(
            connections,
            |_| self.client(),
            |client, number| {
                let path = format!("/v1/persistent-chat-policies/Tag:p{}", (number * 7) % OBJECTS);
                client.ask("GET", &path, "", "");
            },
        )
    }

    fn write(&self, connections: usize) -> Figures {
        let run = Instant::now().elapsed().as_nanos() as usize + connections;
        measure(
            connections,
            |thread| (self.client(), thread),
            |(client, thread), number| {
                let name = format!("w{run}-{thread}-{number}");
                let key = format!("idempotency-key: {name}\r\n");
                client.ask("POST", "/v1/persistent-chat-policies", &key, &format!("{{\"identity\":\"{name}\"}}"));
            },
        )
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

// pgbench takes `:false` for a variable, even in a text; hence the blanks.
const BODY: &str = "{\"description\": \"\", \"enablePersistentChat\": false}";
const AUDIT: &str = "INSERT INTO audit (lane, at, actor, cmdlet, request, action, kind, target, before, after, previous, hash) \
    VALUES (0, 1, 'local operator', 'New-CsPersistentChatPolicy', 'r', 'Created', 'CsPersistentChatPolicy', 't', NULL, 'x', \
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')";

/// pgbench with a script; its transactions a second.
fn pgbench(cluster: &Cluster, script: &str, connections: usize) -> f64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let connections = connections.to_string();
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", &connections, "-j", "2", "-T", &seconds().to_string(), "-f"])
        .arg(file.path())
        .arg(cluster.address())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("tps = ")).unwrap_or_else(|| panic!("{output:?}"));
    line.split_whitespace().nth(2).unwrap().parse().unwrap()
}

fn pgbench_read(cluster: &Cluster, connections: usize) -> f64 {
    let script = "\\set n random(0, 999)\n\
        SELECT id, kind, key, name, parent, revision, body FROM object WHERE kind = 'CsPersistentChatPolicy' AND key = 'tag' || chr(58) || 'p' || (:n)::text;\n";
    pgbench(cluster, script, connections)
}

fn pgbench_write(cluster: &Cluster, connections: usize) -> f64 {
    let script = format!(
        "\\set a random(1, 2000000000)\n\\set b random(1, 2000000000)\nBEGIN;\n\
         INSERT INTO object (kind, key, name, revision, body) VALUES ('Bench', (:a)::text || '-' || (:b)::text, 'x', 1, '{BODY}');\n{AUDIT};\n\
         INSERT INTO outbox (audit, topic) VALUES (1, 'x');\n\
         INSERT INTO idempotency (actor, key, fingerprint, reply, created) VALUES ('bench', (:a)::text || '-' || (:b)::text, 'f', '{{}}', 1);\nCOMMIT;\n"
    );
    pgbench(cluster, &script, connections)
}

fn sqlite(file: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
}

fn sqlite_read(file: &Path, connections: usize) -> f64 {
    let sql = "SELECT id, kind, key, name, parent, revision, body FROM object WHERE kind = 'CsPersistentChatPolicy' AND key = ?1";
    let work = |connection: &mut rusqlite::Connection, number: usize| {
        let key = format!("tag:p{}", (number * 7) % OBJECTS);
        let body: String = connection.prepare_cached(sql).unwrap().query_row([key], |row| row.get(6)).unwrap();
        assert!(!body.is_empty());
    };
    measure(connections, |_| sqlite(file), work).per_second
}

fn sqlite_write(file: &Path, connections: usize) -> f64 {
    let object = "INSERT INTO object (kind, key, name, revision, body) VALUES ('Bench', ?1, 'x', 1, ?2)";
    let reply = "INSERT INTO idempotency (actor, key, fingerprint, reply, created) VALUES ('bench', ?1, 'f', '{}', 1)";
    let work = |(connection, thread): &mut (rusqlite::Connection, usize), number: usize| {
        let key = format!("{connections}-{thread}-{number}");
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection.prepare_cached(object).unwrap().execute([key.as_str(), BODY]).unwrap();
        connection.prepare_cached(AUDIT).unwrap().execute([]).unwrap();
        connection.prepare_cached("INSERT INTO outbox (audit, topic) VALUES (1, 'x')").unwrap().execute([]).unwrap();
        connection.prepare_cached(reply).unwrap().execute([key.as_str()]).unwrap();
        connection.execute_batch("COMMIT").unwrap();
    };
    measure(connections, |thread| (sqlite(file), thread), work).per_second
}

fn row(store: &str, work: &str, connections: usize, served: &Figures, bare: f64) {
    let milliseconds = |microseconds: u64| microseconds as f64 / 1000.0;
    println!(
        "| {store} | {work} | {connections} | {:.0} | {:.2} | {:.2} | {:.2} | {bare:.0} | {:.1} |",
        served.per_second,
        milliseconds(served.p50),
        milliseconds(served.p95),
        milliseconds(served.p99),
        bare / served.per_second
    );
}

fn main() {
    println!("| store | work | connections | requests/s | p50 ms | p95 ms | p99 ms | bare/s | bare ÷ service |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    {
        let service = Service::start(None);
        let file = service._data.path().join("pcsh.db");
        for connections in CONNECTIONS {
            row("SQLite", "read", connections, &service.read(connections), sqlite_read(&file, connections));
        }
        for connections in CONNECTIONS {
            row("SQLite", "write", connections, &service.write(connections), sqlite_write(&file, connections));
        }
    }
    let cluster = Cluster::new("");
    let service = Service::start(Some(&cluster.address()));
    for connections in CONNECTIONS {
        row("PostgreSQL", "read", connections, &service.read(connections), pgbench_read(&cluster, connections));
    }
    for connections in CONNECTIONS {
        row("PostgreSQL", "write", connections, &service.write(connections), pgbench_write(&cluster, connections));
    }
}
