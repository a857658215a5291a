//! The gateway's own route. Its daemons live in this process: none can be gone while the gateway answers,
//! and none is waited for.

use axum::{body::Body, http::Response, http::StatusCode, routing::get};
use serde::Serialize;

use crate::{
    operation::{Content, Operation},
    service::answer,
};

#[derive(Serialize)]
struct Status {
    status: &'static str,
    daemons: [DaemonStatus; 1],
}

#[derive(Serialize)]
struct DaemonStatus {
    name: &'static str,
    status: &'static str,
    latency_ms: f64,
    version: &'static str,
}

pub fn operations() -> Vec<Operation> {
    vec![Operation {
        path: "/status",
        summary: "Return the health of all daemons.",
        body: None,
        answers: &[(StatusCode::OK, Content::Schema("Status"))],
        handler: get(status),
    }]
}

async fn status() -> Response<Body> {
    let validatord = DaemonStatus {
        name: "validatord",
        status: "ok",
        latency_ms: 0.0,
        version: env!("CARGO_PKG_VERSION"),
    };
    let status = Status {
        status: "ok",
        daemons: [validatord],
    };
    answer(StatusCode::OK, &status)
}
