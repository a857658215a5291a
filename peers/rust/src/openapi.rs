//! The OpenAPI document, made from the operations that are served, so that neither can differ.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    operation::{Content, Operation},
    problem,
};

const SCHEMAS: &str = include_str!("schemas.json");

/// Write the document of these operations.
pub fn describe(service: &str, operations: &[Operation]) -> Vec<u8> {
    let mut paths = Map::new();
    for operation in operations {
        let methods = operation.methods();
        let described = methods.iter().map(|method| {
            let entry = describe_operation(operation, method);
            (method.to_ascii_lowercase(), entry)
        });
        paths.insert(operation.path.to_owned(), Value::Object(described.collect()));
    }
    let schemas: Value = serde_json::from_str(SCHEMAS).expect("it is part of the program");
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": service,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Other paths answer 404 with an application/problem+json document.",
        },
        "servers": [{"url": "/"}, {"url": "/v1"}],
        "paths": paths,
        "components": {"schemas": schemas},
    });
    serde_json::to_vec(&document).expect("JSON")
}

fn describe_operation(operation: &Operation, method: &str) -> Value {
    let mut responses = Map::new();
    let mut answers = vec![
        (StatusCode::BAD_REQUEST, Content::Problem),
        (StatusCode::FORBIDDEN, Content::Problem),
        (StatusCode::METHOD_NOT_ALLOWED, Content::Problem),
        (StatusCode::MISDIRECTED_REQUEST, Content::Problem),
    ];
    if operation.body.is_some() {
        answers.extend([
            (StatusCode::REQUEST_TIMEOUT, Content::Problem),
            (StatusCode::PAYLOAD_TOO_LARGE, Content::Problem),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, Content::Problem),
        ]);
    }
    answers.extend_from_slice(operation.answers);
    for (status, content) in answers {
        let mut response = json!({"description": problem::title(status)});
        if method != "HEAD" {
            response["content"] = content.describe();
        }
        responses.insert(status.as_str().to_owned(), response);
    }
    let name = operation.path.trim_start_matches('/').replace('.', "_");
    let mut described = json!({
        "operationId": format!("{}_{name}", method.to_ascii_lowercase()),
        "summary": operation.summary,
        "responses": responses,
    });
    if let Some(schema) = operation.body {
        described["requestBody"] = json!({"required": true, "content": Content::Schema(schema).describe()});
    }
    described
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gateway, service, validatord};

    #[test]
    fn names_only_schemas_that_are_there() {
        let operations = [service::operations(), validatord::operations(), gateway::operations()].concat();
        let document: Value = serde_json::from_slice(&describe("gateway", &operations)).unwrap();
        let text = document.to_string();
        let named: Vec<&str> = text.split("#/components/schemas/").skip(1).collect();
        assert!(named.len() > 10);
        for rest in named {
            let name = &rest[..rest.find('"').unwrap()];
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
        assert!(document["paths"]["/validate"]["post"]["responses"]["422"].is_object());
        assert!(document["paths"]["/status"]["head"]["responses"]["200"].is_object());
    }
}
