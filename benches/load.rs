//! `cargo bench --bench load`: requests a second and their times over 1, 8 and 64 connections, on both stores, beside the
//! same statements without the service. Words after `--` choose rows ("sqlite", "postgres", "read", "mixed", "page",
//! "write", "batch"); `PCSH_LOAD_SECONDS` (4) is the time of one figure.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on says where by panicking there")]

#[path = "measuring/bare.rs"]
mod bare;
#[path = "measuring/client.rs"]
mod client;
#[path = "../tests/service/cluster.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod cluster;
mod shared;

use bare::{BareServer, OBJECTS, unique};
use client::{Figures, Write, load};
use cluster::Cluster;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use std::cell::Cell;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const CONNECTIONS: [usize; 3] = [1, 8, 64];
const ROOMS: usize = 5000;
const PAGES: [usize; 2] = [100, 1000];
const BATCH: usize = 100;
/// How often each figure is measured.
const ROUNDS: usize = 3;

/// A service over a store, with objects to read.
struct Service {
    child: Child,
    address: String,
    token: String,
    data: tempfile::TempDir,
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
        if std::env::var_os("RUST_LOG").is_none() {
            serve.env("RUST_LOG", "warn");
        }
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        let service = Service { child, address, token, data };
        service.fill();
        service
    }

    fn fill(&self) {
        let mut endpoint = Endpoint::new(format!("http://{}", self.address));
        endpoint.token = Some(self.token.clone());
        shared::deploy(&ManagementClient::new(Connection::Remote(endpoint))).unwrap();
        let policies = (0..OBJECTS).map(|number| ("policies", format!("{{\"identity\":\"p{number}\"}}")));
        let room = |number| format!("{{\"name\":\"r{number:05}\",\"category\":\"c\",\"privacy\":\"Open\"}}");
        let rooms = (0..ROOMS).map(|number| ("rooms", room(number)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut connection = client::Connection::open(&self.address).await;
            let all: Vec<_> = policies.chain(rooms).collect();
            for calls in all.chunks(500) {
                let mut request = Vec::new();
                self.batch(&mut request, true, "", calls);
                connection.ask(&request).await;
            }
        });
    }

    fn head(&self, to: &mut Vec<u8>, method: &str, path: &str, key: &str, body: &str) {
        let (token, length) = (&self.token, body.len());
        write!(to, "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{key}").unwrap();
        write!(to, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    }

    fn batch(&self, to: &mut Vec<u8>, atomic: bool, key: &str, calls: &[(&str, String)]) {
        let call = |(kind, body): &(&str, String)| {
            format!("{{\"method\":\"POST\",\"path\":\"/v1/persistent-chat-{kind}\",\"body\":{body}}}")
        };
        let calls = calls.iter().map(call).collect::<Vec<_>>().join(",");
        self.head(to, "POST", "/v1/batch", key, &format!("{{\"atomic\":{atomic},\"calls\":[{calls}]}}"));
    }

    /// Requests that read one policy each.
    fn reads(&self) -> Write {
        let get = |number: usize| {
            let mut request = Vec::new();
            let (path, token) = (format!("/v1/persistent-chat-policies/Tag:p{number}"), &self.token);
            write!(request, "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n").unwrap();
            request
        };
        let all: Vec<Vec<u8>> = (0..OBJECTS).map(get).collect();
        Arc::new(move |_, number, request| request.extend_from_slice(&all[(number * 7) % OBJECTS]))
    }

    fn pages(&self, size: usize) -> Write {
        let path = format!("/v1/persistent-chat-rooms?pageSize={size}");
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n", self.token);
        Arc::new(move |_, _, to| to.extend_from_slice(request.as_bytes()))
    }

    fn writes(self: &Arc<Self>) -> Write {
        let (service, run) = (self.clone(), unique());
        Arc::new(move |connection, number, request| {
            let name = format!("w{run}-{connection}-{number}");
            let key = format!("idempotency-key: {name}\r\n");
            let body = format!("{{\"identity\":\"{name}\"}}");
            service.head(request, "POST", "/v1/persistent-chat-policies", &key, &body);
        })
    }

    fn batches(self: &Arc<Self>, atomic: bool) -> Write {
        let (service, run) = (self.clone(), unique());
        Arc::new(move |connection, number, request| {
            let name = |place| format!("b{run}-{connection}-{number}-{place}");
            let calls: Vec<_> =
                (0..BATCH).map(|place| ("policies", format!("{{\"identity\":\"{}\"}}", name(place)))).collect();
            service.batch(request, atomic, &format!("idempotency-key: {}\r\n", name(0)), &calls);
        })
    }

    fn file(&self) -> PathBuf {
        self.data.path().join("pcsh.db")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A row: what was served, what the bare database did, and what a bare HTTP server did.
fn row(store: &str, work: &str, connections: usize, served: &Figures, bare: f64, http: Option<&Figures>) {
    let milliseconds = |microseconds: u64| microseconds as f64 / 1000.0;
    let http = http.map_or_else(
        || "|  | ".to_owned(),
        |http| format!("| {:.0} | {:.1}", http.per_second, http.per_second / served.per_second),
    );
    println!(
        "| {store} | {work} | {connections} | {:.0} | {:.2} | {:.2} | {:.2} | {bare:.0} | {:.1} {http} |",
        served.per_second,
        milliseconds(served.p50),
        milliseconds(served.p95),
        milliseconds(served.p99),
        bare / served.per_second
    );
}

/// The bare databases under the same names.
enum Bare<'a> {
    Sqlite(PathBuf, BareServer),
    Postgres(&'a Cluster),
}

impl Bare<'_> {
    fn read(&self, connections: usize) -> f64 {
        match self {
            Bare::Sqlite(file, _) => bare::sqlite_read(file, connections).per_second,
            Bare::Postgres(cluster) => bare::pgbench_read(cluster, connections),
        }
    }

    fn page(&self, size: usize) -> f64 {
        match self {
            Bare::Sqlite(file, _) => bare::sqlite_page(file, size),
            Bare::Postgres(cluster) => bare::pgbench_page(cluster, size),
        }
    }

    fn write(&self, connections: usize, together: usize) -> f64 {
        match self {
            Bare::Sqlite(file, _) => bare::sqlite_write(file, connections, together).per_second * together as f64,
            Bare::Postgres(cluster) => bare::pgbench_write(cluster, connections, together),
        }
    }

    fn http(&self, connections: usize, write: &Write) -> Option<Figures> {
        match self {
            Bare::Sqlite(_, server) => Some(load(&server.address, connections, write)),
            Bare::Postgres(_) => None,
        }
    }
}

/// Measures in turn, three times, and takes the middle of each: other work on the machine then weighs on all alike.
fn in_turn(
    served: impl Fn() -> Figures,
    bare: impl Fn() -> f64,
    http: impl Fn() -> Option<Figures>,
) -> (Figures, f64, Option<Figures>) {
    let (mut all_served, mut all_bare, mut all_http) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        all_served.push(served());
        all_bare.push(bare());
        all_http.extend(http());
    }
    all_bare.sort_by(f64::total_cmp);
    let middle = |mut all: Vec<Figures>| {
        all.sort_by(|left, right| left.per_second.total_cmp(&right.per_second));
        let place = all.len() / 2;
        all.into_iter().nth(place)
    };
    (middle(all_served).unwrap(), all_bare[ROUNDS / 2], middle(all_http))
}

