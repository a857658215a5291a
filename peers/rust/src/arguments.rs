//! The command line: `--port N [--host ADDRESS] [--roster FILE]`, each also as `--name=value`.

use std::path::PathBuf;

const USAGE: &str = "usage: validatord --port N [--host 127.0.0.1] [--roster FILE.json]";

#[derive(Debug, PartialEq)]
pub struct Arguments {
    pub host: String,
    /// 0 takes any free port.
    pub port: u16,
    pub roster: Option<PathBuf>,
}

impl Arguments {
    /// Parse the arguments after the program's name; the error is a line for a person.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut host = "127.0.0.1".to_owned();
        let mut port = None;
        let mut roster = None;
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            if !matches!(name.as_str(), "--host" | "--port" | "--roster") {
                return Err(format!("unknown argument {name}; {USAGE}"));
            }
            let value = value
                .or_else(|| words.next())
                .ok_or_else(|| format!("{name} needs a value; {USAGE}"))?;
            match name.as_str() {
                "--host" => host = value,
                "--roster" => roster = Some(PathBuf::from(value)),
                _ => port = Some(value.parse().map_err(|_| format!("{value} is not a port"))?),
            }
        }
        let port = port.ok_or_else(|| format!("--port is required; {USAGE}"))?;
        Ok(Self { host, port, roster })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_both_spellings() {
        let expected = Arguments {
            host: "::1".to_owned(),
            port: 7,
            roster: Some(PathBuf::from("r.json")),
        };
        assert_eq!(parse("--port 7 --host ::1 --roster r.json"), Ok(expected));
        assert_eq!(parse("--port=0").unwrap().port, 0);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in ["", "--port", "--port x", "--port 65536", "--port 1 --wire serde", "7"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
