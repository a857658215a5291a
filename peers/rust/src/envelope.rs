//! The envelope of a request: `{kind, artifact, context?}`, read strictly.
//!
//! In: the JSON of a body. Out: a typed envelope, or one sentence saying which member is malformed.

use crate::{
    json::{Json, Object},
    roster::Roster,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Email,
    Sms,
    Fill,
    Playbook,
}

#[derive(Debug)]
pub struct Envelope<'a> {
    pub kind: Kind,
    pub artifact: &'a Object,
    pub context: Context,
}

#[derive(Debug, Default, PartialEq)]
pub struct Context {
    /// None when the request brings no roster of its own.
    pub roster: Option<Roster>,
    pub worker_id: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub role: Option<String>,
    pub target_count: Option<u64>,
}

impl Kind {
    fn read(json: Option<&Json>) -> Option<Self> {
        match json?.as_str()? {
            "email" => Some(Self::Email),
            "sms" => Some(Self::Sms),
            "fill" => Some(Self::Fill),
            "playbook" => Some(Self::Playbook),
            _ => None,
        }
    }
}

impl<'a> Envelope<'a> {
    pub fn read(json: &'a Json) -> Result<Self, String> {
        let members = json.as_object().ok_or("body must be an object")?;
        if let Some(name) = members.unknown_member(&["kind", "artifact", "context"]) {
            return Err(format!("unknown member \"{name}\" in the body"));
        }
        let kind = Kind::read(members.get("kind")).ok_or("kind must be one of email, sms, fill, playbook")?;
        let artifact = members
            .get("artifact")
            .and_then(Json::as_object)
            .ok_or("artifact must be an object")?;
        let context = match members.get("context") {
            Some(context) => Context::read(context)?,
            None => Context::default(),
        };
        Ok(Self {
            kind,
            artifact,
            context,
        })
    }
}

impl Context {
    const MEMBERS: [&str; 6] = ["roster", "worker_id", "city", "state", "role", "target_count"];

    fn read(json: &Json) -> Result<Self, String> {
        let members = json.as_object().ok_or("context must be an object")?;
        if let Some(name) = members.unknown_member(&Self::MEMBERS) {
            return Err(format!("unknown member \"{name}\" in context"));
        }
        let text = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!("context.{name} must be a string")),
        };
        Ok(Self {
            roster: members
                .get("roster")
                .map(|roster| Roster::read(roster, "context.roster"))
                .transpose()?,
            worker_id: text("worker_id")?,
            city: text("city")?,
            state: text("state")?,
            role: text("role")?,
            target_count: members.get("target_count").map(target_count).transpose()?,
        })
    }
}

fn target_count(json: &Json) -> Result<u64, String> {
    json.as_count()
        .ok_or_else(|| "context.target_count must be a non-negative integer".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let json = Json::parse(text.as_bytes()).unwrap();
        Envelope::read(&json).unwrap_err()
    }

    #[test]
    fn reads_a_whole_envelope() {
        let text = r#"{"kind":"fill","artifact":{"x":1},"context":{"city":"Reno","target_count":2,"roster":[]}}"#;
        let json = Json::parse(text.as_bytes()).unwrap();
        let envelope = Envelope::read(&json).unwrap();
        assert_eq!(envelope.kind, Kind::Fill);
        assert_eq!(envelope.context.city.as_deref(), Some("Reno"));
        assert_eq!(envelope.context.target_count, Some(2));
        assert_eq!(envelope.context.roster, Some(Roster::default()));
    }

    #[test]
    fn names_the_malformed_member() {
        let kinds = "kind must be one of email, sms, fill, playbook";
        assert_eq!(fault("[]"), "body must be an object");
        assert_eq!(
            fault(r#"{"kind":"sms","Artifact":{}}"#),
            "unknown member \"Artifact\" in the body"
        );
        assert_eq!(fault(r#"{"artifact":{}}"#), kinds);
        assert_eq!(fault(r#"{"kind":"SMS","artifact":{}}"#), kinds);
        assert_eq!(fault(r#"{"kind":"sms","artifact":[]}"#), "artifact must be an object");
    }

    #[test]
    fn names_the_malformed_member_of_the_context() {
        let context = |text: &str| fault(&format!(r#"{{"kind":"sms","artifact":{{}},"context":{text}}}"#));
        assert_eq!(context("null"), "context must be an object");
        assert_eq!(context(r#"{"town":""}"#), "unknown member \"town\" in context");
        assert_eq!(context(r#"{"role":null}"#), "context.role must be a string");
        assert_eq!(context(r#"{"roster":[1]}"#), "context.roster[0] must be an object");
        for count in ["1.0", "1e0", "-1", "true", "18446744073709551616"] {
            let expected = "context.target_count must be a non-negative integer";
            assert_eq!(context(&format!(r#"{{"target_count":{count}}}"#)), expected);
        }
    }
}
