//! The body of a request: read up to a limit of size and time, or thrown away.
//!
//! A connection that is closed on unread bytes is reset, and a reset can overtake the answer. So what is left of a refused
//! request is thrown away beside its answer, within bounds of size and time.

use std::{future::poll_fn, pin::Pin, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, header},
};

const DISCARD_LIMIT: usize = 16 * 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq)]
pub enum BodyError {
    TooLarge,
    /// It was not complete in time.
    Late,
    /// The client broke off or its framing is wrong.
    Broken,
}

/// Read the whole body, never more than `limit` bytes of it, and for no longer than `time`.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize, time: Duration) -> Result<Vec<u8>, BodyError> {
    tokio::time::timeout(time, read_all(headers, body, limit))
        .await
        .unwrap_or(Err(BodyError::Late))
}

async fn read_all(headers: &HeaderMap, mut body: Body, limit: usize) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    // The lower bound is the Content-Length; a chunked body's is 0, its length only shows in reading.
    let mut too_large = body.size_hint().lower() > limit as u64;
    while !too_large {
        let Some(chunk) = next_chunk(&mut body).await? else {
            return Ok(bytes);
        };
        too_large = bytes.len() + chunk.len() > limit;
        if !too_large {
            bytes.extend_from_slice(&chunk);
        }
    }
    discard(headers, body);
    Err(BodyError::TooLarge)
}

/// Throw a body away in the background, while its request is answered.
pub fn discard(headers: &HeaderMap, mut body: Body) {
    // A client that asked whether to send a body is told by the answer not to.
    if body.is_end_stream() || headers.contains_key(header::EXPECT) {
        return;
    }
    tokio::spawn(tokio::time::timeout(DISCARD_TIME, async move {
        let mut discarded = 0;
        while let Ok(Some(chunk)) = next_chunk(&mut body).await {
            discarded += chunk.len();
            if discarded > DISCARD_LIMIT {
                break;
            }
        }
    }));
}

async fn next_chunk(body: &mut Body) -> Result<Option<Bytes>, BodyError> {
    match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        None => Ok(None),
        // Trailers count as nothing.
        Some(Ok(frame)) => Ok(Some(frame.into_data().unwrap_or_default())),
        Some(Err(_)) => Err(BodyError::Broken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn reads_up_to_the_limit() {
        let headers = HeaderMap::new();
        assert_eq!(
            read(&headers, Body::from("1234"), 4, SECOND).await,
            Ok(b"1234".to_vec())
        );
        assert_eq!(
            read(&headers, Body::from("12345"), 4, SECOND).await,
            Err(BodyError::TooLarge)
        );
        assert_eq!(read(&headers, Body::empty(), 4, SECOND).await, Ok(Vec::new()));
    }
}
