//! The error that a failing rule answers with.

use serde::Serialize;

/// One failed rule. Serde's default, externally tagged form is the wire form: `{"Schema":{"field":…,"reason":…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ValidationError {
    Schema { field: String, reason: String },
    Completeness { reason: String },
    Policy { reason: String },
    Consistency { reason: String },
}

impl ValidationError {
    /// A Schema error at `field` whose sentence is the field followed by `rest`.
    pub fn schema(field: impl Into<String>, rest: &str) -> Self {
        let field = field.into();
        let reason = format!("{field} {rest}");
        Self::Schema { field, reason }
    }

    pub fn completeness(reason: String) -> Self {
        Self::Completeness { reason }
    }

    pub fn policy(reason: String) -> Self {
        Self::Policy { reason }
    }

    pub fn consistency(reason: String) -> Self {
        Self::Consistency { reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_serdes_externally_tagged_form() {
        let schema = ValidationError::schema("to", "must be a non-empty string");
        assert_eq!(
            serde_json::to_string(&schema).unwrap(),
            r#"{"Schema":{"field":"to","reason":"to must be a non-empty string"}}"#
        );
        let policy = ValidationError::policy("body holds a pay rate".to_owned());
        assert_eq!(
            serde_json::to_string(&policy).unwrap(),
            r#"{"Policy":{"reason":"body holds a pay rate"}}"#
        );
    }
}
