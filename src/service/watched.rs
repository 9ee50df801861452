//! A connection whose other side has to begin in time, and to take in time what is sent to it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// What a client of HTTP/2 says first. Until the bytes differ from it, the version is unknown and no other limit holds.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A stream with limits of time.
pub(super) struct Watched<S> {
    stream: S,
    /// Runs until enough is read to tell the version of HTTP.
    beginning: Option<Pin<Box<Sleep>>>,
    /// Bytes of the preface read so far.
    read: usize,
    /// Runs while nothing that is sent is taken.
    stalled: Option<Pin<Box<Sleep>>>,
    stall_time: Duration,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, head_time: Duration, stall_time: Duration) -> Self {
        Watched { stream, beginning: Some(Box::pin(sleep(head_time))), read: 0, stalled: None, stall_time }
    }

    /// Looks at what was read until the version is known.
    fn note(&mut self, bytes: &[u8]) {
        let expected = PREFACE.get(self.read..).unwrap_or_default();
        let same = bytes.iter().zip(expected).take_while(|(one, other)| one == other).count();
        self.read += same;
        if same < bytes.len() || self.read == PREFACE.len() {
            self.beginning = None;
        }
    }

    /// What a write came to, with the clock that runs while there is no end of it.
    fn judge<T>(&mut self, result: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.stalled = None;
            return result;
        }
        let stall_time = self.stall_time;
        let clock = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall_time)));
        clock.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.beginning.is_some() {
            self.note(buffer.filled().get(before..).unwrap_or_default());
        }
        match (&result, self.beginning.as_mut()) {
            (Poll::Pending, Some(clock)) => clock.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
            _ => result,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(result, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(context);
        self.judge(result, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(context);
        self.judge(result, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(result, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
