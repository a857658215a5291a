//! The envelope of a request: `{kind, artifact, context?}`, read strictly.
//!
//! In: the JSON of a body. Out: a typed envelope, or every member that is malformed.

use crate::{
    faults::{Faults, below},
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
    fn read(json: &Json) -> Option<Self> {
        match json.as_str()? {
            "email" => Some(Self::Email),
            "sms" => Some(Self::Sms),
            "fill" => Some(Self::Fill),
            "playbook" => Some(Self::Playbook),
            _ => None,
        }
    }
}

impl<'a> Envelope<'a> {
    pub fn read(json: &'a Json) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let read = Self::collect(json, &mut faults);
        match read {
            Some(envelope) if faults.is_empty() => Ok(envelope),
            _ => Err(faults),
        }
    }

    /// Read all members, whatever is wrong with one of them; None where there is a fault that leaves a gap.
    fn collect(json: &'a Json, faults: &mut Faults) -> Option<Self> {
        let members = faults.object("", json)?;
        let kind = faults.required("", members, "kind").and_then(|kind| {
            let known = Kind::read(kind);
            if known.is_none() {
                faults.note("/kind", "expected one of email, sms, fill, playbook");
            }
            known
        });
        let artifact = faults
            .required("", members, "artifact")
            .and_then(|artifact| faults.object("/artifact", artifact));
        let context = members
            .get("context")
            .map_or_else(Context::default, |context| Context::read(context, faults));
        faults.only_knows("", members, &["kind", "artifact", "context"]);
        Some(Self {
            kind: kind?,
            artifact: artifact?,
            context,
        })
    }
}

impl Context {
    const PLACE: &str = "/context";
    const MEMBERS: [&str; 6] = ["roster", "worker_id", "city", "state", "role", "target_count"];

    fn read(json: &Json, faults: &mut Faults) -> Self {
        let Some(members) = faults.object(Self::PLACE, json) else {
            return Self::default();
        };
        let roster = members
            .get("roster")
            .map(|roster| Roster::read(roster, &below(Self::PLACE, "roster"), faults));
        let mut text = |name: &str| {
            let json = members.get(name)?;
            faults.text(&below(Self::PLACE, name), json)
        };
        let (worker_id, city, state, role) = (text("worker_id"), text("city"), text("state"), text("role"));
        let target_count = members.get("target_count").and_then(|json| {
            let count = json.as_count();
            if count.is_none() {
                faults.note(&below(Self::PLACE, "target_count"), "expected a non-negative integer");
            }
            count
        });
        faults.only_knows(Self::PLACE, members, &Self::MEMBERS);
        Self {
            roster,
            worker_id,
            city,
            state,
            role,
            target_count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> String {
        let json = Json::parse(text.as_bytes()).unwrap();
        Envelope::read(&json).unwrap_err().sentence()
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
    fn names_every_malformed_member() {
        let kinds = "/kind: expected one of email, sms, fill, playbook";
        assert_eq!(faults("[]"), "(the whole document): expected an object");
        assert_eq!(
            faults(r#"{"Artifact":{},"kind":"SMS"}"#),
            format!("{kinds}; /artifact: the member is missing; /Artifact: an unknown member")
        );
        assert_eq!(
            faults(r#"{"artifact":[]}"#),
            "/kind: the member is missing; /artifact: expected an object"
        );
    }

    #[test]
    fn names_every_malformed_member_of_the_context() {
        let context = |text: &str| faults(&format!(r#"{{"kind":"sms","artifact":{{}},"context":{text}}}"#));
        assert_eq!(context("null"), "/context: expected an object");
        assert_eq!(
            context(r#"{"town":"","role":null,"roster":[1,{}],"city":"x"}"#),
            "/context/roster/0: expected an object; /context/roster/1/worker_id: the member is missing; \
             /context/roster/1/name: the member is missing; /context/roster/1/status: the member is missing; \
             /context/roster/1/city: the member is missing; /context/roster/1/state: the member is missing; \
             /context/roster/1/role: the member is missing; /context/role: expected a string; \
             /context/town: an unknown member"
        );
        for count in ["1.0", "1e0", "-1", "true", "18446744073709551616"] {
            let expected = "/context/target_count: expected a non-negative integer";
            assert_eq!(context(&format!(r#"{{"target_count":{count}}}"#)), expected);
        }
    }
}
