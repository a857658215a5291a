//! The roster: the workers who exist. From a request's context or from the configured file.

use std::path::Path;

use crate::{
    faults::{Faults, below},
    json::{Json, Object},
};

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
    /// Read a roster at a pointer; what is wrong with it is noted.
    pub fn read(json: &Json, pointer: &str, faults: &mut Faults) -> Self {
        let Some(entries) = json.as_array() else {
            faults.note(pointer, "expected an array");
            return Self::default();
        };
        let workers = entries.iter().enumerate().filter_map(|(index, entry)| {
            let pointer = format!("{pointer}/{index}");
            let entry = faults.object(&pointer, entry)?;
            Some(Worker::read(entry, &pointer, faults))
        });
        Self(workers.collect())
    }

    pub fn load(file: &Path) -> Result<Self, String> {
        let blame = |error: String| format!("{}: {error}", file.display());
        let bytes = std::fs::read(file).map_err(|error| blame(error.to_string()))?;
        let json = Json::parse(&bytes).map_err(|error| blame(error.to_string()))?;
        let mut faults = Faults::default();
        let roster = Self::read(&json, "", &mut faults);
        if faults.is_empty() {
            Ok(roster)
        } else {
            Err(blame(faults.sentence()))
        }
    }

    /// The first worker under this id.
    pub fn find(&self, worker_id: &str) -> Option<&Worker> {
        self.0.iter().find(|worker| worker.worker_id == worker_id)
    }
}

impl Worker {
    /// Read an entry, which may have more members.
    fn read(entry: &Object, pointer: &str, faults: &mut Faults) -> Self {
        let mut member = |name: &str| {
            let text = faults
                .required(pointer, entry, name)
                .and_then(|json| faults.text(&below(pointer, name), json));
            text.unwrap_or_default()
        };
        Self {
            worker_id: member("worker_id"),
            name: member("name"),
            status: member("status"),
            city: member("city"),
            state: member("state"),
            role: member("role"),
        }
    }

    /// The name up to its first space.
    pub fn first_name(&self) -> &str {
        self.name.split_once(' ').map_or(&self.name, |(first, _)| first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Roster, String) {
        let mut faults = Faults::default();
        let roster = Roster::read(&Json::parse(text.as_bytes()).unwrap(), "", &mut faults);
        (roster, faults.sentence())
    }

    #[test]
    fn the_first_entry_counts() {
        let entry = |name: &str| {
            format!(r#"{{"worker_id":"W1","name":"{name}","status":"active","city":"","state":"","role":"","more":1}}"#)
        };
        let (roster, faults) = read(&format!("[{},{}]", entry("Ana Maria Ruiz"), entry("Bo")));
        assert_eq!(faults, "");
        assert_eq!(roster.find("W1").unwrap().first_name(), "Ana");
        assert_eq!(roster.find("W2"), None);
    }

    #[test]
    fn names_the_place_of_each_fault() {
        assert_eq!(read("{}").1, "(the whole document): expected an array");
        let entry = r#"{"worker_id":"W1","name":null,"status":"","city":"","state":""}"#;
        assert_eq!(
            read(&format!("[1,{entry}]")).1,
            "/0: expected an object; /1/name: expected a string; /1/role: the member is missing"
        );
    }
}
