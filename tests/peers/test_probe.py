"""The parity probe on live Python, Rust and Go runtimes: their difference and its decision.

Where the peers are not built these tests are skipped; with CONFORMANCE_REQUIRE_LIVE set they fail
instead.
"""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.peers.live_peers import GO, ROOT, RUST, edited, live


def go_writes(lakehouse: Path, form: str) -> None:
    """Start the Go runtime with another wire form of its errors."""
    edited(lakehouse / "cases/runtimes.yaml", f"{GO}, serve, ", f"{GO}, serve, -wire={form}, ")


@live
def test_the_probe_is_parity_with_one_known_cause(lakehouse: Path) -> None:
    """The probe has one cause, covered by D-001, with Go as the odd one out.

    It shows six equal status codes and five divergent shapes.
    """
    done = conformance(
        "run", "cases/validatord", "--json", cwd=lakehouse, CONFORMANCE_REQUIRE_LIVE="1"
    )

    report = json.loads(done.stdout)
    assert report["headline"]["text"] == "6/6 status codes match · 5/6 body shapes diverge"
    (group,) = report["groups"]
    assert (group["title"], group["odd"], [side["runtimes"] for side in group["sides"]]) == (
        "externally tagged enum vs flat struct",
        ["go"],
        [["python", "rust"], ["go"]],
    )
    assert report["pairs"] == [
        {"first": "python", "second": "rust", "cases": 0, "asked": 6},
        {"first": "python", "second": "go", "cases": 5, "asked": 6},
        {"first": "rust", "second": "go", "cases": 5, "asked": 6},
    ]
    assert (group["cases"], group["undecided"], group["decisions"]) == (5, 0, ["D-001"])
    assert group["remedies"] == [
        {
            "runtime": "go",
            "language": "go",
            "where": "a MarshalJSON on the type that writes {Variant: fields}",
            "lines": 50,
        }
    ]
    assert report["counts"]["known"] == 5
    assert report["counts"]["passed"] == 1
    assert done.returncode == 0


@live
def test_the_readme_shows_what_the_probe_prints(lakehouse: Path) -> None:
    """Each line of the README's block of output is, or begins, a line of the output, in order."""
    page = (ROOT / "README.md").read_text().partition("## What it prints")[2]
    (block, *_) = re.findall(r"^    .*\n(?:    .*\n|\n)+", page, re.MULTILINE)
    shown = [line.removeprefix("    ") for line in block.splitlines() if line.strip()]
    printed = iter(
        conformance(
            "run", "cases/validatord", cwd=lakehouse, CONFORMANCE_REQUIRE_LIVE="1"
        ).stdout.splitlines()
    )

    assert len(shown) > 15
    for line in shown:
        begin = line.removesuffix("…")
        assert any(
            said == line or (begin != line and said.startswith(begin)) for said in printed
        ), line


@live
def test_without_the_decision_the_probe_is_red(lakehouse: Path) -> None:
    """The same run without D-001 exits 1."""
    (lakehouse / "cases/decisions.yaml").write_text("decisions: []\n")

    done = conformance("run", "cases/validatord", cwd=lakehouse)

    assert "5 cases undecided" in done.stdout
    assert "RED: 5 failed" in done.stdout
    assert done.returncode == 1


@live
def test_a_fixed_go_makes_the_decision_stale(lakehouse: Path) -> None:
    """With a right MarshalJSON nothing diverges, and the row that says otherwise is red."""
    go_writes(lakehouse, "serde")

    done = conformance(
        "run", "cases/validatord", "cases/rules/validatord.yaml", "--json", cwd=lakehouse
    )

    report = json.loads(done.stdout)
    assert (
        report["headline"]["text"]
        == "112/112 status codes match · 112/112 body shapes match · 106/106 bodies match by value"
    )
    assert report["groups"] == []
    assert report["outcome"] == "RED: D-001 stale"
    assert done.returncode == 1


@live
def test_a_botched_mend_is_another_difference(lakehouse: Path) -> None:
    """A MarshalJSON with lowercase tags is another difference than D-001.

    It is reported where the difference of D-001 was.
    """
    go_writes(lakehouse, "lowercase")

    done = conformance("run", "cases/validatord", "--json", cwd=lakehouse)

    report = json.loads(done.stdout)
    (group,) = report["groups"]
    assert group["signatures"] == ["key-case@$ (lowercase | PascalCase)"]
    assert (group["odd"], group["cases"], group["decisions"]) == (["go"], 5, [])
    assert report["outcome"] == "RED: 5 failed, D-001 reopened"
    assert done.returncode == 1


@live
def test_what_is_recorded_is_what_the_peers_answer(lakehouse: Path) -> None:
    """The committed recordings hold against the live peers under the suite's rules.

    Drift is red.
    """
    held = conformance("record", "cases", "--check", cwd=lakehouse)
    go_writes(lakehouse, "serde")
    drifted = conformance("record", "cases", "--runtime", "go", "--check", cwd=lakehouse)

    assert [line for line in held.stdout.splitlines() if ": PARITY" in line] == [
        "rust against cases/recordings/rust.ndjson: PARITY",
        "go against cases/recordings/go.ndjson: PARITY",
        "ts-tools against cases/recordings/ts-tools.ndjson: PARITY",
        "go-tools against cases/recordings/go-tools.ndjson: PARITY",
    ]
    assert held.returncode == 0
    assert "go against cases/recordings/go.ndjson: RED: 63 failed" in drifted.stdout
    assert drifted.returncode == 1


@live
def test_recording_again_changes_only_the_day(lakehouse: Path) -> None:
    """A new recording answers the probe as the peer did, and says what built it."""
    conformance("record", "cases", "--runtime", "rust", "--output", "again.ndjson", cwd=lakehouse)

    header, *rows = map(json.loads, (lakehouse / "again.ndjson").read_text().splitlines())
    assert header["runtime"] == "rust"
    assert header["toolchain"].startswith("rustc ")
    committed = [
        json.loads(line)
        for line in (ROOT / "cases/recordings/rust.ndjson").read_text().splitlines()[1:]
    ]
    assert [row["answer"]["status"] for row in rows] == [
        row["answer"]["status"] for row in committed
    ]
    assert [row["digest"] for row in rows] == [row["digest"] for row in committed]


@pytest.fixture
def without_peers(lakehouse: Path) -> Path:
    """Take the peers away, as on a machine without their toolchains."""
    (lakehouse / "peers").unlink()
    return lakehouse


def test_recordings_stand_in_where_peers_are_missing(without_peers: Path) -> None:
    """Without the programs the probe runs against their recordings, says so, and is as green."""
    done = conformance("run", "cases/validatord", cwd=without_peers, CONFORMANCE_REQUIRE_LIVE="")

    assert "6/6 status codes match · 5/6 body shapes diverge" in done.stdout
    for name, program in (("rust", RUST), ("go", GO)):
        assert f"warning: {name} is recorded 20" in done.stdout
        assert f"{program} is not on this machine" in done.stdout
    assert done.returncode == 0


def test_recordings_do_not_stand_in_where_live_is_required(without_peers: Path) -> None:
    """CI asks for live peers: a missing one is an error that names each, and nothing is judged."""
    done = conformance("run", "cases/validatord", cwd=without_peers, CONFORMANCE_REQUIRE_LIVE="1")

    assert f"runtime rust: {RUST} is not on this machine" in done.stderr
    assert f"runtime go: {GO} is not on this machine" in done.stderr
    assert (done.returncode, done.stdout) == (4, "")
