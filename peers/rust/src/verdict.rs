//! The answer to an artifact that passed.

use serde::Serialize;

/// What a passing verdict did not look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: &'static str,
    pub field: &'static str,
    pub message: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    pub elapsed_ms: u64,
}

impl Finding {
    pub const NO_WORKER: Self = Self {
        severity: "info",
        field: "context.worker_id",
        message: "no worker_id: consistency was not checked",
    };
    pub const NO_TARGET: Self = Self {
        severity: "info",
        field: "context.target_count",
        message: "no target_count: completeness was not checked",
    };
}
