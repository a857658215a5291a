"""Everything that can go wrong in an exchange has one name, within the budget and in bounded memory."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.model.observation import Fault, FaultKind
from conformance.runner.limits import Limits
from tests.miniatures import faulty
from tests.miniatures.server import Script, always, serve, serve_connections, serve_script
from tests.runner.asking import BUDGET_MS, GET, LIMITS, ask

TOLERANCE_S = 0.5
BY_KIND: dict[tuple[FaultKind, str], list[str]] = {
    (FaultKind.TIMEOUT_IDLE, "headers"): ["hangs_before_headers", "hangs_in_headers", "drips_status"],
    (FaultKind.TIMEOUT_IDLE, "body"): ["hangs_in_body"],
    (FaultKind.TIMEOUT_TOTAL, "headers"): ["drips_headers"],
    (FaultKind.TIMEOUT_TOTAL, "body"): ["drips_body", "drips_chunks", "drips_trailers"],
    (FaultKind.CLOSED_BEFORE_RESPONSE, "headers"): ["closes_at_once"],
    (FaultKind.CLOSED_IN_HEADERS, "headers"): ["closes_in_status", "closes_in_headers", "closes_after_informational"],
    (FaultKind.TRUNCATED_BODY, "body"): ["truncates_body", "truncates_chunk", "omits_last_chunk"],
    (FaultKind.RESET, "headers"): ["resets"],
    (FaultKind.RESET, "body"): ["resets_in_body"],
    (FaultKind.NOT_HTTP, "headers"): ["speaks_ssh", "speaks_tls", "speaks_http_09", "speaks_lower_case"],
    (FaultKind.PROTOCOL_ERROR, "body"): ["bad_chunk_size", "chunk_longer_than_its_size", "endless_chunk_line"],
    (FaultKind.PROTOCOL_ERROR, "headers"): [
        "negative_length",
        "plus_length",
        "two_lengths",
        "length_and_chunked",
        "unknown_transfer_coding",
        "answers_101",
        "answers_099",
        "answers_20",
        "speaks_http_3",
        "nul_in_header",
        "folded_header",
        "bare_line_feeds",
        "space_before_colon",
    ],
    (FaultKind.HEADERS_TOO_LARGE, "headers"): ["huge_header", "endless_headers"],
    (FaultKind.TOO_MANY_HEADERS, "headers"): ["many_headers"],
    (FaultKind.BODY_TOO_LARGE, "body"): ["endless_body", "endless_chunks", "huge_declared_length", "huge_chunk_size"],
    (FaultKind.DECODED_TOO_LARGE, "body"): ["gzip_bomb"],
    (FaultKind.BAD_CONTENT_ENCODING, "body"): ["broken_gzip", "cut_gzip", "double_gzip"],
    (FaultKind.INFORMATIONAL_FLOOD, "headers"): ["floods_informational"],
}
FAULTS = [
    pytest.param(getattr(faulty, name), kind, phase, id=name)
    for (kind, phase), names in BY_KIND.items()
    for name in names
]
GREEDY = [
    "endless_body",
    "endless_chunks",
    "endless_headers",
    "endless_chunk_line",
    "gzip_bomb",
    "floods_informational",
]


def timed_fault(url: str, limits: Limits = LIMITS) -> Fault:
    """Ask once; the fault must come within the budget and tell how long it took."""
    started = time.monotonic()
    seen = ask(url, GET, limits)
    took_s = time.monotonic() - started
    assert isinstance(seen, Fault), seen
    assert took_s < BUDGET_MS / 1000 + TOLERANCE_S
    assert seen.elapsed_ms <= took_s * 1000
    assert seen.detail
    return seen


@pytest.mark.parametrize(("script", "kind", "phase"), FAULTS)
def test_each_fault_has_its_name(script: Script, kind: FaultKind, phase: str) -> None:
    """A server that misbehaves in one way yields exactly that fault, in the phase where it happened, in time."""
    with serve_script(script) as url:
        fault = timed_fault(url)
    assert (fault.kind, fault.phase) == (kind, phase)


def test_budget_ends_before_patience() -> None:
    """A budget that is shorter than the longest silence allowed is the one that counts."""
    with serve_script(faulty.hangs_before_headers) as url:
        fault = timed_fault(url, replace(LIMITS, idle_ms=60_000))
    assert (fault.kind, fault.phase) == (FaultKind.TIMEOUT_TOTAL, "headers")


@pytest.mark.parametrize(("kind", "miniature"), faulty.UNREACHABLE.items(), ids=list(faulty.UNREACHABLE))
def test_unreachable(kind: str, miniature: Callable[[], AbstractContextManager[str]]) -> None:
    """A runtime that cannot be connected to is a fault of the connect phase."""
    with miniature() as url:
        fault = timed_fault(url)
    assert (fault.kind, fault.phase) == (FaultKind(kind), "connect")


def test_plain_text_where_tls_is_wanted() -> None:
    """A server without TLS behind an https URL fails the handshake."""
    with serve_connections(faulty.closes_the_handshake) as url:
        fault = timed_fault(url.replace("http:", "https:"))
    assert (fault.kind, fault.phase) == (FaultKind.TLS_FAILED, "connect")


def test_every_kind_has_a_miniature() -> None:
    """No fault of the wire is without a server that shows it."""
    shown = {kind for kind, _ in BY_KIND} | {FaultKind(kind) for kind in faulty.UNREACHABLE} | {FaultKind.TLS_FAILED}
    elsewhere = {FaultKind.RUNTIME_CRASHED, FaultKind.NO_ANSWER_RECORDED}
    assert shown | elsewhere == set(FaultKind)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs /proc to reset the peak of memory")
@pytest.mark.parametrize("name", GREEDY)
def test_memory_stays_bounded(name: str) -> None:
    """However much a server sends, the process grows by little more than the bounds."""
    with serve_script(getattr(faulty, name)) as url:
        before_kib = reset_peak_kib()
        timed_fault(url)
        assert peak_kib() - before_kib < 16 << 10


def reset_peak_kib() -> int:
    Path("/proc/self/clear_refs").write_text("5")
    return peak_kib()


def peak_kib() -> int:
    found = re.search(r"VmHWM:\s+([0-9]+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


def test_next_exchange_after_a_fault_is_clean() -> None:
    """A fault does not stick to the client: the connection is dropped and the next server is asked afresh."""
    with serve_script(faulty.truncates_body) as bad, serve(always({})) as good:
        assert isinstance(ask(bad), Fault)
        assert not isinstance(ask(good), Fault)
