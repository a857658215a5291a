//! The command line: `COMMAND --port N [--host ADDRESS] [--allowed-hosts HOST,…] [--roster FILE]`, each flag also as `--name=value`.

use std::path::PathBuf;

const USAGE: &str =
    "usage: lakehouse serve|validatord --port N [--host 127.0.0.1] [--allowed-hosts HOST,...] [--roster FILE.json]";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The gateway and all daemons, on one port.
    Serve,
    Validatord,
}

#[derive(Debug, PartialEq)]
pub struct Arguments {
    pub command: Command,
    pub host: String,
    /// Hosts that it may be asked as, besides loopback names and its address.
    pub allowed_hosts: Vec<String>,
    /// 0 takes any free port.
    pub port: u16,
    pub roster: Option<PathBuf>,
}

impl Arguments {
    /// Parse the arguments after the program's name; the error is a line for a person.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let command = match words.next().as_deref() {
            Some("serve") => Command::Serve,
            Some("validatord") => Command::Validatord,
            Some(other) => return Err(format!("unknown command {other}; {USAGE}")),
            None => return Err(format!("a command is required; {USAGE}")),
        };
        let mut host = "127.0.0.1".to_owned();
        let mut allowed_hosts = Vec::new();
        let mut port = None;
        let mut roster = None;
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            if !matches!(name.as_str(), "--host" | "--allowed-hosts" | "--port" | "--roster") {
                return Err(format!("unknown argument {name}; {USAGE}"));
            }
            let value = value
                .or_else(|| words.next())
                .ok_or_else(|| format!("{name} needs a value; {USAGE}"))?;
            match name.as_str() {
                "--host" => host = value,
                "--allowed-hosts" => allowed_hosts = value.split(',').map(|host| host.trim().to_owned()).collect(),
                "--roster" => roster = Some(PathBuf::from(value)),
                _ => port = Some(value.parse().map_err(|_| format!("{value} is not a port"))?),
            }
        }
        let port = port.ok_or_else(|| format!("--port is required; {USAGE}"))?;
        Ok(Self {
            command,
            host,
            allowed_hosts,
            port,
            roster,
        })
    }

    /// The hosts as which the daemon answers.
    pub fn answers_as(&self) -> impl Iterator<Item = &str> {
        let allowed = self.allowed_hosts.iter().map(String::as_str);
        std::iter::once(self.host.as_str()).chain(allowed)
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
            command: Command::Validatord,
            host: "::1".to_owned(),
            allowed_hosts: vec!["a".to_owned(), "b".to_owned()],
            port: 7,
            roster: Some(PathBuf::from("r.json")),
        };
        assert_eq!(
            parse("validatord --port 7 --host ::1 --allowed-hosts a,b --roster r.json"),
            Ok(expected)
        );
        assert_eq!(parse("serve --port=0").unwrap().port, 0);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in [
            "",
            "--port 0",
            "vectord --port 0",
            "serve",
            "serve --port",
            "serve --port x",
            "serve --port 65536",
            "serve --port 1 --wire serde",
            "serve 7",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
