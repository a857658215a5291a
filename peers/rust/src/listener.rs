//! The listener of a server: connections that send at once, know which address they came to, and keep the request line
//! as it was sent.
//!
//! hyper drops a fragment from the target of a request before anyone sees it. So the stream below hyper keeps the first
//! line that comes after it was last written to. That line is the request's, but for requests that a client sends
//! before it has read the answer to the one before: of those the line is not known, and they are taken as hyper gives
//! them.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, ready},
};

use axum::{
    extract::connect_info::Connected,
    http::Request,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// How much of a line is kept, in bytes.
const LONGEST_LINE: usize = 64 * 1024;

pub struct Door(pub TcpListener);

impl Listener for Door {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        let (inner, address) = Listener::accept(&mut self.0).await;
        // Answers are small: waiting to fill a packet only adds latency. A failure costs nothing else.
        let _ = inner.set_nodelay(true);
        let line = Arc::default();
        (Stream { inner, line }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// What a request can know of its connection.
#[derive(Clone)]
pub struct Arrival {
    /// The address that it came to, if it is known.
    pub address: Option<SocketAddr>,
    line: Arc<Mutex<Line>>,
}

impl Connected<IncomingStream<'_, Door>> for Arrival {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        Self {
            address: stream.io().inner.local_addr().ok(),
            line: stream.io().line.clone(),
        }
    }
}

impl Arrival {
    /// True where the target of the request was sent with a fragment.
    pub fn has_fragment<B>(&self, request: &Request<B>) -> bool {
        let line = locked(&self.line);
        let Some(target) = line.bytes.strip_prefix(request.method().as_str().as_bytes()) else {
            return false;
        };
        line.is_whole && target.contains(&b'#')
    }
}

/// The first line that came since the last write.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    is_whole: bool,
}

impl Line {
    fn add(&mut self, read: &[u8]) {
        if self.is_whole {
            return;
        }
        // A client may send empty lines before a request.
        let is_first = self.bytes.is_empty();
        let skipped = read
            .iter()
            .take_while(|byte| is_first && b"\r\n".contains(byte))
            .count();
        let rest = &read[skipped..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        self.bytes.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
        self.is_whole = end.is_some() || self.bytes.len() > LONGEST_LINE;
    }

    fn begin(&mut self) {
        self.bytes.clear();
        self.is_whole = false;
    }
}

fn locked(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    // Nothing that is done with a line panics, so nobody leaves the lock poisoned.
    line.lock().expect("an unpoisoned lock")
}

/// A connection that keeps the request line.
pub struct Stream {
    inner: TcpStream,
    line: Arc<Mutex<Line>>,
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, into))?;
        locked(&self.line).add(&into.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        locked(&self.line).begin();
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        locked(&self.line).begin();
        Pin::new(&mut self.inner).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_fragment(pieces: &[&str], method: &str) -> bool {
        let arrival = Arrival {
            address: None,
            line: Arc::default(),
        };
        for piece in pieces {
            locked(&arrival.line).add(piece.as_bytes());
        }
        arrival.has_fragment(&Request::builder().method(method).body(()).unwrap())
    }

    #[test]
    fn keeps_the_request_line() {
        assert!(has_fragment(&["GET /health#x HTTP/1.1\r\nHost: a\r\n\r\n"], "GET"));
        assert!(has_fragment(&["\r\n", "GE", "T /health#x HT", "TP/1.1\r\n"], "GET"));
        assert!(!has_fragment(&["GET /health HTTP/1.1\r\nX: #\r\n\r\n"], "GET"));
        assert!(!has_fragment(
            &["GET /health HTTP/1.1\r\n", "POST /health#x HTTP/1.1\r\n"],
            "POST"
        ));
        assert!(!has_fragment(&["{\"#\":1}\n"], "POST"));
    }
}
