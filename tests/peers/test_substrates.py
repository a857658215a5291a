"""Substrates of the Go peer's vectord under sustained writes to a small index.

Each is a live process.
"""

import re
from contextlib import AbstractContextManager
from subprocess import Popen

from tests.peers.live_peers import GO, live, started
from tests.peers.sustained_writes import drive

SECONDS = 2

pytestmark = live


def vectord(substrate: str) -> AbstractContextManager[tuple[str, Popen[str]]]:
    """Start a vectord on a substrate."""
    return started(GO, "vectord", f"-substrate={substrate}")


def test_bare_dies_of_the_nil_dereference() -> None:
    """A panic in the goroutine that owns a graph ends the daemon with the library's trace.

    Nothing recovers it.
    """
    with vectord("bare") as (url, process):
        outcome = drive(url, seconds=SECONDS)
        assert process.stderr is not None
        log = process.stderr.read()

    assert not outcome.is_alive
    assert process.returncode == 2  # what a Go program exits with that panicked
    assert "invalid memory address or nil pointer dereference" in log
    assert re.search(r"hnsw\.\(\*layerNode\[\.\.\.\]\)\.search.*\n\s.*graph\.go:95", log)


def test_recover_lives_and_fails_until_an_operator_makes_the_index_anew() -> None:
    """The guard turns panics into problems of the server and fixes nothing.

    DELETE and a new record do.
    """
    with vectord("recover") as (url, _):
        outcome = drive(url, seconds=SECONDS)

    upserts = outcome.operations["upsert"]
    assert upserts.failed > upserts.asked / 2
    assert upserts.first_failure.startswith(
        '500: {"type":"about:blank","title":"Internal Server Error","status":500'
    )
    assert outcome.operations["search"].failed > 0
    assert outcome.is_alive
    assert outcome.recovered


def test_side_store_fails_nothing() -> None:
    """With vectors beside the graph, what fails in it is fixed before anybody is answered."""
    with vectord("side-store") as (url, process):
        outcome = drive(url, seconds=SECONDS)

    assert outcome.failed == 0
    assert all(tally.asked > 0 for tally in outcome.operations.values())
    assert outcome.is_alive
    assert outcome.recovered
    assert process.returncode == 0
