"""Substrates of the Go peer's vectord under sustained writes to a small index.

Each is a live process.
"""

import re
from contextlib import AbstractContextManager
from subprocess import Popen

import pytest

from tests.peers.live_peers import GO, live, started
from tests.peers.sustained_writes import ThroughMatrixd, drive

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


@pytest.mark.parametrize("substrate", ["side-store", "cells"])
def test_a_substrate_that_holds_fails_nothing(substrate: str) -> None:
    """With vectors beside the graph, or without one, nobody sees a failure."""
    with vectord(substrate) as (url, process):
        outcome = drive(url, seconds=SECONDS)

    assert outcome.failed == 0
    assert all(tally.asked > 0 for tally in outcome.operations.values())
    assert outcome.is_alive
    assert outcome.recovered
    assert process.returncode == 0


def test_playbooks_through_matrixd_on_bare_end_the_daemon() -> None:
    """The path on which the original broke: records replace, and the graph loses a node."""
    with started(GO, "serve", "-substrate=bare") as (url, process):
        outcome = drive(url, seconds=SECONDS, way=ThroughMatrixd())

    assert not outcome.is_alive
    assert process.returncode == 2  # what a Go program exits with that panicked


def test_playbooks_through_matrixd_on_recover_fail_until_the_index_is_deleted() -> None:
    """Records and warm searches are problems of the server; the next record makes the index."""
    with started(GO, "serve", "-substrate=recover") as (url, _):
        outcome = drive(url, seconds=SECONDS, way=ThroughMatrixd())

    for kind, path in (("upsert", "/v1/matrix/playbooks/record"), ("search", "/v1/matrix/search")):
        tally = outcome.operations[kind]
        assert tally.failed > tally.asked / 2
        assert '"status":500,"detail":"the index failed: ' in tally.first_failure
        assert tally.first_failure.endswith(f'"instance":"{path}"}}')
    assert outcome.is_alive
    assert outcome.recovered


@pytest.mark.parametrize("substrate", ["side-store", "cells"])
def test_playbooks_through_matrixd_hold(substrate: str) -> None:
    """No record, search or deletion fails, and a deleted index comes back by the next record."""
    with started(GO, "serve", f"-substrate={substrate}") as (url, process):
        outcome = drive(url, seconds=SECONDS, way=ThroughMatrixd())

    assert outcome.failed == 0
    assert all(tally.asked > 0 for tally in outcome.operations.values())
    assert outcome.is_alive
    assert outcome.recovered
    assert process.returncode == 0
