//! What an attacker sends: requests that two readers could take apart differently, streams that are reset at once, heads
//! without end, compressed bodies, connections that say nothing or read nothing. Each is refused or cut off, and the
//! service goes on answering others.

use super::fixture::Site;
use pcsh::service::{Access, Limits};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

fn impatient() -> Site {
    Site::with_options(|options| {
        options.limits = Limits {
            head_time: Duration::from_secs(1),
            stall_time: Duration::from_secs(1),
            request_time: Duration::from_secs(3),
            ..Limits::default()
        };
    })
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(15))).unwrap();
    stream
}

/// What comes back for these bytes until the other side closes.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn still_answers(address: SocketAddr) {
    let answer = exchange(address, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Whether the other side has closed, waiting no longer than this.
fn is_closed_within(stream: &mut TcpStream, limit: Duration) -> bool {
    let end = Instant::now() + limit;
    let mut buffer = [0; 65536];
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    while Instant::now() < end {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {}
            Err(_) => return true,
        }
    }
    false
}

/// Each is one request to one reader and two to another. It must be answered once at most, with a refusal.
#[test]
fn ambiguous_requests_are_refused() {
    let site = Site::empty();
    let address = site.serve(Access::Tokens);
    let hidden = "GET /healthz HTTP/1.1\r\nhost: hidden\r\n\r\n";
    let post = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    let chunked = format!("2\r\n{{}}\r\n0\r\n\r\n{hidden}");
    let shapes = [
        ("length and chunks", format!("content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n{chunked}")),
        ("chunks and length", format!("transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n{chunked}")),
        ("two lengths", format!("content-length: 2\r\ncontent-length: 60\r\n\r\n{{}}{hidden}")),
        ("a list of lengths", format!("content-length: 2, 60\r\n\r\n{{}}{hidden}")),
        ("a signed length", format!("content-length: +2\r\n\r\n{{}}{hidden}")),
        ("a negative length", format!("content-length: -2\r\n\r\n{{}}{hidden}")),
        ("a length in hexadecimal", format!("content-length: 0x2\r\n\r\n{{}}{hidden}")),
        ("a length beyond numbers", format!("content-length: 99999999999999999999\r\n\r\n{{}}{hidden}")),
        ("an unknown encoding", format!("transfer-encoding: xchunked\r\n\r\n{chunked}")),
        ("chunks not last", format!("transfer-encoding: chunked, identity\r\n\r\n{chunked}")),
        ("chunks twice", format!("transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n{chunked}")),
        ("a space before the colon", format!("transfer-encoding : chunked\r\n\r\n{chunked}")),
        ("a folded header", format!("x-a: b\r\n transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{{}}{hidden}")),
        ("a tab in a name", format!("content\tlength: 2\r\n\r\n{{}}{hidden}")),
        ("a NUL in a value", format!("x-a: b\0c\r\ncontent-length: 2\r\n\r\n{{}}{hidden}")),
        ("a bare carriage return", format!("x-a: b\rcontent-length: 60\r\ncontent-length: 2\r\n\r\n{{}}{hidden}")),
        ("a chunk of a wrong size", format!("transfer-encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n{hidden}")),
        (
            "a chunk beyond numbers",
            format!("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{{}}\r\n0\r\n\r\n{hidden}"),
        ),
    ];
    for (what, rest) in &shapes {
        let answer = exchange(address, format!("{post}{rest}").as_bytes());
        let answers = answer.matches("HTTP/1.1 ").count();
        assert!(answers <= 1, "{what}: {answer}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{what}: {answer}");
        assert!(!answer.contains("ok\n"), "{what}: the hidden request was answered: {answer}");
    }
    // Two lengths that agree are one.
    let answer = exchange(address, format!("{post}content-length: 2\r\ncontent-length: 2\r\n\r\n{{}}").as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    super::writers::report(&format!("{} ambiguous requests: none taken for two", shapes.len()));
    still_answers(address);
}

#[test]
fn strange_request_lines_reach_nothing() {
    let site = Site::empty();
    let address = site.serve(Access::Tokens);
    let lines = [
        "GET http://evil.example/v1/users HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "TRACE /v1/users HTTP/1.1",
        "GET //v1/users HTTP/1.1",
        "GET /v1/../healthz/../v1/users HTTP/1.1",
        "GET /v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
        "GET /v1/users/..%5c..%5cwindows HTTP/1.1",
        "GET /v1/users/%0d%0aset-cookie:x=y HTTP/1.1",
        "GET /v1/users?x=%0d%0aset-cookie:x=y HTTP/1.1",
        "GET /v1/users HTTP/9.9",
        "GET /v1/users",
        "\u{1}\u{2}\u{3} / HTTP/1.1",
    ];
    for line in lines {
        let answer = exchange(address, format!("{line}\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{line}: {answer}");
        assert!(!answer.to_lowercase().contains("\nset-cookie"), "{line}: {answer}");
    }
    still_answers(address);
}

#[test]
fn compressed_bodies_are_not_unpacked() {
    let site = Site::empty();
    let address = site.serve(Access::Tokens);
    let token = site.token(None, false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Forty megabytes of spaces in a few kilobytes.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![b' '; 1 << 20];
    (0..40).for_each(|_| encoder.write_all(&block).unwrap());
    let bomb = encoder.finish().unwrap();
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip"] {
        for path in ["/v1/persistent-chat-categories", "/v1/batch", "/v1/sessions"] {
            let request = reqwest::Client::new().post(format!("http://{address}{path}")).bearer_auth(&token);
            let request = request.header("content-type", "application/json").header("content-encoding", encoding);
            let (status, text) = runtime.block_on(async {
                let answer = request.body(bomb.clone()).send().await.unwrap();
                (answer.status().as_u16(), answer.text().await.unwrap())
            });
            assert!(status == 400 && text.contains("compressed"), "{encoding} {path}: {status} {text}");
        }
    }
}

/// Who says nothing, says the beginning of something, or does not read what it asked for, is cut off.
#[test]
fn silence_is_cut_off() {
    let site = impatient();
    let address = site.serve(Access::Tokens);
    let beginnings: [&[u8]; 4] = [b"", b"PRI * HTTP/2.0\r\n", b"G", b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\nx-a"];
    let mut held: Vec<(TcpStream, &[u8])> = beginnings
        .iter()
        .map(|beginning| {
            let mut stream = connect(address);
            stream.write_all(beginning).unwrap();
            (stream, *beginning)
        })
        .collect();
    for (stream, beginning) in &mut held {
        let shown = String::from_utf8_lossy(beginning).into_owned();
        assert!(is_closed_within(stream, Duration::from_secs(6)), "{shown:?} is held open");
    }
    // A body in drops: each comes in time, the whole does not.
    let mut stream = connect(address);
    stream.write_all(b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(12) && stream.write_all(b"1\r\n \r\n").is_ok() {
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(began.elapsed() < Duration::from_secs(10), "a body in drops is taken without end");
    // A large answer, asked for again and again, and never read.
    let mut stream = connect(address);
    let began = Instant::now();
    stream.set_write_timeout(Some(Duration::from_secs(8))).unwrap();
    let ask = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(64);
    let sent = (0..10_000).all(|_| stream.write_all(&ask).is_ok());
    assert!(!sent && began.elapsed() < Duration::from_secs(8), "who does not read is answered without end");
    still_answers(address);
}

/// Frames of HTTP/2 by hand.
struct Frames(TcpStream);

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// `GET /healthz` over http, as HPACK: two indexed fields, two literals.
const HEAD: &[u8] = b"\x82\x86\x04\x08/healthz\x01\x01x";

impl Frames {
    fn open(address: SocketAddr) -> Self {
        let mut stream = connect(address);
        stream.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
        let mut frames = Frames(stream);
        assert!(frames.send(SETTINGS, 0, 0, &[]));
        frames
    }

    fn bytes(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
    }

    /// False where the other side takes no more.
    fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> bool {
        self.0.write_all(&Frames::bytes(kind, flags, stream, payload)).is_ok()
    }

    /// Sends frames again and again without reading; true where the other side put an end to it.
    fn flood(mut self, most: u32, mut frames: impl FnMut(u32) -> Vec<u8>) -> bool {
        for number in 0..most {
            if self.0.write_all(&frames(number)).is_err() {
                return true;
            }
        }
        is_closed_within(&mut self.0, Duration::from_secs(3))
    }
}

#[test]
fn floods_of_http2_frames_are_bounded() {
    let site = impatient();
    let address = site.serve(Access::Tokens);
    let stream_of = |number: u32| number * 2 + 1;
    let head = Frames::bytes(HEADERS, END_STREAM | END_HEADERS, 1, HEAD);
    assert_eq!(head.len(), 9 + HEAD.len());
    let rows: [(&str, Box<dyn FnMut(u32) -> Vec<u8>>); 5] = [
        (
            "streams that are reset at once",
            Box::new(move |number| {
                let stream = stream_of(number);
                let begun = Frames::bytes(HEADERS, END_STREAM | END_HEADERS, stream, HEAD);
                [begun, Frames::bytes(RESET, 0, stream, &8_u32.to_be_bytes())].concat()
            }),
        ),
        (
            "a head without end",
            Box::new(|number| match number {
                0 => Frames::bytes(HEADERS, END_STREAM, 1, HEAD),
                _ => {
                    Frames::bytes(CONTINUATION, 0, 1, &[b"\x00\x01a\x7e".as_slice(), &[b'x'; 126]].concat().repeat(100))
                }
            }),
        ),
        (
            "empty continuations",
            Box::new(|number| match number {
                0 => Frames::bytes(HEADERS, END_STREAM, 1, HEAD),
                _ => Frames::bytes(CONTINUATION, 0, 1, &[]),
            }),
        ),
        (
            "empty data",
            Box::new(|number| match number {
                0 => Frames::bytes(HEADERS, END_HEADERS, 1, b"\x83\x86\x04\x0c/v1/sessions\x01\x01x"),
                _ => Frames::bytes(DATA, 0, 1, &[]),
            }),
        ),
        ("pings whose answers nobody reads", Box::new(|_| Frames::bytes(PING, 0, 0, b"12345678").repeat(1000))),
    ];
    for (what, frames) in rows {
        let began = Instant::now();
        let ended = Frames::open(address).flood(400_000, frames);
        super::writers::report(&format!("HTTP/2, {what}: ended {ended} after {:.1} s", began.elapsed().as_secs_f32()));
        assert!(ended, "{what}: nothing put an end to it");
        still_answers(address);
    }
    // More streams than are allowed at a time, all left open: those beyond are refused, none is forgotten.
    let mut many = Frames::open(address);
    let opened = (0..2000)
        .take_while(|number| {
            many.send(HEADERS, END_HEADERS, stream_of(*number), b"\x83\x86\x04\x0c/v1/sessions\x01\x01x")
        })
        .count();
    still_answers(address);
    assert!(opened > 0);
}

/// Resets while the work is under way: what was taken back leaves no queue behind.
#[test]
fn work_that_was_taken_back_does_not_pile_up() {
    let site = Site::empty();
    let address = site.serve(Access::Tokens);
    let token = site.token(None, false);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let asked = runtime.block_on(async {
        let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
        let mut asked = 0;
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(2) {
            let waves = (0..100).map(|_| {
                let request = client.get(format!("http://{address}/v1/admin-audits")).bearer_auth(&token);
                tokio::time::timeout(Duration::from_millis(3), request.send())
            });
            let tasks: Vec<_> = waves.map(tokio::spawn).collect();
            asked += tasks.len();
            for task in tasks {
                let _ = task.await;
            }
        }
        asked
    });
    let status = pcsh::api::collection("CsServiceStatus");
    let request =
        format!("GET /v1/{status} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
    let began = Instant::now();
    still_answers(address);
    let answer = exchange(address, request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    super::writers::report(&format!(
        "{asked} calls taken back; the next one was answered after {:.2} s",
        began.elapsed().as_secs_f32()
    ));
    assert!(began.elapsed() < Duration::from_secs(3));
}
