//! What all daemons share: routes bare and under `/v1`, request ids, strict bodies, problems, metrics, a description.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    routing::get,
};
use serde::Serialize;

use crate::{
    body::{self, BodyError},
    guard::Guard,
    metrics::{self, Metrics, UNKNOWN_ROUTE},
    openapi,
    operation::{Content, Operation},
    problem::Problem,
    roster::Roster,
    target,
};

const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What all requests of one address share; read-only but for the metrics.
pub struct Service {
    pub name: &'static str,
    pub roster: Roster,
    guard: Guard,
    metrics: Mutex<Metrics>,
    description: Vec<u8>,
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    service: &'static str,
    version: &'static str,
}

/// The routes of some daemons under one name, with those that every daemon has.
pub fn router(name: &'static str, mut operations: Vec<Operation>, roster: Roster, guard: Guard) -> Router {
    operations.extend(self::operations());
    let service = Arc::new(Service {
        name,
        roster,
        guard,
        metrics: Mutex::new(Metrics::new()),
        description: openapi::describe(name, &operations),
    });
    let mut router = Router::new();
    for prefix in ["", "/v1"] {
        for operation in &operations {
            router = router.route(&format!("{prefix}{}", operation.path), operation.guarded());
        }
    }
    let routes = router
        .fallback(not_found)
        .layer(middleware::from_fn(tell_route))
        .with_state(service.clone());
    // Around the routes, not in them: axum adds to what it answers for a route.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn_with_state(service, attend))
}

pub fn operations() -> Vec<Operation> {
    let row = |path, summary, answers, handler| Operation {
        path,
        summary,
        body: None,
        answers,
        handler,
    };
    vec![
        row(
            "/health",
            "Report that the daemon can serve.",
            &[(StatusCode::OK, Content::Schema("Health"))],
            get(health),
        ),
        row(
            "/metrics",
            "Return counts and latencies.",
            &[(StatusCode::OK, Content::Text)],
            get(metrics),
        ),
        row(
            "/openapi.json",
            "Describe this daemon.",
            &[(StatusCode::OK, Content::AnyObject)],
            get(description),
        ),
    ]
}

async fn health(State(service): State<Arc<Service>>) -> Response<Body> {
    let health = Health {
        status: "ok",
        service: service.name,
        version: env!("CARGO_PKG_VERSION"),
    };
    answer(StatusCode::OK, &health)
}

async fn metrics(State(service): State<Arc<Service>>) -> Response<Body> {
    let text = service.metrics().text(service.name, env!("CARGO_PKG_VERSION"));
    respond(StatusCode::OK, metrics::MEDIA_TYPE, text)
}

async fn description(State(service): State<Arc<Service>>) -> Response<Body> {
    respond(StatusCode::OK, "application/json", service.description.clone())
}

impl Service {
    fn metrics(&self) -> MutexGuard<'_, Metrics> {
        // Counting does not panic, so nobody leaves the lock poisoned.
        self.metrics.lock().expect("an unpoisoned lock")
    }
}

/// Read the body of a JSON request.
pub async fn read_body(request: Request) -> Result<Vec<u8>, Problem> {
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
    body::read(&head.headers, content, BODY_LIMIT, BODY_TIME)
        .await
        .map_err(|error| match error {
            BodyError::TooLarge => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("body is over the limit of {BODY_LIMIT} bytes"),
            ),
            BodyError::Late => Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                format!("the body was not complete after {} s", BODY_TIME.as_secs()),
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

pub fn not_allowed(request: Request, allow: &'static str) -> Response<Body> {
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
    problem.into_response(target::sent_path(&head.extensions, &head.uri))
}

pub fn answer(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let body = serde_json::to_vec(body).expect("strings, lists and numbers");
    respond(status, "application/json", body)
}

fn respond(status: StatusCode, media_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static(media_type);
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response
}

/// Refuse what a foreign page may have sent; echo the caller's request id if it is harmless, else give the answer a new
/// one; count the request.
async fn attend(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let given = request.headers().get(&REQUEST_ID).cloned();
    let id = given.filter(is_harmless).unwrap_or_else(new_request_id);
    let method = request.method().clone();
    let mut response = match service.guard.judge(&request) {
        Ok(()) => next.run(target::normalized(request)).await,
        Err(problem) => refuse(request, problem),
    };
    response.headers_mut().insert(REQUEST_ID, id);
    let no_sniffing = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, no_sniffing);
    let matched = response.extensions_mut().remove::<MatchedPath>();
    let route = matched.as_ref().map_or(UNKNOWN_ROUTE, |matched| {
        matched.as_str().strip_prefix("/v1").unwrap_or(matched.as_str())
    });
    let status = response.status().as_u16();
    service.metrics().note(route, method.as_str(), status, begun.elapsed());
    response
}

/// Tell the layers around the routes which one answered.
async fn tell_route(request: Request, next: Next) -> Response<Body> {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        response.extensions_mut().insert(matched);
    }
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
