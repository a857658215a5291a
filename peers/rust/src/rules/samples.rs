//! A configured roster and the two questions that the rules' tests ask.

use super::{Outcome, judge};
use crate::{envelope::Envelope, error::ValidationError, faults::Faults, json::Json, roster::Roster};

const ROSTER: &str = r#"[
    {"worker_id":"W1","name":"Ana Ruiz","status":"active","city":"Reno","state":"NV","role":"welder"},
    {"worker_id":"W2","name":"Bo","status":"on_leave","city":"Reno","state":"NV","role":"welder"}
]"#;

pub fn judged(body: &str) -> Outcome {
    let roster = Json::parse(ROSTER.as_bytes()).unwrap();
    let json = Json::parse(body.as_bytes()).unwrap();
    let envelope = Envelope::read(&json).unwrap();
    judge(&envelope, &Roster::read(&roster, "", &mut Faults::default()))
}

/// The sentence of the rule that fails, whatever its group.
pub fn reason(body: &str) -> String {
    match judged(body).expect_err("a failing rule") {
        ValidationError::Schema { reason, .. }
        | ValidationError::Completeness { reason }
        | ValidationError::Policy { reason }
        | ValidationError::Consistency { reason } => reason,
    }
}
