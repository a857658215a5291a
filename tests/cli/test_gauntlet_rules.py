"""Each rule of the verdict, with its cause planted in a small repository, gives HOLD.

One line names the cause.
"""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.gauntlet_shop import ROW, accept, change, gauntlet, reports, tags, with_phases
from tests.miniatures.server import Received, Reply, json_reply, serve

MISSING = (
    "HOLD: evidence is missing: a phase that did not run to its end, or of another state, "
    "proves nothing"
)
REGRESSED = "HOLD: what the accepted baseline had green is red, slower or larger now"
SUITE = (
    "HOLD: a suite is red: an undecided difference, a failed expectation, a row that does not hold"
)
REVIEW = "HOLD: distinct lineages of reviewers agree on a place, and one of them blocks"
LOAD = "HOLD: the load is not within its limits"
TRACKER = "HOLD: the tracker does not hold"
PARITY_PHASES = ("parity: {run: shop.yaml, runtimes: [a, b]}", "tracker: {tracker: parity}")


def test_a_runtime_that_is_not_there(gauntlet_shop: Path) -> None:
    """Rule 1: nobody answers, and the reason is the error, not the lines of progress before it."""
    done = conformance("gauntlet", "--runtime", "a=http://127.0.0.1:9", cwd=gauntlet_shop)
    assert done.returncode == 1
    assert done.stdout.startswith(MISSING)
    told = "smoke: could not run: exit code 4: runtime a: http://127.0.0.1:9 cannot be reached"
    assert [line for line in done.stdout.splitlines() if line.startswith(told)]


def test_a_budget_that_is_spent(gauntlet_shop: Path) -> None:
    """Rule 1: the phase is stopped, what it started too, and the verdict says so."""

    def slow(_: Received) -> Reply:
        time.sleep(3)
        return json_reply({})

    with_phases(gauntlet_shop, "smoke: {run: shop.yaml, runtimes: [a], budget_s: 1}")
    with serve(slow) as url:
        done = conformance("gauntlet", "--runtime", f"a={url}", cwd=gauntlet_shop)
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"{MISSING}\nsmoke: could not run: stopped: its budget of 1 s was spent\n"
    )


def test_a_reviewer_whose_program_is_missing(gauntlet_shop: Path) -> None:
    """Rule 1: the other lineage found nothing, and two that look are wanted."""
    review = (
        (gauntlet_shop / "cases/review.yaml")
        .read_text()
        .replace("two, command: [sh", "two, command: [no-such")
    )
    change(gauntlet_shop, review, "cases/review.yaml")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"{MISSING}\nreview: reviewer two failed at other-1: no-such: No such file or directory\n"
    )


def _other_commit(shop: Path) -> None:
    change(shop, "two")


def _other_tree(shop: Path) -> None:
    (shop / "shop.py").write_text("not committed\n")


def _edited_evidence(shop: Path) -> None:
    file = next((shop / "reports/gauntlet").glob("*/smoke.json"))
    file.write_text(file.read_text().replace('"red": true', '"red": false'))


def _changed_record(shop: Path) -> None:
    file = next((shop / "reports/gauntlet").glob("*/smoke/*/run.ndjson"))
    file.write_bytes(file.read_bytes() + b"\n")


