//! The roster: the workers who exist. From a request's context or from the configured file.

use std::path::Path;

use crate::json::{Json, Object};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    pub worker_id: String,
    pub name: String,
    pub status: String,
    pub city: String,
    pub state: String,
    pub role: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster(Vec<Worker>);

impl Roster {
    /// Read a roster; `place` names it in the error's sentence.
    pub fn read(json: &Json, place: &str) -> Result<Self, String> {
        let entries = json.as_array().ok_or_else(|| format!("{place} must be a list"))?;
        let workers = entries.iter().enumerate().map(|(index, entry)| {
            let place = format!("{place}[{index}]");
            let entry = entry.as_object().ok_or_else(|| format!("{place} must be an object"))?;
            Worker::read(entry, &place)
        });
        Ok(Self(workers.collect::<Result<_, _>>()?))
    }

    pub fn load(file: &Path) -> Result<Self, String> {
        let blame = |error: String| format!("{}: {error}", file.display());
        let bytes = std::fs::read(file).map_err(|error| blame(error.to_string()))?;
        let json = Json::parse(&bytes).map_err(|error| blame(error.to_string()))?;
        Self::read(&json, "roster").map_err(blame)
    }

    /// The first worker under this id.
    pub fn find(&self, worker_id: &str) -> Option<&Worker> {
        self.0.iter().find(|worker| worker.worker_id == worker_id)
    }
}

impl Worker {
    fn read(entry: &Object, place: &str) -> Result<Self, String> {
        let member = |name: &str| {
            entry
                .get(name)
                .and_then(Json::as_str)
                .map(str::to_owned)
                .ok_or_else(|| format!("{place}.{name} must be a string"))
        };
        Ok(Self {
            worker_id: member("worker_id")?,
            name: member("name")?,
            status: member("status")?,
            city: member("city")?,
            state: member("state")?,
            role: member("role")?,
        })
    }

    /// The name up to its first space.
    pub fn first_name(&self) -> &str {
        self.name.split_once(' ').map_or(&self.name, |(first, _)| first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Roster, String> {
        Roster::read(&Json::parse(text.as_bytes()).unwrap(), "roster")
    }

    #[test]
    fn the_first_entry_counts() {
        let entry = |name: &str| {
            format!(r#"{{"worker_id":"W1","name":"{name}","status":"active","city":"","state":"","role":"","more":1}}"#)
        };
        let roster = read(&format!("[{},{}]", entry("Ana Maria Ruiz"), entry("Bo"))).unwrap();
        assert_eq!(roster.find("W1").unwrap().first_name(), "Ana");
        assert_eq!(roster.find("W2"), None);
    }

    #[test]
    fn names_the_place_of_a_fault() {
        assert_eq!(read("{}").unwrap_err(), "roster must be a list");
        assert_eq!(read("[1]").unwrap_err(), "roster[0] must be an object");
        assert_eq!(
            read(r#"[{"worker_id":"W1","name":null}]"#).unwrap_err(),
            "roster[0].name must be a string"
        );
    }
}
