//! A client that costs as little as it can, since it shares the machine with what it measures: prepared bytes on kept
//! connections, two threads for all of them.

use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Threads that drive the connections.
const THREADS: usize = 2;

/// Times of single requests, in microseconds, and what they come to.
pub struct Figures {
    pub per_second: f64,
    pub p50: u64,
    pub p95: u64,
    pub p99: u64,
}

impl Figures {
    /// Of the times of all requests that were made within the time.
    pub fn of(mut times: Vec<u64>, taken: Duration) -> Self {
        times.sort_unstable();
        let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
        Figures { per_second: times.len() as f64 / taken.as_secs_f64(), p50: at(0.5), p95: at(0.95), p99: at(0.99) }
    }
}

/// How long one figure is measured.
pub fn length() -> Duration {
    let given = std::env::var("PCSH_LOAD_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(given.unwrap_or(4))
}

/// A kept connection.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream, received: vec![0; 64 * 1024] }
    }

    /// Sends a request and reads its answer whole; the body.
    pub async fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.unwrap();
        let (mut filled, mut whole) = (0, None);
        while whole.is_none_or(|(_, end)| filled < end) {
            if filled == self.received.len() {
                self.received.resize(filled * 2, 0);
            }
            let got = self.stream.read(&mut self.received[filled..]).await.unwrap();
            assert!(got > 0, "the connection was closed");
            filled += got;
            if whole.is_none() {
                whole = extent(&self.received[..filled]);
            }
        }
        let (start, end) = whole.unwrap();
        let answer = &self.received[..end];
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(answer));
        &answer[start..]
    }
}

/// Where the body of an answer begins and ends, as soon as its head is there.
fn extent(answer: &[u8]) -> Option<(usize, usize)> {
    const LENGTH: &[u8] = b"content-length: ";
    let start = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let field = answer[..start].windows(LENGTH.len()).position(|part| part == LENGTH).expect("a length") + LENGTH.len();
    let digits = answer[field..].iter().take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    Some((start, start + length))
}

/// Puts the bytes of a connection's next request, which has this number, into a buffer.
pub type Write = Arc<dyn Fn(usize, usize, &mut Vec<u8>) + Send + Sync>;

/// Keeps so many connections busy for the time.
pub fn load(address: &str, connections: usize, write: &Write) -> Figures {
    let began = Instant::now();
    let threads = connections.min(THREADS);
    let times = std::thread::scope(|scope| {
        let drive = |thread| move || drive(address, (thread..connections).step_by(threads), write);
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(drive(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Figures::of(times, began.elapsed())
}

fn drive(address: &str, connections: impl Iterator<Item = usize>, write: &Write) -> Vec<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let until = Instant::now() + length();
    let start = |connection| runtime.spawn(keep_busy(address.to_owned(), connection, write.clone(), until));
    let running: Vec<_> = connections.map(start).collect();
    running.into_iter().flat_map(|one| runtime.block_on(one).unwrap()).collect()
}

async fn keep_busy(address: String, connection: usize, write: Write, until: Instant) -> Vec<u64> {
    let (mut line, mut request, mut times) = (Connection::open(&address).await, Vec::new(), Vec::new());
    loop {
        request.clear();
        write(connection, times.len(), &mut request);
        let start = Instant::now();
        if start >= until {
            return times;
        }
        line.ask(&request).await;
        times.push(u64::try_from(start.elapsed().as_micros()).unwrap());
    }
}
