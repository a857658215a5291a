"""Two branches that both updated the document merge without a conflict, using git alone."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tracker.shop import DOCUMENT, EVIDENCE, LEDGER, LEDGER_FILE, STATE, Shop

FIRST = "20990101T000000Z-0001"
SECOND = "20990102T000000Z-0002"
FURTHER_ROW = (
    LEDGER.partition("decisions:\n")[2].replace("D-001", "D-002").replace("$.ship_to", "$.nothing")
)


@pytest.fixture
def branches(synced: Shop) -> Shop:
    """Return a repository whose branches `first` and `second` split at a current document."""
    synced.write(Path(".gitignore"), "reports/runs/\n")
    synced.git("init", "-q", "-b", "main")
    synced.git("add", "-A")
    synced.git("commit", "-q", "-m", "base")
    synced.git("branch", "second")
    synced.git("checkout", "-q", "-b", "first")
    return synced


def refresh(shop: Shop, branch: str, run: str, run_id: str) -> None:
    """Update the document of a branch with a run of its own, and commit the result."""
    shop.git("checkout", "-q", branch)
    shop.copy_run(
        run,
        run_id,
        started=f"{run_id[:4]}-{run_id[4:6]}-{run_id[6:8]}T00:00:00+00:00",
        run_id=run_id,
    )
    shop.sync("--run", run_id)
    shop.git("add", "-A")
    shop.git("commit", "-q", "-m", f"refreshed by {run_id}")


def merged(shop: Shop) -> str:
    """Merge the second branch into the first, and return what git said."""
    shop.git("checkout", "-q", "first")
    return shop.git("merge", "--no-edit", "second")


def test_both_branches_have_runs_of_their_own(branches: Shop) -> None:
    """Nothing is in conflict.

    `check` asks for a sync, and after it the later run counts, with the news of both.
    """
    refresh(branches, "first", "drops-in-one", FIRST)
    refresh(branches, "second", "drops", SECOND)
    merged(branches)

    code, said = branches.check()
    assert code == 1
    assert "somebody has written" not in said
    assert f"{DOCUMENT}: is out of date: `conformance tracker sync`\n" in said
    branches.sync()
    text = branches.read(DOCUMENT)
    assert text.count("| Last refresh |") == text.count("| orders have one shape |") == 1
    assert f"from run `{SECOND}`" in text
    assert [line for line in branches.changes() if "2099-01-01: D-001 narrowed" in line]
    assert branches.claim("orders have one shape")[-1] == "2099-01-02"
    assert branches.sync() == f"{DOCUMENT} is up to date\n"
    assert branches.check()[0] == 0


def test_one_branch_shows_something_else(branches: Shop) -> None:
    """Git keeps lines that one side had replaced: nobody wrote them, and `sync` replaces them.

    In a large evidence file it also removes what that side no longer remembers.
    """
    base = branches.git("rev-parse", "HEAD").strip()
    refresh(branches, "first", "drops", FIRST)
    refresh(branches, "second", "alike", SECOND)
    merged(branches)
    of_base = set(branches.git("show", f"{base}:{EVIDENCE}").splitlines())
    forgotten = of_base - set(branches.git("show", f"second:{EVIDENCE}").splitlines())
    kept = [line for line in branches.read(EVIDENCE).splitlines() if line not in forgotten]
    branches.write(EVIDENCE, "\n".join(kept) + "\n")

    assert "somebody has written" not in branches.check()[1]
    branches.sync()
    assert branches.read(DOCUMENT).count("| What it showed |") == 1


def test_the_order_of_the_merge_does_not_count(branches: Shop) -> None:
    """Whichever branch is merged into the other, `sync` makes the same files of it."""
    refresh(branches, "first", "drops-in-one", FIRST)
    refresh(branches, "second", "drops", SECOND)
    other = Shop(folder=branches.folder.parent / "other", command=branches.command)
    shutil.copytree(branches.folder, other.folder, symlinks=True)
    merged(branches)
    other.git("checkout", "-q", "second")
    other.git("merge", "--no-edit", "first")

    for shop in (branches, other):
        shop.sync()
    for file in (DOCUMENT, EVIDENCE, STATE):
        assert branches.read(file) == other.read(file), file


def test_both_branches_write(branches: Shop) -> None:
    """A row of the ledger and a claim of either branch are there after the merge, each once."""
    branches.edit(LEDGER_FILE, "{b: 1}", "{b: 2}")
    branches.write(LEDGER_FILE, branches.read(LEDGER_FILE) + FURTHER_ROW)
    branches.edit(DOCUMENT, "## Memory\n", "Memory is next.\n\n## Memory\n")
    refresh(branches, "first", "drops", FIRST)
    branches.git("checkout", "-q", "second")
    branches.edit(
        DOCUMENT,
        "| orders have one shape",
        "| two orders | `shop/orders/t*` | | |\n| orders have one shape",
    )
    branches.edit(STATE, "| shop |  |", "| shop | Goes well. |")
    refresh(branches, "second", "drops", SECOND)
    merged(branches)
    branches.sync()

    text = branches.read(DOCUMENT)
    assert (
        text.count("| D-002 |")
        == text.count("| two orders |")
        == text.count("Memory is next.")
        == 1
    )
    assert branches.claim("two orders")[-1] == "2099-01-02"
    assert "| shop | Goes well. |" in branches.read(STATE)
    problem, last = branches.check()[1].splitlines()
    assert "D-002 is stale in the run of 2099-01-01" in problem
    assert last.endswith(": 3 rows: 3 verified; 2 decisions")


def test_regions_that_stand_close_to_each_other(branches: Shop) -> None:
    """Lines at the edges of a region keep Git from joining conflicts of close regions.

    Git joins conflicts within three lines, markers included.
    """
    changes = "<!-- conformance:begin changes -->\n<!-- conformance:end changes -->\n"
    text = branches.read(DOCUMENT)
    at, end = text.index("<!-- conformance:begin changes -->"), "<!-- conformance:end status -->\n"
    branches.write(DOCUMENT, text[:at].replace(end, end + changes))
    branches.sync()
    branches.git("commit", "-q", "-am", "close")
    branches.git("branch", "-f", "second")
    refresh(branches, "first", "drops-in-one", FIRST)
    refresh(branches, "second", "lists", SECOND)
    merged(branches)

    branches.sync()
    assert branches.read(DOCUMENT).count("<!-- conformance:begin changes -->") == 1


def test_without_its_attributes_git_finds_conflicts(branches: Shop) -> None:
    """What makes the merge work is `.gitattributes`: without it the test would see conflicts."""
    for branch, run, run_id in (("first", "drops-in-one", FIRST), ("second", "drops", SECOND)):
        refresh(branches, branch, run, run_id)
    branches.git("checkout", "-q", "first")
    branches.write(Path(".git/info/attributes"), "* -merge\n")
    with pytest.raises(subprocess.CalledProcessError):
        merged(branches)
