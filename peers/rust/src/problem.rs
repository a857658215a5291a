//! Problem documents (RFC 9457): every refusal except a failed rule.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use serde::Serialize;

use crate::faults::FieldError;

/// What is wrong with a request; it becomes a problem document once the request's path is known.
#[derive(Debug, PartialEq)]
pub struct Problem {
    pub status: StatusCode,
    pub detail: String,
    /// The members of the body that are wrong, where some are.
    pub errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let errors = Vec::new();
        Self { status, detail, errors }
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub fn into_response(self, path: &str) -> Response<Body> {
        let document = Document {
            kind: "about:blank",
            title: title(self.status),
            status: self.status.as_u16(),
            detail: &self.detail,
            instance: path,
            errors: &self.errors,
        };
        let body = serde_json::to_vec(&document).expect("strings and a number");
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let media_type = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

/// The status' name in RFC 9110, where it differs from the older one that libraries still know.
pub fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        _ => status.canonical_reason().unwrap_or_default(),
    }
}
