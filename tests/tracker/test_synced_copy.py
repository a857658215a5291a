"""`tracker check --synced`: what a sync cannot correct.

It is found on a copy into which a run is folded.
"""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.gauntlet_shop import ROW, make_shop, tags
from tests.miniatures.server import serve

HOLDS = "docs/ARCHITECTURE_COMPARISON.md holds: "


@pytest.fixture
def run_shop(tmp_path: Path) -> Path:
    """Make a shop whose row holds in its latest run, and that has no document yet."""
    shop = make_shop(tmp_path)
    (shop / "cases/decisions.yaml").write_text(ROW)
    with serve(tags([])) as a, serve(tags(None)) as b:
        done = conformance("run", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=shop)
    assert done.returncode == 0, done.stdout
    return shop


def test_what_a_sync_would_write_is_no_drift(run_shop: Path) -> None:
    """The document that is not there yet is red for `check`, and not for its copy.

    Nothing is written.
    """
    plain = conformance("tracker", "check", "--run", "latest", cwd=run_shop)
    synced = conformance("tracker", "check", "--run", "latest", "--synced", cwd=run_shop)
    assert (plain.returncode, "is missing: `conformance tracker sync`" in plain.stdout) == (
        1,
        True,
    )
    assert (synced.returncode, synced.stdout.startswith(HOLDS)) == (0, True)
    assert not (run_shop / "docs").exists()


def test_a_row_that_does_not_hold_is_red(run_shop: Path) -> None:
    """Its place and what the run shows, in one line."""
    with serve(tags([])) as a, serve(tags([])) as b:
        conformance("run", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=run_shop)
    done = conformance("tracker", "check", "--run", "latest", "--synced", cwd=run_shop)
    assert done.returncode == 1
    line, counted = done.stdout.splitlines()
    assert line.startswith("cases/decisions.yaml:2:5: D-001 is stale in the run of ")
    assert " does not hold: " in counted


@pytest.mark.parametrize("words", [(), ("--run", "latest", "--fresh")])
def test_bad_usage(run_shop: Path, words: tuple[str, ...]) -> None:
    """A copy is synced with a run."""
    done = conformance("tracker", "check", "--synced", *words, cwd=run_shop)
    assert (done.returncode, "--synced: wanted --run, and no --fresh" in done.stderr) == (2, True)
