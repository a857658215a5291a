"""The substrates of the Go peer's vectord under sustained writes to a small index, each a live process.

Where the peer is not built these tests are skipped; with CONFORMANCE_REQUIRE_LIVE set they fail instead.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.sustained_writes import drive

PROGRAM = Path(__file__).parents[2] / "peers/go/bin/lakehouse"
LIVE_REQUIRED = os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}
SECONDS = 2

pytestmark = pytest.mark.skipif(
    not PROGRAM.exists() and not LIVE_REQUIRED, reason="the Go peer is not built: make peers"
)


@contextmanager
def vectord(substrate: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a vectord on a substrate; yields where it listens and its process."""
    argv = [str(PROGRAM), "vectord", "--port", "0", f"-substrate={substrate}"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        listening = re.search(r"listening on (http://\S+)", process.stderr.readline())
        assert listening is not None
        try:
            yield listening[1], process
        finally:
            process.terminate()


def test_bare_dies_of_the_nil_dereference() -> None:
    """Nothing recovers what panics in the goroutine that owns a graph: the daemon is gone, with the library's trace."""
    with vectord("bare") as (url, process):
        outcome = drive(url, seconds=SECONDS)
        assert process.stderr is not None
        log = process.stderr.read()

    assert not outcome.is_alive
    assert process.returncode == 2  # what a Go program exits with that panicked
    assert "invalid memory address or nil pointer dereference" in log
    assert re.search(r"hnsw\.\(\*layerNode\[\.\.\.\]\)\.search.*\n\s.*graph\.go:95", log)


def test_recover_lives_and_fails_until_an_operator_makes_the_index_anew() -> None:
    """The guard turns panics into problems of the server and mends nothing; DELETE and a new record do."""
    with vectord("recover") as (url, _):
        outcome = drive(url, seconds=SECONDS)

    upserts = outcome.operations["upsert"]
    assert upserts.failed > upserts.asked / 2
    assert upserts.first_failure.startswith('500: {"type":"about:blank","title":"Internal Server Error","status":500')
    assert outcome.operations["search"].failed > 0
    assert outcome.is_alive
    assert outcome.recovered


def test_side_store_fails_nothing() -> None:
    """With vectors beside the graph, what fails in it is mended before anybody is answered."""
    with vectord("side-store") as (url, process):
        outcome = drive(url, seconds=SECONDS)

    assert outcome.failed == 0
    assert all(tally.asked > 0 for tally in outcome.operations.values())
    assert outcome.is_alive
    assert outcome.recovered
    assert process.returncode == 0
