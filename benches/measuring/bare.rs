//! What the service is compared with: the same statements without it. For PostgreSQL pgbench; for SQLite a loop in
//! one process, and the barest HTTP server around such statements.

use super::client::{Figures, length};
use super::cluster::Cluster;
use axum::Router;
use axum::extract::{Path as Part, State};
use axum::http::header;
use axum::routing::{get, post};
use rusqlite::Connection;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Objects that are read.
pub const OBJECTS: usize = 1000;

// pgbench takes `:false` for a variable, even in a text; hence the blanks.
const BODY: &str = "{\"description\": \"\", \"enablePersistentChat\": false}";
const REPLY: &str = "{\"value\": [{\"identity\": \"Tag x\", \"description\": \"\", \"enablePersistentChat\": false}]}";
/// A trigger of the schema adds the row of the outbox.
const AUDIT: &str = "INSERT INTO audit (lane, at, actor, cmdlet, request, action, kind, target, before, after, previous, hash) \
    VALUES (0, 1, 'local operator', 'New-CsPersistentChatPolicy', 'r', 'Created', 'CsPersistentChatPolicy', 't', NULL, 'x', \
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')";
const READ: &str =
    "SELECT id, kind, key, name, parent, revision, body FROM object WHERE kind = 'CsPersistentChatPolicy' AND key = ?1";
const PAGE: &str = "SELECT id, kind, key, name, parent, revision, body FROM object \
    WHERE kind = 'Room' AND key > ?1 ORDER BY key LIMIT ?2";

/// pgbench with a script; its transactions a second.
fn pgbench(cluster: &Cluster, script: &str, connections: usize) -> f64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", &connections.to_string(), "-j", "2"])
        .args(["-T", &length().as_secs().to_string(), "-f"])
        .arg(file.path())
        .arg(cluster.address())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("tps = ")).unwrap_or_else(|| panic!("{output:?}"));
    line.split_whitespace().nth(2).unwrap().parse().unwrap()
}

pub fn pgbench_read(cluster: &Cluster, connections: usize) -> f64 {
    let script = "\\set n random(0, 999)\n\
        SELECT id, kind, key, name, parent, revision, body FROM object WHERE kind = 'CsPersistentChatPolicy' AND key = 'tag' || chr(58) || 'p' || (:n)::text;\n";
    pgbench(cluster, script, connections)
}

pub fn pgbench_page(cluster: &Cluster, size: usize) -> f64 {
    let script = format!(
        "SELECT id, kind, key, name, parent, revision, body FROM object WHERE kind = 'Room' AND key > '' ORDER BY key LIMIT {size};\n"
    );
    pgbench(cluster, &script, 1)
}

/// Writes a second, so many of them in a transaction.
pub fn pgbench_write(cluster: &Cluster, connections: usize, together: usize) -> f64 {
    let one = |number: usize| {
        format!(
            "INSERT INTO object (kind, key, name, revision, body) VALUES ('Bench', (:a)::text || '-' || (:b)::text || '-{number}', 'x', 1, '{BODY}');\n{AUDIT};\n"
        )
    };
    let script = format!(
        "\\set a random(1, 2000000000)\n\\set b random(1, 2000000000)\nBEGIN;\n{}\
         INSERT INTO idempotency (actor, key, fingerprint, reply, created) VALUES ('bench', (:a)::text || '-' || (:b)::text, 'f', '{REPLY}', 1);\nCOMMIT;\n",
        (0..together).map(one).collect::<String>()
    );
    pgbench(cluster, &script, connections) * together as f64
}

fn sqlite(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    connection.busy_timeout(Duration::from_secs(30)).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
}

