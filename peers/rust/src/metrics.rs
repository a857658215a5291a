//! Metrics in the Prometheus text format.
//!
//! In: one note per answered request. Out: sorted text. Labels come from closed sets: paths of routes, known methods,
//! statuses.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The route of a path that no route has.
pub const UNKNOWN_ROUTE: &str = "unknown";

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Bounds of the latency histogram, in seconds.
const BOUNDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

#[derive(Debug, Default)]
struct Histogram {
    /// One for each bound and one beyond.
    buckets: [u64; BOUNDS.len() + 1],
    seconds: f64,
}

#[derive(Debug)]
pub struct Metrics {
    started: f64,
    requests: BTreeMap<(String, &'static str, u16), u64>,
    latencies: BTreeMap<String, Histogram>,
}

impl Metrics {
    pub fn new() -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            started: started.as_secs_f64(),
            requests: BTreeMap::new(),
            latencies: BTreeMap::new(),
        }
    }

    /// Count one answered request.
    pub fn note(&mut self, route: &str, method: &str, status: u16, took: Duration) {
        let method = METHODS.iter().find(|known| **known == method).unwrap_or(&"OTHER");
        *self.requests.entry((route.to_owned(), method, status)).or_default() += 1;
        let latency = self.latencies.entry(route.to_owned()).or_default();
        let seconds = took.as_secs_f64();
        latency.buckets[BOUNDS.partition_point(|bound| *bound < seconds)] += 1;
        latency.seconds += seconds;
    }

    pub fn text(&self, service: &str, version: &str) -> String {
        let mut text = String::new();
        self.write(&mut text, service, version)
            .expect("a string takes everything");
        text
    }

    fn write(&self, text: &mut String, service: &str, version: &str) -> std::fmt::Result {
        head(text, "daemon_info", "gauge", "The service and its version.")?;
        writeln!(text, "daemon_info{{service=\"{service}\",version=\"{version}\"}} 1")?;
        let name = "http_requests_total";
        head(text, name, "counter", "Requests answered, by route, method and status.")?;
        for ((route, method, status), count) in &self.requests {
            writeln!(
                text,
                "{name}{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
            )?;
        }
        let name = "http_request_duration_seconds";
        head(
            text,
            name,
            "histogram",
            "Time from the head of a request to its answer.",
        )?;
        for (route, latency) in &self.latencies {
            latency.write(text, name, route)?;
        }
        let name = "process_resident_memory_bytes";
        head(text, name, "gauge", "Resident memory of the process.")?;
        writeln!(text, "{name} {}", resident_bytes())?;
        let name = "process_start_time_seconds";
        head(text, name, "gauge", "Start of the process in seconds since the epoch.")?;
        writeln!(text, "{name} {:.3}", self.started)
    }
}

impl Histogram {
    fn write(&self, text: &mut String, name: &str, route: &str) -> std::fmt::Result {
        let mut sum = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            sum += count;
            let bound = BOUNDS.get(index).map_or("+Inf".to_owned(), f64::to_string);
            writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"{bound}\"}} {sum}")?;
        }
        writeln!(text, "{name}_sum{{route=\"{route}\"}} {:.6}", self.seconds)?;
        writeln!(text, "{name}_count{{route=\"{route}\"}} {sum}")
    }
}

/// Read the resident memory of this process (Linux), 0 where the system does not say.
fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kibibytes = status.lines().find_map(|line| {
        let size = line.strip_prefix("VmRSS:")?;
        size.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    });
    kibibytes.unwrap_or_default() * 1024
}

fn head(text: &mut String, name: &str, kind: &str, meaning: &str) -> std::fmt::Result {
    writeln!(text, "# HELP {name} {meaning}\n# TYPE {name} {kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_route_method_and_status() {
        let mut metrics = Metrics::new();
        metrics.note("/validate", "POST", 422, Duration::from_millis(2));
        metrics.note("/validate", "POST", 422, Duration::from_secs(60));
        metrics.note(UNKNOWN_ROUTE, "BREW", 404, Duration::ZERO);
        let text = metrics.text("gateway", "9");
        for line in [
            r#"daemon_info{service="gateway",version="9"} 1"#,
            r#"http_requests_total{route="/validate",method="POST",status="422"} 2"#,
            r#"http_requests_total{route="unknown",method="OTHER",status="404"} 1"#,
            r#"http_request_duration_seconds_bucket{route="/validate",le="0.001"} 0"#,
            r#"http_request_duration_seconds_bucket{route="/validate",le="0.0025"} 1"#,
            r#"http_request_duration_seconds_bucket{route="/validate",le="10"} 1"#,
            r#"http_request_duration_seconds_bucket{route="/validate",le="+Inf"} 2"#,
            r#"http_request_duration_seconds_sum{route="/validate"} 60.002000"#,
            r#"http_request_duration_seconds_count{route="unknown"} 1"#,
        ] {
            assert!(text.lines().any(|written| written == line), "no {line} in\n{text}");
        }
        assert!(resident_bytes() > 0);
    }
}
