"""The smokes on the peers: a peer passes what it supports and answers the rest with 404."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import conformance
from tests.peers.live_peers import edited, live

pytestmark = live

SUPPORTED = {
    "rust": {"gateway-status-errors-and-limits", "validate-each-kind"},
    "go": {
        "dataset-registration",
        "embeddings",
        "exclude-ids",
        "gateway-status-errors-and-limits",
        "index-survives-restart",
        "matrix-over-two-corpora",
        "playbook-recorded-and-boosted",
        "relevance",
        "validate-each-kind",
        "vector-index-life-cycle",
        "vector-search-correctness",
    },
}


def smoked(lakehouse: Path, *runtimes: str) -> Any:
    """Run the smokes on some runtimes, all live, and return the report."""
    options = [option for name in runtimes for option in ("--runtime", name)]
    done = conformance(
        "run", "cases/smoke", *options, "--json", cwd=lakehouse, CONFORMANCE_REQUIRE_LIVE="1"
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("peer", SUPPORTED)
def test_a_peer_passes_what_it_supports_and_shows_what_it_lacks(lakehouse: Path, peer: str) -> None:
    """Every smoke is either passed, or skipped for a lack that the peer itself has shown."""
    report = smoked(lakehouse, peer)

    suites = {file.stem.replace("_", "-") for file in (lakehouse / "cases/smoke").glob("*.yaml")}
    skipped = {
        row["case_id"].split("/")[1] for row in report["cases"] if row["verdict"] == "skipped"
    }
    assert suites - skipped == SUPPORTED[peer]
    assert [
        row for row in report["cases"] if not row["reason"].endswith(", as its 404 shows")
    ] == []
    assert report["counts"]["passed"] + len(report["cases"]) == sum(report["counts"].values())
    assert (report["outcome"], report["warnings"]) == ("PARITY", [])


def test_a_lack_that_is_none_is_said(lakehouse: Path) -> None:
    """A peer that is declared without what it has answers, and a warning names the case."""
    edited(
        lakehouse / "cases/runtimes.yaml",
        "supports: [gateway, validate, catalog, ingest, vectors, embed, matrix]",
        "supports: [gateway, validate, catalog, ingest, vectors, embed]",
    )

    report = smoked(lakehouse, "go")

    said = "go is declared not to support matrix, but answers 200"
    assert report["warnings"] == [
        f"smoke/{suite}/{case}: {said}"
        for suite, case in (
            ("exclude-ids", "the-second-answer-has-nobody-of-the-first"),
            ("matrix-over-two-corpora", "one-list-of-two-corpora"),
            ("playbook-recorded-and-boosted", "cold-recorded-warm"),
            ("relevance", "rated-in-their-order"),
        )
    ]


def test_all_runtimes_agree(lakehouse: Path) -> None:
    """The whole reference, Rust and Go: no smoke fails, and where two answer they answer alike."""
    report = smoked(lakehouse, "stack", "rust", "go")

    assert report["groups"] == []
    assert report["counts"]["passed"] == sum(report["counts"].values())
    assert (report["outcome"], report["warnings"]) == ("PARITY", [])
