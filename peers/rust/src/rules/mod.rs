//! The rules by kind. Groups are tried in the order Schema, Completeness, Policy, Consistency; the first rule that
//! fails is the answer.

mod fill;
mod message;
mod playbook;
#[cfg(test)]
mod samples;

use crate::{
    envelope::{Envelope, Kind},
    error::ValidationError,
    roster::Roster,
    verdict::Finding,
};

/// What a passing artifact was not checked for, or the first rule that it fails.
pub type Outcome = Result<Vec<Finding>, ValidationError>;

/// Judge one artifact. `configured` is the roster used when the request brings none.
pub fn judge(envelope: &Envelope<'_>, configured: &Roster) -> Outcome {
    let artifact = envelope.artifact;
    let context = &envelope.context;
    let roster = context.roster.as_ref().unwrap_or(configured);
    match envelope.kind {
        Kind::Email => message::judge(&message::EMAIL, artifact, context, roster),
        Kind::Sms => message::judge(&message::SMS, artifact, context, roster),
        Kind::Fill => fill::judge(artifact, context, roster),
        Kind::Playbook => playbook::judge(artifact),
    }
}