/// Runs `work` on so many threads for the time, each with a connection of its own.
fn threads(file: &Path, connections: usize, work: impl Fn(&Connection, usize, usize) + Sync) -> Figures {
    let (work, began) = (&work, Instant::now());
    let one = |thread| {
        let connection = sqlite(file);
        let (mut times, began) = (Vec::new(), Instant::now());
        while began.elapsed() < length() {
            let start = Instant::now();
            work(&connection, thread, times.len());
            times.push(u64::try_from(start.elapsed().as_micros()).unwrap());
        }
        times
    };
    let times = std::thread::scope(|scope| {
        let running: Vec<_> = (0..connections).map(|thread| scope.spawn(move || one(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Figures::of(times, began.elapsed())
}

fn read_one(connection: &Connection, name: &str) -> String {
    connection.prepare_cached(READ).unwrap().query_row([name], |row| row.get(6)).unwrap()
}

fn write_one(connection: &Connection, key: &str, together: usize) {
    let object = "INSERT INTO object (kind, key, name, revision, body) VALUES ('Bench', ?1, 'x', 1, ?2)";
    let reply = "INSERT INTO idempotency (actor, key, fingerprint, reply, created) VALUES ('bench', ?1, 'f', ?2, 1)";
    connection.prepare_cached("BEGIN IMMEDIATE").unwrap().execute([]).unwrap();
    for number in 0..together {
        connection.prepare_cached(object).unwrap().execute([format!("{key}-{number}").as_str(), BODY]).unwrap();
        connection.prepare_cached(AUDIT).unwrap().execute([]).unwrap();
    }
    connection.prepare_cached(reply).unwrap().execute([key, REPLY]).unwrap();
    connection.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
}

pub fn sqlite_read(file: &Path, connections: usize) -> Figures {
    threads(file, connections, |connection, _, number| {
        assert!(!read_one(connection, &format!("tag:p{}", (number * 7) % OBJECTS)).is_empty());
    })
}

/// Pages a second.
pub fn sqlite_page(file: &Path, size: usize) -> f64 {
    let work = |connection: &Connection, _, _| {
        let mut statement = connection.prepare_cached(PAGE).unwrap();
        let mut rows = statement.query(("", size as i64)).unwrap();
        let mut bytes = 0;
        while let Some(row) = rows.next().unwrap() {
            bytes += row.get_ref(6).unwrap().as_str().unwrap().len();
        }
        assert!(bytes > 0);
    };
    threads(file, 1, work).per_second
}

/// Transactions, each of so many writes.
pub fn sqlite_write(file: &Path, connections: usize, together: usize) -> Figures {
    let run = unique();
    threads(file, connections, |connection, thread, number| {
        write_one(connection, &format!("{run}-{thread}-{number}"), together);
    })
}

/// A number not given before.
pub fn unique() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos()
}

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// An HTTP server that does nothing but run the statements: no callers, no checks, no log. Reads run on the thread that
/// the request came in on, writes one by one on a connection of their own.
pub struct BareServer {
    pub address: String,
    _runtime: tokio::runtime::Runtime,
}

type Shared = Arc<(PathBuf, Mutex<Connection>)>;

impl BareServer {
    pub fn start(file: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let shared: Shared = Arc::new((file.to_owned(), Mutex::new(sqlite(file))));
        let router = Router::new()
            .route("/v1/persistent-chat-policies", post(bare_write))
            .route("/v1/persistent-chat-policies/{name}", get(bare_read))
            .with_state(shared);
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serve = async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let service = hyper_util::service::TowerToHyperService::new(router.clone());
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(hyper_util::rt::TokioIo::new(stream), service));
            }
        };
        runtime.spawn(serve);
        BareServer { address, _runtime: runtime }
    }
}

async fn bare_read(
    State(shared): State<Shared>,
    Part(name): Part<String>,
) -> ([(header::HeaderName, &'static str); 1], String) {
    let body = READER.with_borrow_mut(|reader| {
        let connection = reader.get_or_insert_with(|| sqlite(&shared.0));
        read_one(connection, &name.to_ascii_lowercase())
    });
    ([(header::CONTENT_TYPE, "application/json")], body)
}

async fn bare_write(State(shared): State<Shared>, key: axum::http::HeaderMap, _body: String) -> &'static str {
    let key = key.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
    tokio::task::spawn_blocking(move || write_one(&shared.1.lock().unwrap(), &key, 1)).await.unwrap();
    REPLY
}
