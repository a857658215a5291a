//! The routes, bare and under `/v1`, and what every answer has in common: its media type and its request id.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    routing::{get, post},
};
use serde::Serialize;

use crate::{
    body::{self, BodyError},
    envelope::Envelope,
    json::Json,
    problem::Problem,
    roster::Roster,
    rules,
    verdict::Verdict,
};

const BODY_LIMIT: usize = 8 * 1024 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Serialize)]
struct Health {
    status: &'static str,
    service: &'static str,
    version: &'static str,
}

pub fn router(roster: Arc<Roster>) -> Router {
    let mut router = Router::new();
    for prefix in ["", "/v1"] {
        let reading = get(health).fallback(async |request: Request| not_allowed(request, "GET, HEAD"));
        let judging = post(validate).fallback(async |request: Request| not_allowed(request, "POST"));
        router = router
            .route(&format!("{prefix}/health"), reading)
            .route(&format!("{prefix}/validate"), judging);
    }
    router
        .fallback(not_found)
        .layer(middleware::from_fn(carry_request_id))
        .with_state(roster)
}

async fn health() -> Response<Body> {
    let health = Health {
        status: "ok",
        service: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
    };
    answer(StatusCode::OK, &health)
}

async fn validate(State(roster): State<Arc<Roster>>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    match judge(&roster, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(&path),
    }
}

async fn judge(roster: &Roster, request: Request) -> Result<Response<Body>, Problem> {
    let text = read_body(request).await?;
    let begun = Instant::now();
    let json = Json::parse(&text).map_err(|error| Problem::bad_request(error.to_string()))?;
    let envelope = Envelope::read(&json).map_err(Problem::bad_request)?;
    Ok(match rules::judge(&envelope, roster) {
        Ok(findings) => {
            let elapsed_ms = begun.elapsed().as_millis() as u64;
            answer(StatusCode::OK, &Verdict { findings, elapsed_ms })
        }
        Err(error) => answer(StatusCode::UNPROCESSABLE_ENTITY, &error),
    })
}

/// Read the body of a JSON request.
async fn read_body(request: Request) -> Result<Vec<u8>, Problem> {
    let (head, content) = request.into_parts();
    let refusal = if !is_json(&head.headers) {
        Some("content type must be application/json")
    } else if is_encoded(&head.headers) {
        Some("body must not be encoded")
    } else {
        None
    };
    if let Some(detail) = refusal {
        body::discard(&head.headers, content);
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    body::read(&head.headers, content, BODY_LIMIT)
        .await
        .map_err(|error| match error {
            BodyError::TooLarge => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("body is over the limit of {BODY_LIMIT} bytes"),
            ),
            BodyError::Broken => Problem::bad_request("body could not be read"),
        })
}

/// True for `application/json`, which a charset of UTF-8 may follow.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let content_type = content_type.to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    parts.next() == Some("application/json") && parts.all(|part| matches!(part, "charset=utf-8" | "charset=\"utf-8\""))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

async fn not_found(request: Request) -> Response<Body> {
    refuse(request, Problem::new(StatusCode::NOT_FOUND, "no route at this path"))
}

fn not_allowed(request: Request, allow: &'static str) -> Response<Body> {
    let detail = format!("method {} is not allowed", request.method());
    let mut response = refuse(request, Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail));
    let allow = HeaderValue::from_static(allow);
    response.headers_mut().insert(header::ALLOW, allow);
    response
}

/// Refuse a request whatever its body holds.
fn refuse(request: Request, problem: Problem) -> Response<Body> {
    let (head, content) = request.into_parts();
    body::discard(&head.headers, content);
    problem.into_response(head.uri.path())
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let body = serde_json::to_vec(body).expect("strings, lists and numbers");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response
}

/// Echo the caller's request id if it is harmless, else give the answer a new one.
async fn carry_request_id(request: Request, next: Next) -> Response<Body> {
    let given = request.headers().get(&REQUEST_ID).cloned();
    let id = given.filter(is_harmless).unwrap_or_else(new_request_id);
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn is_harmless(id: &HeaderValue) -> bool {
    (1..=128).contains(&id.len())
        && id
            .as_bytes()
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._:/+=@-".contains(byte))
}

/// 32 hexadecimal digits from the standard library's randomly keyed hashers: unique, which is all an id must be.
fn new_request_id() -> HeaderValue {
    let random = || RandomState::new().build_hasher().finish();
    let id = format!("{:016x}{:016x}", random(), random());
    HeaderValue::try_from(id).expect("hexadecimal digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_json_with_parameters_only() {
        let is_json = |value: &'static str| {
            let value = HeaderValue::from_static(value);
            super::is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)]))
        };
        assert!(is_json("application/json"));
        assert!(is_json("Application/JSON ; charset=utf-8"));
        assert!(!is_json("application/problem+json"));
        assert!(!is_json("text/plain"));
        assert!(!is_json("application/json; charset=latin1"));
        assert!(!super::is_json(&HeaderMap::new()));
    }

    #[test]
    fn new_request_ids_differ() {
        assert_eq!(new_request_id().len(), 32);
        assert_ne!(new_request_id(), new_request_id());
    }
}
