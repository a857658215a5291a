"""`conformance gauntlet` from outside: real phases on real ports, one dated report.

Each phase has its evidence.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import conformance, settled
from tests.cli.gauntlet_shop import (
    ROW,
    accept,
    change,
    gauntlet,
    page,
    reports,
    start_by_command,
    tags,
    with_phases,
)
from tests.miniatures.server import Received, Reply, always, json_reply, serve

NO_BASELINE = (
    "no baseline is accepted: what got worse is not known; `conformance gauntlet "
    "accept` accepts one"
)
SMOKE = "1/1 suite, 1/1 case, 1 skipped · a alone: checked against its expectations, compared with no other"


def test_a_whole_gauntlet_ships(gauntlet_shop: Path) -> None:
    """The whole output, the exit code, the report, and one evidence file a phase.

    Nothing else is written.
    """
    start_by_command(gauntlet_shop)
    conformance("gauntlet", cwd=gauntlet_shop)
    accept(gauntlet_shop)
    done = conformance("gauntlet", cwd=gauntlet_shop)
    assert done.returncode == 0, done.stderr
    assert settled(done.stdout) == (
        "SHIP: every phase ran, and all is green\n"
        f"smoke: {SMOKE}\n"
        "review: NOT BLOCKED: no place at which distinct lineages agree and one of them blocks\n"
        "parity: 1/1 suite, 2/2 cases · 2/2 status codes match · 2/2 body shapes match · PARITY · values were not compared in 2 cases\n"
        "report: reports/gauntlet/RUN.md\n"
    )
    text = page(gauntlet_shop)
    assert text.startswith("# SHIP: every phase ran, and all is green\n")
    assert "a alone was asked: nothing is known of differences between runtimes.\n" in text
    assert "No difference between a, b.\n" in text
    assert "\\n" not in text
    evidence = max((gauntlet_shop / "reports/gauntlet").glob("*/"))
    assert sorted(file.name for file in evidence.glob("*.json")) == [
        "parity.json",
        "review.json",
        "smoke.json",
    ]
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=gauntlet_shop, capture_output=True, check=True
    )
    assert status.stdout == b""


def test_without_a_baseline_there_is_a_gap(gauntlet_shop: Path) -> None:
    """Nobody can say that nothing got worse."""
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.returncode == 0
    assert settled(done.stdout) == (
        "SHIP-WITH-KNOWN-GAP: all is green except for known gaps\n"
        f"known gap: {NO_BASELINE}\n"
        "known gap: a was not started here: nothing shows that it is of this commit\n"
        "known gap: b was not started here: nothing shows that it is of this commit\n"
        "report: reports/gauntlet/RUN.md\n"
    )


def test_a_known_difference_ships_with_its_row(gauntlet_shop: Path) -> None:
    """The row is named, with estimate, owner, age and fix."""
    change(gauntlet_shop, ROW, "cases/decisions.yaml")
    done = gauntlet(gauntlet_shop, tags([]), tags(None))
    assert done.returncode == 0, done.stderr
    assert "known gap: D-001 (accepted, intentional): b has no tags\n" in done.stdout
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: all is green except for known gaps\n")
    row = next(line for line in page(gauntlet_shop).splitlines() if line.startswith("| D-001"))
    assert row.split(" | ")[1:3] == ["12 lines", "shop team"]
    assert row.endswith("| b, which shows null |")


def test_a_dirty_tree_is_said_first(gauntlet_shop: Path) -> None:
    """A changed working tree is at best a known gap.

    This holds whether git sees the change, is configured to overlook it, or does not keep the file.
    """
    gauntlet(gauntlet_shop, tags([]), tags([]))
    accept(gauntlet_shop)
    suite = gauntlet_shop / "cases/shop.yaml"
    suite.write_text(suite.read_text() + "# changed\n")
    seen = gauntlet(gauntlet_shop, tags([]), tags([]))
    subprocess.run(
        ["git", "update-index", "--assume-unchanged", "cases/shop.yaml"],
        cwd=gauntlet_shop,
        check=True,
    )
    overlooked = gauntlet(gauntlet_shop, tags([]), tags([]))
    for done in (seen, overlooked):
        first, second, *_ = done.stdout.splitlines()
        assert first == "SHIP-WITH-KNOWN-GAP of a dirty tree: all is green except for known gaps"
        assert second.startswith("known gap: the tree is dirty: 1 file changed since commit ")
        assert second.endswith(": cases/shop.yaml")
    assert page(gauntlet_shop).startswith("# SHIP-WITH-KNOWN-GAP of a dirty tree: ")


def test_a_gauntlet_goes_on_where_it_was(gauntlet_shop: Path) -> None:
    """What ran is kept, what did not is run, and alone it is a hold that says what is missing."""
    alone = gauntlet(gauntlet_shop, tags([]), tags([]), "--only", "smoke")
    assert alone.returncode == 1
    assert "review: was not run\nparity: was not run\n" in alone.stdout
    resumed = gauntlet(gauntlet_shop, tags([]), tags([]), "--resume", "latest")
    assert resumed.returncode == 0
    assert f"1/3 smoke: {SMOKE} (kept from before)\n" in resumed.stderr
    assert "2/3 review: begins, for at most 600 s\n" in resumed.stderr
    assert len(reports(gauntlet_shop)) == 1


def test_the_tracker_is_checked_and_the_tree_written_only_when_asked(gauntlet_shop: Path) -> None:
    """The document is what it was, and `--write` brings it up to date."""
    with_phases(
        gauntlet_shop, "parity: {run: shop.yaml, runtimes: [a, b]}", "tracker: {tracker: parity}"
    )
    document = gauntlet_shop / "docs/ARCHITECTURE_COMPARISON.md"
    checked = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert checked.returncode == 0, checked.stdout
    assert not document.exists()
    written = gauntlet(gauntlet_shop, tags([]), tags([]), "--write")
    assert "wrote docs/ARCHITECTURE_COMPARISON.md\n" in written.stdout
    assert document.exists()


def test_an_interrupted_gauntlet_keeps_its_evidence(gauntlet_shop: Path) -> None:
    """It ends with 130, stops the phase, and what ended before is kept."""

    def slow(_: Received) -> Reply:
        time.sleep(5)
        return json_reply({})

    with serve(always({})) as quick, serve(slow) as slow_url:
        attached = ("--runtime", f"a={quick}", "--runtime", f"b={slow_url}")
        argv = [sys.executable, "-m", "conformance", "gauntlet", *attached]
        with subprocess.Popen(
            argv, cwd=gauntlet_shop, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if "parity: begins" in line:
                    break
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
    (folder,) = (gauntlet_shop / "reports" / "gauntlet").glob("*/")
    assert sorted(file.name for file in folder.glob("*.json")) == ["review.json", "smoke.json"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--only", "smok"), "--only smok: no such phase; did you mean 'smoke'?"),
        (("--resume", "latest"), "latest: no such gauntlet in reports/gauntlet"),
        (("--runtime", "c=http://127.0.0.1:9"), "--runtime c=http://127.0.0.1:9: no phase asks c"),
        (("--file", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("accept",), "latest: no such gauntlet in reports/gauntlet"),
    ],
)
def test_bad_usage(gauntlet_shop: Path, words: tuple[str, ...], complaint: str) -> None:
    """One message, exit code 2, and nothing is left."""
    done = conformance("gauntlet", *words, cwd=gauntlet_shop)
    assert complaint in done.stderr
    assert done.returncode == 2
    assert not (gauntlet_shop / "reports").exists()
