//! The rules of `fill` {fills: [{worker_id, name}]}: a proposal of workers for a job.

use std::collections::HashSet;

use super::Outcome;
use crate::{
    envelope::Context,
    error::ValidationError,
    json::{Json, Object},
    roster::Roster,
    verdict::Finding,
};

struct Fill<'a> {
    worker_id: &'a str,
    name: &'a str,
}

pub fn judge(artifact: &Object, context: &Context, roster: &Roster) -> Outcome {
    let fills = read(artifact)?;
    if let Some(target_count) = context.target_count
        && fills.len() as u64 != target_count
    {
        return Err(ValidationError::completeness(format!(
            "{} fills for a target of {target_count}",
            fills.len()
        )));
    }
    let mut used = HashSet::new();
    for fill in &fills {
        check(fill, context, roster)?;
        if !used.insert(fill.worker_id) {
            return Err(inconsistent(fill.worker_id, "is used more than once"));
        }
    }
    Ok(match context.target_count {
        Some(_) => Vec::new(),
        None => vec![Finding::NO_TARGET],
    })
}

/// Read the fills: the Schema group.
fn read(artifact: &Object) -> Result<Vec<Fill<'_>>, ValidationError> {
    let entries = artifact
        .get("fills")
        .and_then(Json::as_array)
        .filter(|entries| !entries.is_empty())
        .ok_or_else(|| ValidationError::schema("fills", "must be a non-empty list"))?;
    let objects = entries.iter().enumerate().map(|(index, entry)| {
        entry
            .as_object()
            .ok_or_else(|| ValidationError::schema(format!("fills[{index}]"), "must be an object"))
    });
    // Every entry is an object before any member is looked at.
    let objects = objects.collect::<Result<Vec<_>, _>>()?;
    let fills = objects.into_iter().enumerate().map(|(index, entry)| {
        let member = |name: &str| {
            entry
                .get(name)
                .and_then(Json::as_str)
                .ok_or_else(|| ValidationError::schema(format!("fills[{index}].{name}"), "must be a string"))
        };
        Ok(Fill {
            worker_id: member("worker_id")?,
            name: member("name")?,
        })
    });
    fills.collect()
}

/// Check one fill against the roster and the context.
fn check(fill: &Fill<'_>, context: &Context, roster: &Roster) -> Result<(), ValidationError> {
    let Fill { worker_id, name } = *fill;
    let worker = roster
        .find(worker_id)
        .ok_or_else(|| inconsistent(worker_id, "is not on the roster"))?;
    if worker.name != name {
        let rest = format!("is on the roster as {}, not {name}", worker.name);
        return Err(inconsistent(worker_id, &rest));
    }
    if worker.status != "active" {
        let rest = format!("has status {}, not active", worker.status);
        return Err(inconsistent(worker_id, &rest));
    }
    let wanted = [
        ("city", &worker.city, &context.city),
        ("state", &worker.state, &context.state),
        ("role", &worker.role, &context.role),
    ];
    for (what, actual, wanted) in wanted {
        if let Some(wanted) = wanted
            && wanted != actual
        {
            let rest = format!("has {what} {actual}, not {wanted}");
            return Err(inconsistent(worker_id, &rest));
        }
    }
    Ok(())
}

fn inconsistent(worker_id: &str, rest: &str) -> ValidationError {
    ValidationError::consistency(format!("worker {worker_id} {rest}"))
}

#[cfg(test)]
mod tests {
    use crate::{
        error::ValidationError,
        rules::samples::{judged, reason},
        verdict::Finding,
    };

    fn fill(fills: &str, context: &str) -> String {
        format!(r#"{{"kind":"fill","artifact":{{"fills":{fills}}},"context":{context}}}"#)
    }

    const ANA: &str = r#"{"worker_id":"W1","name":"Ana Ruiz"}"#;

    #[test]
    fn passes() {
        let context = r#"{"target_count":1,"city":"Reno","state":"NV","role":"welder"}"#;
        assert_eq!(judged(&fill(&format!("[{ANA}]"), context)), Ok(vec![]));
        let untargeted = judged(&fill(&format!("[{ANA}]"), "{}"));
        assert_eq!(untargeted, Ok(vec![Finding::NO_TARGET]));
    }

    #[test]
    fn schema() {
        let cases = [
            ("[]", "fills", "must be a non-empty list"),
            ("{}", "fills", "must be a non-empty list"),
            (r#"[{"worker_id":1},1]"#, "fills[1]", "must be an object"),
            (r#"[{"name":1}]"#, "fills[0].worker_id", "must be a string"),
            (r#"[{"worker_id":"W1"}]"#, "fills[0].name", "must be a string"),
        ];
        for (fills, field, rest) in cases {
            let expected = ValidationError::schema(field, rest);
            assert_eq!(judged(&fill(fills, "{}")), Err(expected), "{fills}");
        }
    }

    #[test]
    fn completeness() {
        let short = fill(&format!("[{ANA}]"), r#"{"target_count":2}"#);
        assert_eq!(reason(&short), "1 fills for a target of 2");
        let none = fill(&format!("[{ANA}]"), r#"{"target_count":-0}"#);
        assert_eq!(reason(&none), "1 fills for a target of 0");
    }

    #[test]
    fn consistency() {
        let cases = [
            (
                r#"[{"worker_id":"W9","name":"Ana"}]"#,
                "{}",
                "worker W9 is not on the roster",
            ),
            (
                r#"[{"worker_id":"W1","name":"Ana"}]"#,
                "{}",
                "worker W1 is on the roster as Ana Ruiz, not Ana",
            ),
            (
                r#"[{"worker_id":"W2","name":"Bo"}]"#,
                "{}",
                "worker W2 has status on_leave, not active",
            ),
            (
                r#"[{"worker_id":"W1","name":"Ana Ruiz"}]"#,
                r#"{"role":"cook","state":"CA"}"#,
                "worker W1 has state NV, not CA",
            ),
        ];
        for (fills, context, expected) in cases {
            assert_eq!(reason(&fill(fills, context)), expected);
        }
        let twice = fill(&format!("[{ANA},{ANA}]"), "{}");
        assert_eq!(reason(&twice), "worker W1 is used more than once");
    }
}
