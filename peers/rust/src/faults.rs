//! Everything that is wrong with the members of a body, each with the JSON Pointer of its place.
//!
//! Noted are the members that are known, in the order in which they are read, then those that are unknown as they were
//! sent.

use axum::http::StatusCode;
use serde::Serialize;

use crate::{
    json::{Json, Object},
    problem::Problem,
};

/// How many faults one answer names.
const MOST_ERRORS: usize = 20;
/// Bounds the names of unknown members that an answer repeats, in characters.
const LONGEST_NAME: usize = 64;

/// One wrong member: its JSON Pointer, empty for the whole, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldError {
    pub pointer: String,
    pub detail: String,
}

#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    pub fn note(&mut self, pointer: &str, detail: &str) {
        if self.0.len() <= MOST_ERRORS {
            self.0.push(FieldError {
                pointer: pointer.to_owned(),
                detail: detail.to_owned(),
            });
        }
    }

    /// A member that must be there; a fault where it is not.
    pub fn required<'a>(&mut self, pointer: &str, members: &'a Object, name: &str) -> Option<&'a Json> {
        let found = members.get(name);
        if found.is_none() {
            self.note(&below(pointer, name), "the member is missing");
        }
        found
    }

    /// A value as an object; a fault where it is none.
    pub fn object<'a>(&mut self, pointer: &str, json: &'a Json) -> Option<&'a Object> {
        let found = json.as_object();
        if found.is_none() {
            self.note(pointer, "expected an object");
        }
        found
    }

    /// A value as a string; a fault where it is none.
    pub fn text(&mut self, pointer: &str, json: &Json) -> Option<String> {
        let found = json.as_str().map(str::to_owned);
        if found.is_none() {
            self.note(pointer, "expected a string");
        }
        found
    }

    /// Note each member of another name.
    pub fn only_knows(&mut self, pointer: &str, members: &Object, known: &[&str]) {
        for name in members.names().filter(|name| !known.contains(name)) {
            if name.chars().count() > LONGEST_NAME {
                self.note(pointer, "an unknown member");
            } else {
                self.note(&below(pointer, name), "an unknown member");
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in one line.
    pub fn sentence(&self) -> String {
        let mut named: Vec<String> = self.0.iter().take(MOST_ERRORS).map(FieldError::sentence).collect();
        if self.0.len() > MOST_ERRORS {
            named.push("and more".to_owned());
        }
        named.join("; ")
    }

    pub fn into_problem(mut self) -> Problem {
        let mut problem = Problem::new(
            StatusCode::BAD_REQUEST,
            format!("the body does not fit: {}", self.sentence()),
        );
        self.0.truncate(MOST_ERRORS);
        problem.errors = self.0;
        problem
    }
}

impl FieldError {
    fn sentence(&self) -> String {
        let place = match self.pointer.as_str() {
            "" => "(the whole document)",
            pointer => pointer,
        };
        format!("{place}: {}", self.detail)
    }
}

/// The pointer of a member.
pub fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_faults_up_to_a_bound() {
        let mut faults = Faults::default();
        for _ in 0..100 {
            faults.note("", "wrong");
        }
        let problem = faults.into_problem();
        assert_eq!(problem.errors.len(), MOST_ERRORS);
        assert!(
            problem
                .detail
                .starts_with("the body does not fit: (the whole document): wrong; ")
        );
        assert!(problem.detail.ends_with("; and more"));
    }

    #[test]
    fn points_at_unknown_members_with_short_names() {
        let mut faults = Faults::default();
        let text = format!(r#"{{"a/b~c":1,"known":2,"{}":3}}"#, "x".repeat(65));
        let json = Json::parse(text.as_bytes()).unwrap();
        faults.only_knows("/context", json.as_object().unwrap(), &["known"]);
        let pointers: Vec<_> = faults.0.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/context/a~1b~0c", "/context"]);
    }
}
