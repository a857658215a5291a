//! The rules of `playbook` {operation, endorsed_names, target_count, fingerprint}.

use super::Outcome;
use crate::{
    error::ValidationError,
    json::{Json, Object},
};

const FINGERPRINT_DIGITS: usize = 64;

pub fn judge(artifact: &Object) -> Outcome {
    let (names, target_count) = check_schema(artifact)?;
    let most = 2 * target_count;
    if names < 1 || names as u64 > most {
        return Err(ValidationError::completeness(format!(
            "{names} endorsed names, between 1 and {most} are wanted"
        )));
    }
    Ok(Vec::new())
}

/// Check the Schema group; the number of endorsed names and the target are what the next group needs.
fn check_schema(artifact: &Object) -> Result<(usize, u64), ValidationError> {
    let text = |member| artifact.get(member).and_then(Json::as_str);
    if !text("operation").is_some_and(is_operation) {
        return Err(ValidationError::schema("operation", "must have the form verb: text"));
    }
    let names = artifact
        .get("endorsed_names")
        .and_then(Json::as_array)
        .ok_or_else(|| ValidationError::schema("endorsed_names", "must be a list"))?;
    for (index, name) in names.iter().enumerate() {
        if name.as_str().unwrap_or_default().is_empty() {
            let place = format!("endorsed_names[{index}]");
            return Err(ValidationError::schema(place, "must be a non-empty string"));
        }
    }
    let target_count = artifact
        .get("target_count")
        .and_then(Json::as_count)
        .filter(|&count| count >= 1)
        .ok_or_else(|| ValidationError::schema("target_count", "must be a positive integer"))?;
    if !text("fingerprint").is_some_and(is_fingerprint) {
        return Err(ValidationError::schema("fingerprint", "must be 64 hexadecimal digits"));
    }
    Ok((names.len(), target_count))
}

/// `^[A-Za-z][A-Za-z_-]*: \S`, white space being ASCII's.
fn is_operation(text: &str) -> bool {
    let Some((verb, rest)) = text.split_once(": ") else {
        return false;
    };
    verb.starts_with(|first: char| first.is_ascii_alphabetic())
        && verb
            .chars()
            .all(|letter| letter.is_ascii_alphabetic() || matches!(letter, '_' | '-'))
        && rest
            .chars()
            .next()
            .is_some_and(|first| !matches!(first, ' ' | '\t'..='\r'))
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == FINGERPRINT_DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::samples::{judged, reason};

    fn playbook(operation: &str, names: &str, target: &str, fingerprint: &str) -> String {
        format!(
            r#"{{"kind":"playbook","artifact":{{"operation":"{operation}","endorsed_names":{names},"target_count":{target},"fingerprint":"{fingerprint}"}}}}"#
        )
    }

    #[test]
    fn passes() {
        let fingerprint = "aB".repeat(32);
        assert_eq!(
            judged(&playbook("fill: welders", r#"["Ana","Bo"]"#, "1", &fingerprint)),
            Ok(vec![])
        );
        let large = playbook("fill: x", r#"["Ana"]"#, "9007199254740991", &fingerprint);
        assert_eq!(judged(&large), Ok(vec![]));
    }

    #[test]
    fn schema() {
        let fingerprint = "0".repeat(64);
        let verb = ("operation", "must have the form verb: text");
        let target = ("target_count", "must be a positive integer");
        let print = ("fingerprint", "must be 64 hexadecimal digits");
        let cases = [
            (playbook("fill:", "1", "0", ""), verb),
            (playbook("fill: x", "1", "0", ""), ("endorsed_names", "must be a list")),
            (
                playbook("fill: x", "[\"a\",\"\"]", "0", ""),
                ("endorsed_names[1]", "must be a non-empty string"),
            ),
            (playbook("fill: x", "[]", "0", ""), target),
            (playbook("fill: x", "[]", "1.0", ""), target),
            (playbook("fill: x", "[]", "1e0", ""), target),
            (playbook("fill: x", "[]", "-1", ""), target),
            (playbook("fill: x", "[]", "18446744073709551616", ""), target),
            (playbook("fill: x", "[]", "1", &fingerprint[1..]), print),
            (playbook("fill: x", "[]", "1", &fingerprint.replace('0', "g")), print),
        ];
        for (body, (field, rest)) in cases {
            assert_eq!(judged(&body), Err(ValidationError::schema(field, rest)), "{body}");
        }
    }

    #[test]
    fn completeness() {
        let fingerprint = "0".repeat(64);
        let none = playbook("fill: x", "[]", "3", &fingerprint);
        assert_eq!(reason(&none), "0 endorsed names, between 1 and 6 are wanted");
        let many = playbook("fill: x", r#"["a","b","c"]"#, "1", &fingerprint);
        assert_eq!(reason(&many), "3 endorsed names, between 1 and 2 are wanted");
        let huge = playbook("fill: x", "[]", "9007199254740991", &fingerprint);
        assert_eq!(
            reason(&huge),
            "0 endorsed names, between 1 and 18014398509481982 are wanted"
        );
    }

    #[test]
    fn tells_an_operation() {
        for text in ["fill: x", "a: é", "Re-fill_all: :", "a: \u{a0}", "a: b: "] {
            assert!(is_operation(text), "{text}");
        }
        for text in [
            "",
            ": x",
            "-a: x",
            "a1: x",
            "a:x",
            "a : x",
            "a:  x",
            "a: ",
            "a: \u{b}x",
            "é: x",
            "\na: x",
        ] {
            assert!(!is_operation(text), "{text}");
        }
    }
}
