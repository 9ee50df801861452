//! What passes between the shell and a running program: threads that carry bytes and text, and nothing else.

use crate::runtime::tasks::Waker;
use crate::value::{Native, NativeObject, TypeRef, Value};
use std::any::Any;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};

/// Bytes that a program wrote, on their way to a program or a file that takes them as they are.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Bytes {
    /// As a value; only sinks that ask for bytes ever see one.
    pub(super) fn value(bytes: Vec<u8>) -> Value {
        Native::value(Bytes(bytes))
    }

    /// The bytes in a value that carries them.
    pub(crate) fn of(value: &Value) -> Option<&[u8]> {
        match value {
            Value::Native(native) => native.downcast::<Bytes>().map(|bytes| bytes.0.as_slice()),
            _ => None,
        }
    }
}

impl NativeObject for Bytes {
    fn kind(&self) -> TypeRef {
        TypeRef::OBJECT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A piece of what a program writes.
pub(super) enum Piece {
    /// Bytes of output, as they came.
    Bytes(Vec<u8>),
    /// A line of output.
    Output(String),
    /// A line of errors.
    Error(String),
}

/// Where a reading thread puts pieces; the shell's thread is woken for each, and for the end.
#[derive(Clone)]
pub(super) struct PieceSender {
    /// `None` only while this is dropped.
    sender: Option<Sender<Piece>>,
    waker: Waker,
}

impl PieceSender {
    /// False once nobody takes pieces any more.
    fn send(&self, piece: Piece) -> bool {
        let sent = self.sender.as_ref().is_some_and(|sender| sender.send(piece).is_ok());
        self.waker.wake();
        sent
    }
}

impl Drop for PieceSender {
    fn drop(&mut self) {
        // The end must be there when the other side looks.
        drop(self.sender.take());
        self.waker.wake();
    }
}

/// Reads a stream to its end as it comes.
pub(super) fn read_bytes(mut stream: impl Read + Send + 'static, sender: PieceSender) {
    const CHUNK: usize = 64 * 1024;
    std::thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        while let Ok(count) = stream.read(&mut buffer) {
            let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { return };
            if !sender.send(Piece::Bytes(chunk.to_vec())) {
                return;
            }
        }
    });
}

/// Reads a stream to its end by lines.
pub(super) fn read_lines(stream: impl Read + Send + 'static, sender: PieceSender, wrap: fn(String) -> Piece) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            if line.last() == Some(&b'\n') {
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
            }
            // A carriage return alone ends a line too, as .NET's readers have it.
            for part in line.split(|byte| *byte == b'\r') {
                let text = String::from_utf8_lossy(part).into_owned();
                if !sender.send(wrap(text)) {
                    return;
                }
            }
        }
    });
}

/// Writes what is sent; the receiving end goes when the program reads no more.
pub(super) fn write_input(mut stream: impl Write + Send + 'static) -> SyncSender<Vec<u8>> {
    const WAITING: usize = 64;
    let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
    std::thread::spawn(move || {
        for bytes in receiver {
            if stream.write_all(&bytes).is_err() {
                return;
            }
        }
    });
    sender
}

/// The two ends of what a program writes.
pub(super) fn pieces() -> (PieceSender, std::sync::mpsc::Receiver<Piece>) {
    let (sender, receiver) = channel();
    (PieceSender { sender: Some(sender), waker: Waker::here() }, receiver)
}
