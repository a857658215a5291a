//! validatord: `POST /validate {kind, artifact, context?}`, a verdict on an artifact.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode},
    routing::post,
};

use crate::{
    envelope::Envelope,
    faults::Faults,
    json::Json,
    operation::{Content, Operation},
    problem::Problem,
    roster::Roster,
    rules,
    service::{Service, answer, read_body},
    target,
    verdict::Verdict,
};

pub fn operations() -> Vec<Operation> {
    vec![Operation {
        path: "/validate",
        summary: "Judge an artifact.",
        body: Some("Envelope"),
        answers: &[
            (StatusCode::OK, Content::Schema("Verdict")),
            (StatusCode::UNPROCESSABLE_ENTITY, Content::Schema("ValidationError")),
        ],
        handler: post(validate),
    }]
}

async fn validate(State(service): State<Arc<Service>>, request: Request) -> Response<Body> {
    let path = target::sent_path(request.extensions(), request.uri()).to_owned();
    match judge(&service.roster, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(&path),
    }
}

async fn judge(roster: &Roster, request: Request) -> Result<Response<Body>, Problem> {
    let text = read_body(request).await?;
    let begun = Instant::now();
    let json = Json::parse(&text).map_err(|error| Problem::bad_request(error.to_string()))?;
    let envelope = Envelope::read(&json).map_err(Faults::into_problem)?;
    Ok(match rules::judge(&envelope, roster) {
        Ok(findings) => {
            let elapsed_ms = begun.elapsed().as_millis() as u64;
            answer(StatusCode::OK, &Verdict { findings, elapsed_ms })
        }
        Err(error) => answer(StatusCode::UNPROCESSABLE_ENTITY, &error),
    })
}
