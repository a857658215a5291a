"""Metrics, request ids and log lines: what a daemon tells of its work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference_impl.conftest import LiveDaemon

SAMPLE = re.compile(r"[a-z_]+(\{([a-z]+=\"[^\"\\]*\",?)+\})? [0-9.e+-]+")


def metrics_of(daemon: LiveDaemon) -> list[str]:
    """Read the metrics as lines."""
    answer = daemon.ask("GET", "/metrics")
    assert answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8"
    return answer.body.decode().splitlines()


def test_requests_are_counted_by_route_and_status(
    start_validatord: Callable[..., LiveDaemon],
) -> None:
    """Both prefixes count for one route.

    Unknown paths and unreadable requests each have one label.
    """
    daemon = start_validatord()
    assert daemon.document
    for index in range(3):
        daemon.post(
            {"kind": "sms", "artifact": {"to": "x", "body": "y"}},
            "/validate" if index else "/v1/validate",
        )
        daemon.ask("GET", f"/nope/{index}")
        daemon.ask("PUT", "/validate")
    with daemon.connect() as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        daemon.read(connection)
    lines = metrics_of(daemon)

    assert 'http_requests_total{route="/validate",method="POST",status="200"} 3' in lines
    assert 'http_requests_total{route="/validate",method="PUT",status="405"} 3' in lines
    assert 'http_requests_total{route="unknown",method="GET",status="404"} 3' in lines
    assert 'http_requests_total{route="unparsed",method="unparsed",status="400"} 1' in lines
    assert 'http_request_duration_seconds_count{route="/validate"} 6' in lines
    assert 'http_request_duration_seconds_bucket{route="/validate",le="+Inf"} 6' in lines
    assert 'daemon_info{service="validatord",version="0.1.0"} 1' in lines
    assert not any("nope" in line for line in lines)


def test_the_text_is_prometheus(validatord: LiveDaemon) -> None:
    """Each line is a comment or a sample; each sample's family has its type; buckets only grow."""
    validatord.ask("GET", "/metrics")
    lines = metrics_of(validatord)
    families = {line.split()[2] for line in lines if line.startswith("# TYPE ")}
    samples = [line for line in lines if not line.startswith("#")]

    assert all(SAMPLE.fullmatch(line) for line in samples)
    names = {re.sub(r"_(bucket|sum|count)$", "", re.split(r"[{ ]", line)[0]) for line in samples}
    assert names <= families
    first = 'http_request_duration_seconds_bucket{route="/metrics"'
    buckets = [int(line.split()[-1]) for line in samples if line.startswith(first)]
    assert buckets == sorted(buckets)
    assert buckets


def test_gauges(validatord: LiveDaemon) -> None:
    """Resident memory and start time are this process's own."""
    gauges = dict(
        line.rsplit(" ", 1) for line in metrics_of(validatord) if not line.startswith("#")
    )

    rss_bytes = validatord.memory_bytes("VmRSS")
    assert 0.5 * rss_bytes < float(gauges["process_resident_memory_bytes"]) < 2 * rss_bytes
    assert float(gauges["process_start_time_seconds"]) > 1.7e9
    assert gauges["validatord_roster_workers"] == "0"


def test_methods_make_no_new_labels(validatord: LiveDaemon) -> None:
    """A method from outside the usual ones is counted as another."""
    validatord.ask("PROPFIND", "/health")

    assert not any("PROPFIND" in line for line in metrics_of(validatord))


@pytest.mark.parametrize("sent", ["abc", "A-1_b.c:/+=@", "x" * 128])
def test_a_safe_request_id_is_echoed_and_logged(validatord: LiveDaemon, sent: str) -> None:
    """On success and on errors alike."""
    for path, status in (("/health", 200), ("/nope", 404)):
        answer = validatord.ask("GET", path, headers={"x-request-id": sent})

        assert answer.header("x-request-id") == sent
        line = validatord.wait_for_log(request_id=sent, path=path)
        assert (line["method"], line["status"], line["service"]) == ("GET", status, "validatord")


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "é", '"', "a\tb", None])
def test_any_other_request_id_is_replaced(validatord: LiveDaemon, sent: str | None) -> None:
    """Nothing unsafe is echoed; every answer has an id, and no two have the same."""
    headers = {} if sent is None else {"x-request-id": sent}
    ids = {
        validatord.ask("GET", "/health", headers=headers).header("x-request-id") for _ in range(2)
    }

    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", made or "") for made in ids)