STATES: dict[str, tuple[Callable[[Path], None], str]] = {
    "commit": (_other_commit, "it is of commit "),
    "tree": (_other_tree, "it is of another state of the tree than this"),
    "evidence": (_edited_evidence, "smoke.json was edited"),
    "record": (_changed_record, "its record is gone, or was changed"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("only", [True, False])
def test_evidence_of_another_state(gauntlet_shop: Path, state: str, *, only: bool) -> None:
    """Rule 1: with `--only`, what was seen before counts no more.

    Without it, the phase is run again.
    """
    with_phases(
        gauntlet_shop,
        "smoke: {run: shop.yaml, runtimes: [a]}",
        "parity: {run: shop.yaml, runtimes: [a, b]}",
    )
    broken = tags([], alive=False)
    gauntlet(gauntlet_shop, broken if state == "evidence" else tags([]), tags([]))
    changed, says = STATES[state]
    changed(gauntlet_shop)
    words = ("--only", "parity") if only else ()
    done = gauntlet(gauntlet_shop, broken, tags([]), "--resume", "latest", *words)
    assert done.returncode == 1
    assert "1/2 smoke: 1/1" not in done.stderr
    if only:
        assert done.stdout.splitlines()[0].replace(" of a dirty tree", "") == MISSING
        assert f"smoke: its evidence does not count: {says}" in done.stdout.replace(
            "reports/gauntlet/", ""
        ).replace(f"{reports(gauntlet_shop)[0]['gauntlet']['gauntlet_id']}/", "")


def test_a_tracker_that_rests_on_another_run(gauntlet_shop: Path) -> None:
    """Rule 1: its run was made again, so that what it checked is no more."""
    with_phases(gauntlet_shop, *PARITY_PHASES)
    gauntlet(gauntlet_shop, tags([]), tags([]))
    done = gauntlet(gauntlet_shop, tags([]), tags([]), "--resume", "latest", "--only", "parity")
    assert done.stdout.splitlines()[:2] == [
        MISSING,
        "tracker: its evidence does not count: it is not of this run of parity",
    ]


def test_a_checkout_that_changes_meanwhile(gauntlet_shop: Path) -> None:
    """Rule 1: what a phase saw is of no one state."""

    def meddling(_: Received) -> Reply:
        (gauntlet_shop / "shop.py").write_text("meddled\n")
        return json_reply({})

    done = gauntlet(gauntlet_shop, meddling, tags([]), "--only", "smoke")
    assert done.returncode == 1
    assert "smoke: could not run: the checkout was changed while it ran\n" in done.stdout


def test_documented_is_not_regressed(gauntlet_shop: Path) -> None:
    """Rule 2, on a fresh clone: a case green in the committed baseline is red and named."""
    change(gauntlet_shop, ROW, "cases/decisions.yaml")
    gauntlet(gauntlet_shop, tags([]), tags(None))
    assert accept(gauntlet_shop).returncode == 0
    clone = gauntlet_shop.parent / f"{gauntlet_shop.name}-clone"
    subprocess.run(["git", "clone", "--quiet", str(gauntlet_shop), str(clone)], check=True)
    done = gauntlet(clone, tags([]), tags(None, alive=False))
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"{REGRESSED}\nparity: shop/items/alive passed in the baseline, and failed now: "
    )


def test_a_difference_that_nobody_decided(gauntlet_shop: Path) -> None:
    """Rule 3: the cause, and who shows what."""
    done = gauntlet(gauntlet_shop, tags([]), tags("none"))
    assert done.returncode == 1
    first, second, *_ = done.stdout.splitlines()
    assert first == SUITE
    assert (
        second
        == "parity: undecided in 1 case: type of $.tags differs; they differ: a array · b string"
    )


def test_an_expectation_that_fails(gauntlet_shop: Path) -> None:
    """Rule 3: the case, and what it wanted."""
    done = gauntlet(gauntlet_shop, tags([], alive=False), tags([], alive=False))
    assert done.stdout.startswith(
        f"{SUITE}\nsmoke: shop/items/alive failed: a: wanted status 200, got 503\n"
    )


def test_lineages_that_agree(gauntlet_shop: Path) -> None:
    """Rule 4: the place, and what each claims; the report shows both claims."""
    claim = "WHERE: shop.py:1\\nSEVERITY: {}\\nCLAIM: {}\\n"
    rows = {
        name: f"{{lineage: {name}, command: [sh, -c, \"printf '{claim.format(severity, text)}'\"]}}"
        for name, severity, text in (("one", "BLOCK", "it is lost"), ("two", "WARN", "not kept"))
    }
    lines = "".join(f"    {name}: {row}\n" for name, row in rows.items()).replace("\\n", "\\\\n")
    change(gauntlet_shop, f"review:\n  reviewers:\n{lines}", "cases/review.yaml")
    change(gauntlet_shop, "fourth")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.stdout.startswith(
        f"{REVIEW}\nreview: other shop.py:1: one: it is lost; two: not kept\n"
    ), done.stdout
    text = max((gauntlet_shop / "reports/gauntlet").glob("*.md")).read_text()
    assert (
        "### BLOCK shop.py:1\n\n- one (one), BLOCK at line 1: it is lost\n- two (two), WARN at "
        "line 1: not kept" in text
    )


def test_a_load_past_its_limits(gauntlet_shop: Path) -> None:
    """Rule 5: the class, how many failed, and why."""

    def refusing(received: Received) -> Reply:
        return json_reply({}, 503 if received.target == "/items/1" else 200)

    with_phases(gauntlet_shop, "load: {load: load.yaml, runtimes: [a]}")
    with serve(refusing) as url:
        done = conformance("gauntlet", "--runtime", f"a={url}", cwd=gauntlet_shop)
    assert done.returncode == 1
    first, second, *_ = done.stdout.splitlines()
    assert first == LOAD
    assert second.startswith("load: a look: ")
    assert "failed: " in second
    assert "503" in second


def test_a_tracker_that_does_not_hold(gauntlet_shop: Path) -> None:
    """Rule 6: somebody has written in what is generated.

    The place, not the tail of a difference.
    """
    with_phases(gauntlet_shop, *PARITY_PHASES)
    gauntlet(gauntlet_shop, tags([]), tags([]), "--write")
    document = gauntlet_shop / "docs/ARCHITECTURE_COMPARISON.md"
    text = document.read_text()
    marker = next(line for line in text.splitlines() if line.startswith("<!-- conformance:begin"))
    document.write_text(text.replace(marker, f"{marker}\nby hand"))
    change(gauntlet_shop, "edited")
    done = gauntlet(gauntlet_shop, tags([]), tags([]))
    assert done.returncode == 1
    first, second, *_ = done.stdout.splitlines()
    assert first == TRACKER
    assert second.startswith("tracker: docs/ARCHITECTURE_COMPARISON.md:")
    assert second.endswith("is generated, and was edited by hand")
