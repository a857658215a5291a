//! Operations: the table from which the router and the OpenAPI document are both made.

use std::sync::Arc;

use axum::{extract::Request, http::StatusCode, routing::MethodRouter};
use serde_json::{Value, json};

use crate::service::{Service, not_allowed};

/// What an answer or a body holds.
#[derive(Clone, Copy)]
pub enum Content {
    Schema(&'static str),
    Problem,
    Text,
    /// A JSON object of which a schema would say nothing.
    AnyObject,
}

/// One method of one path, which has no other; GET also answers HEAD.
#[derive(Clone)]
pub struct Operation {
    pub path: &'static str,
    pub summary: &'static str,
    /// The schema of the JSON body, if one is read.
    pub body: Option<&'static str>,
    pub answers: &'static [(StatusCode, Content)],
    pub handler: MethodRouter<Arc<Service>>,
}

impl Operation {
    pub fn methods(&self) -> &'static [&'static str] {
        match self.body {
            Some(_) => &["POST"],
            None => &["GET", "HEAD"],
        }
    }

    /// The handler, which refuses every other method.
    pub fn guarded(&self) -> MethodRouter<Arc<Service>> {
        let allow = match self.body {
            Some(_) => "POST",
            None => "GET, HEAD",
        };
        self.handler
            .clone()
            .fallback(async move |request: Request| not_allowed(request, allow))
    }
}

impl Content {
    pub fn describe(self) -> Value {
        match self {
            Self::Schema(name) => json!({"application/json": {"schema": reference(name)}}),
            Self::Problem => json!({"application/problem+json": {"schema": reference("Problem")}}),
            Self::Text => json!({"text/plain": {"schema": {"type": "string"}}}),
            Self::AnyObject => json!({"application/json": {"schema": {"type": "object"}}}),
        }
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
