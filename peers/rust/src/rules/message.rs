//! The rules of messages to a worker: `email` {to, subject, body} and `sms` {to, body}.

use super::Outcome;
use crate::{
    envelope::Context,
    error::ValidationError,
    json::{Json, Object},
    policy,
    roster::Roster,
    verdict::Finding,
};

/// What tells an email from an SMS.
pub struct MessageForm {
    /// Members that must be there, in the order they are tried.
    members: &'static [&'static str],
    /// Texts whose content is judged, with the characters each may have.
    limits: &'static [(&'static str, usize)],
    addressed_by_mail: bool,
}

pub const EMAIL: MessageForm = MessageForm {
    members: &["to", "subject", "body"],
    limits: &[("subject", 78), ("body", 4000)],
    addressed_by_mail: true,
};

pub const SMS: MessageForm = MessageForm {
    members: &["to", "body"],
    limits: &[("body", 160)],
    addressed_by_mail: false,
};

pub fn judge(form: &MessageForm, artifact: &Object, context: &Context, roster: &Roster) -> Outcome {
    check_schema(form, artifact)?;
    check_completeness(form, artifact)?;
    check_policy(form, artifact)?;
    let Some(worker_id) = &context.worker_id else {
        return Ok(vec![Finding::NO_WORKER]);
    };
    check_consistency(text(artifact, "body"), worker_id, roster)?;
    Ok(Vec::new())
}

fn check_schema(form: &MessageForm, artifact: &Object) -> Result<(), ValidationError> {
    for &member in form.members {
        if text(artifact, member).is_empty() {
            return Err(ValidationError::schema(member, "must be a non-empty string"));
        }
    }
    if form.addressed_by_mail && text(artifact, "to").matches('@').count() != 1 {
        return Err(ValidationError::schema("to", "must hold exactly one @"));
    }
    Ok(())
}

fn check_completeness(form: &MessageForm, artifact: &Object) -> Result<(), ValidationError> {
    for &(member, limit) in form.limits {
        let count = text(artifact, member).chars().count();
        if count > limit {
            return Err(ValidationError::completeness(format!(
                "{member} has {count} characters, at most {limit} are allowed"
            )));
        }
    }
    Ok(())
}

fn check_policy(form: &MessageForm, artifact: &Object) -> Result<(), ValidationError> {
    type Holds = fn(&str) -> bool;
    let rules: [(Holds, &str); 2] = [
        (policy::holds_social_security_number, "a US social security number"),
        (policy::holds_pay_rate, "a pay rate"),
    ];
    for (holds, what) in rules {
        for (member, _) in form.limits {
            if holds(text(artifact, member)) {
                return Err(ValidationError::policy(format!("{member} holds {what}")));
            }
        }
    }
    Ok(())
}

fn check_consistency(body: &str, worker_id: &str, roster: &Roster) -> Result<(), ValidationError> {
    let worker = roster
        .find(worker_id)
        .ok_or_else(|| ValidationError::consistency(format!("worker {worker_id} is not on the roster")))?;
    if body.contains(worker.first_name()) {
        return Ok(());
    }
    Err(ValidationError::consistency(format!(
        "body does not hold the first name of worker {worker_id}"
    )))
}

/// The member's text; empty when it is absent or no string.
fn text<'a>(artifact: &'a Object, member: &str) -> &'a str {
    artifact.get(member).and_then(Json::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::{
        error::ValidationError,
        rules::samples::{judged, reason},
        verdict::Finding,
    };

    fn email(subject: &str, body: &str, context: &str) -> String {
        format!(
            r#"{{"kind":"email","artifact":{{"to":"a@b.c","subject":"{subject}","body":"{body}"}},"context":{context}}}"#
        )
    }

    fn sms(body: &str) -> String {
        format!(r#"{{"kind":"sms","artifact":{{"to":"555-123-4567","body":"{body}"}}}}"#)
    }

    #[test]
    fn passes() {
        let checked = email("Shift", "Hello Ana", r#"{"worker_id":"W1"}"#);
        assert_eq!(judged(&checked), Ok(vec![]));
        assert_eq!(judged(&email("Shift", "Hello", "{}")), Ok(vec![Finding::NO_WORKER]));
        assert_eq!(judged(&sms("Call 1-555-123-4567")), Ok(vec![Finding::NO_WORKER]));
    }

    #[test]
    fn schema() {
        let missing = judged(r#"{"kind":"email","artifact":{"to":"a","body":7}}"#);
        let expected = ValidationError::schema("subject", "must be a non-empty string");
        assert_eq!(missing, Err(expected));
        for to in ["a", "a@b@c"] {
            let artifact = format!(r#"{{"to":"{to}","subject":" ","body":" "}}"#);
            let outcome = judged(&format!(r#"{{"kind":"email","artifact":{artifact}}}"#));
            let expected = ValidationError::schema("to", "must hold exactly one @");
            assert_eq!(outcome, Err(expected));
        }
    }

    #[test]
    fn completeness() {
        let words = |member, count, limit| format!("{member} has {count} characters, at most {limit} are allowed");
        assert!(judged(&sms(&"é".repeat(160))).is_ok());
        assert_eq!(reason(&sms(&"😀".repeat(161))), words("body", 161, 160));
        assert!(judged(&email(&"s".repeat(78), &"b".repeat(4000), "{}")).is_ok());
        let long = email(&"s".repeat(79), &"b".repeat(4001), "{}");
        assert_eq!(reason(&long), words("subject", 79, 78));
        assert_eq!(reason(&email("s", &"b".repeat(4001), "{}")), words("body", 4001, 4000));
    }

    #[test]
    fn policy() {
        let both = email("$25/hr", "123-45-6789", "{}");
        assert_eq!(reason(&both), "body holds a US social security number");
        assert_eq!(reason(&email("$25/hr", "$25/hr", "{}")), "subject holds a pay rate");
        assert_eq!(reason(&sms("earn $25 an hour")), "body holds a pay rate");
    }

    #[test]
    fn consistency() {
        let phantom = email("s", "Hello Ana", r#"{"worker_id":"W9"}"#);
        assert_eq!(reason(&phantom), "worker W9 is not on the roster");
        let nameless = email("s", "Hello ana", r#"{"worker_id":"W1"}"#);
        assert_eq!(reason(&nameless), "body does not hold the first name of worker W1");
        let own = email("s", "Hello Ana", r#"{"worker_id":"W1","roster":[]}"#);
        assert_eq!(reason(&own), "worker W1 is not on the roster");
    }
}
