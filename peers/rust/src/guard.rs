//! What keeps web pages away.
//!
//! A browser sends requests for any page that a person looks at, also to addresses that only this machine reaches. Two
//! headers that no page can choose tell them from requests of programs. Host names the server as the page's URL does: a
//! page whose own name was made to mean this machine is found out by it. Origin names the page that asks. Ports are not
//! compared: a forwarded port is another one to its caller.

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv6Addr},
};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, StatusCode, Version, header},
};

use crate::{listener::Arrival, problem::Problem, target};

/// The hosts as which a server answers, besides loopback names and the address of the connection.
pub struct Guard {
    allowed: HashSet<String>,
}

impl Guard {
    pub fn new<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Self {
        let allowed = hosts.into_iter().map(plain).collect();
        Self { allowed }
    }

    /// Refuse a request that a foreign page may have sent.
    pub fn judge(&self, request: &Request) -> Result<(), Problem> {
        if arrival(request).is_some_and(|arrival| arrival.has_fragment(request)) {
            let detail = "the target of the request holds a fragment: '#' stands for itself as %23";
            return Err(Problem::bad_request(detail));
        }
        if !target::is_well_formed(request.uri().path()) {
            let detail = "a '%' in the path is not followed by two hexadecimal digits: it stands for itself as %25";
            return Err(Problem::bad_request(detail));
        }
        let host = self.host(request)?;
        let origins = all(request.headers(), header::ORIGIN);
        let is_own = |origin: &str| {
            host.as_ref().is_some_and(|host| {
                ["http://", "https://"]
                    .iter()
                    .any(|scheme| origin.eq_ignore_ascii_case(&format!("{scheme}{host}")))
            })
        };
        match origins.as_slice() {
            [] => Ok(()),
            [Some(origin)] if is_own(origin) => Ok(()),
            _ => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "the Origin header names a page of another server; only this daemon's own may ask",
            )),
        }
    }

    /// The one host of a request, as it was sent; HTTP/1.0 need not name one. A target that names its host overrules the
    /// header (RFC 9112, section 3.2.2).
    fn host(&self, request: &Request) -> Result<Option<String>, Problem> {
        let sent = match request.uri().authority() {
            Some(authority) => vec![Some(authority.as_str())],
            None => all(request.headers(), header::HOST),
        };
        if sent.is_empty() && request.version() == Version::HTTP_10 {
            return Ok(None);
        }
        let [Some(sent)] = sent.as_slice() else {
            return Err(no_host());
        };
        let host = plain(split_port(sent).ok_or_else(no_host)?);
        if self.allowed.contains(&host) || is_loopback(&host) || Some(host) == reached_at(request) {
            return Ok(Some((*sent).to_owned()));
        }
        Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "the Host header names another server; --allowed-hosts can allow it here",
        ))
    }
}

fn no_host() -> Problem {
    Problem::bad_request("the request must have one Host header, a host and perhaps a port")
}

/// All values of a header; None is one that is no visible ASCII.
fn all(headers: &HeaderMap, name: HeaderName) -> Vec<Option<&str>> {
    headers.get_all(name).iter().map(|value| value.to_str().ok()).collect()
}

/// The host of `host[:port]`, if that is what it is.
fn split_port(sent: &str) -> Option<&str> {
    let end = match sent.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => sent.find(':').unwrap_or(sent.len()),
    };
    let (host, port) = sent.split_at(end);
    let is_port = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let is_host = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|address| {
            address
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
        }),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        }
    };
    (is_port && is_host).then_some(host)
}

fn reached_at(request: &Request) -> Option<String> {
    let address = arrival(request)?.address?;
    Some(address.ip().to_canonical().to_string())
}

fn arrival(request: &Request) -> Option<&Arrival> {
    let ConnectInfo(arrival) = request.extensions().get()?;
    Some(arrival)
}

fn is_loopback(host: &str) -> bool {
    let is_address = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_address || host == "localhost" || host.ends_with(".localhost")
}

/// A host in one spelling: lower case, addresses as Rust writes them, IPv4 out of IPv6.
fn plain(host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    match bare.parse::<Ipv6Addr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => bare,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// The status of a refusal, 200 for none; each line is a header.
    fn judged(target: &str, lines: &[(&str, &str)]) -> u16 {
        let mut request = axum::http::Request::builder().uri(target);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let refusal = Guard::new(["Lake.example"]).judge(&request).err();
        refusal.map_or(200, |problem| problem.status.as_u16())
    }

    #[test]
    fn answers_as_itself_only() {
        for host in [
            "localhost",
            "LocalHost:1",
            "a.localhost",
            "127.9.9.9:80",
            "[::1]:1",
            "[::ffff:127.0.0.1]",
            "lake.EXAMPLE:8080",
        ] {
            assert_eq!(judged("/", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "www.lake.example",
            "10.0.0.1",
            "[::2]",
        ] {
            assert_eq!(judged("/", &[("host", host)]), 421, "{host}");
        }
        for host in [
            "",
            "a b",
            "user@localhost",
            "localhost:",
            "localhost:x",
            "localhost:123456",
            "[::1",
            "localhost/",
        ] {
            assert_eq!(judged("/", &[("host", host)]), 400, "{host}");
        }
        assert_eq!(judged("/", &[]), 400);
        assert_eq!(judged("/", &[("host", "localhost"), ("host", "localhost")]), 400);
        assert_eq!(judged("http://evil.example/", &[("host", "localhost")]), 421);
        assert_eq!(judged("http://localhost/", &[("host", "evil.example")]), 200);
    }

    #[test]
    fn lets_its_own_pages_ask() {
        let from = |origin| judged("/", &[("host", "localhost:1"), ("origin", origin)]);
        assert_eq!(from("http://localhost:1"), 200);
        assert_eq!(from("https://LOCALHOST:1"), 200);
        for origin in [
            "http://localhost:2",
            "http://localhost",
            "http://evil.example",
            "null",
            "",
        ] {
            assert_eq!(from(origin), 403, "{origin}");
        }
        let twice = [
            ("host", "localhost"),
            ("origin", "http://localhost"),
            ("origin", "http://localhost"),
        ];
        assert_eq!(judged("/", &twice), 403);
    }
}