fn measure(store: &str, service: &Arc<Service>, bare: &Bare<'_>, wanted: &impl Fn(&str) -> bool) {
    let at = |connections, write: &Write| load(&service.address, connections, write);
    let beside_a_writer = |connections, reads: &Write, written: &Cell<f64>| {
        std::thread::scope(|scope| {
            let writes = service.writes();
            let writer = scope.spawn(move || load(&service.address, 1, &writes));
            let served = at(connections, reads);
            written.set(writer.join().unwrap().per_second);
            served
        })
    };
    for connections in CONNECTIONS.into_iter().filter(|_| wanted("read")) {
        let reads = service.reads();
        let (served, bare, http) =
            in_turn(|| at(connections, &reads), || bare.read(connections), || bare.http(connections, &reads));
        row(store, "read", connections, &served, bare, http.as_ref());
    }
    for connections in CONNECTIONS.into_iter().filter(|_| wanted("mixed")) {
        let (reads, written) = (service.reads(), Cell::new(0.0));
        let (served, bare, _) =
            in_turn(|| beside_a_writer(connections, &reads, &written), || bare.read(connections), || None);
        let work = format!("read beside a writer ({:.0} writes/s)", written.get());
        row(store, &work, connections, &served, bare, None);
    }
    for size in PAGES.into_iter().filter(|_| wanted("page")) {
        let (pages, written) = (service.pages(size), Cell::new(0.0));
        let (served, pages_bare, _) = in_turn(|| at(1, &pages), || bare.page(size), || None);
        row(store, &format!("page of {size}"), 1, &served, pages_bare, None);
        let (served, pages_bare, _) = in_turn(|| beside_a_writer(1, &pages, &written), || bare.page(size), || None);
        row(store, &format!("page of {size} beside a writer"), 1, &served, pages_bare, None);
    }
    for connections in CONNECTIONS.into_iter().filter(|_| wanted("write")) {
        let (served, bare, http) = in_turn(
            || at(connections, &service.writes()),
            || bare.write(connections, 1),
            || bare.http(connections, &service.writes()),
        );
        row(store, "write", connections, &served, bare, http.as_ref());
    }
    for atomic in [true, false].into_iter().filter(|_| wanted("batch")) {
        let together = if atomic { BATCH } else { 1 };
        let batch = || {
            let mut served = at(1, &service.batches(atomic));
            served.per_second *= BATCH as f64;
            served
        };
        let (served, bare, _) = in_turn(batch, || bare.write(1, together), || None);
        let work = if atomic { "one transaction" } else { "each for itself" };
        row(store, &format!("batch of {BATCH}, {work}"), 1, &served, bare, None);
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let named = |set: &[&str], word: &str| {
        let chosen: Vec<&String> = words.iter().filter(|word| set.contains(&word.as_str())).collect();
        chosen.is_empty() || chosen.iter().any(|chosen| *chosen == word)
    };
    let store = |word: &str| named(&["sqlite", "postgres"], word);
    let work = |word: &str| named(&["read", "mixed", "page", "write", "batch"], word);
    println!(
        "| store | work | connections | a second | p50 ms | p95 ms | p99 ms | bare | bare ÷ service | bare HTTP | bare HTTP ÷ service |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    if store("sqlite") {
        let service = Arc::new(Service::start(None));
        let bare = Bare::Sqlite(service.file(), BareServer::start(&service.file()));
        measure("SQLite", &service, &bare, &work);
    }
    if store("postgres") {
        let cluster = Cluster::new("");
        let service = Arc::new(Service::start(Some(&cluster.address())));
        measure("PostgreSQL", &service, &Bare::Postgres(&cluster), &work);
    }
}
