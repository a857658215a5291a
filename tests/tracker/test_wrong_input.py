"""What the verbs that write the ledger say of wrong input: where, what came, and what to do next.

The ledger stays as it is, byte for byte.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import always, serve
from tests.tracker.small_shop import CASE, GIVEN, LEDGER, SmallShop

A: Final = {"v": 1, "n": None}
B: Final = {"v": "1"}


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with a run of two undecided causes."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    shop.run(a=always(A), b=always(B))
    return shop


@pytest.fixture
def decided(small: SmallShop) -> SmallShop:
    """Return the shop with two open rows."""
    code, said = small.decide("--all", "--fix", "b", *GIVEN)
    assert code == 0, said
    return small


NO_ROW: Final = "its rows are D-001, D-002; `conformance decide` writes rows"
WRONG: Final = [
    pytest.param("accept D-9", f"D-9: no such row in {LEDGER}", NO_ROW, id="accept-unknown"),
    pytest.param("done D-9 b@1234567", "D-9: no such row", NO_ROW, id="done-unknown"),
    pytest.param("reopen D-9", "D-9: no such row", NO_ROW, id="reopen-unknown"),
    pytest.param("widen D-9", "D-9: no such row", NO_ROW, id="widen-unknown"),
    pytest.param("accept D-00", "did you mean 'D-00", NO_ROW, id="part-of-an-id"),
    pytest.param("reopen D-001", f"{LEDGER}:2:5: D-001 is open; wanted accepted or done",
                 "D-001 is open already: nothing has to be done", id="reopen-open"),
    pytest.param("accept D-001 --review-by tomorrow",
                 "review_by: wanted a date such as 2026-11-23, got 'tomorrow'",
                 "correct the option or argument; the ledger was not changed", id="no-date"),
    pytest.param("accept D-001 --reason ", "reason: wanted words, got ''",
                 "correct the option or argument; the ledger was not changed", id="no-words"),
    pytest.param("accept D-001 --ledger cases", "cases is a folder: wanted a ledger",
                 f"--ledger {LEDGER}", id="folder"),
    pytest.param("accept D-001 --ledger other.yaml", "no ledger: other.yaml is not there",
                 "makes one; or name it with --ledger", id="no-ledger"),
    pytest.param("done D-001 b@1234567", "D-001 is matched in run", "a complete run", id="not-gone"),
    pytest.param("widen D-001", "nothing to widen", "", id="nobody-else"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said", "hint"), WRONG)
def test_a_row_verb_with_wrong_input(decided: SmallShop, words: str, said: str, hint: str) -> None:
    """The message names what came, and the hint what to do; nothing is written."""
    before = decided.ledger()
    done = decided.command("tracker", *words.split(" "), cwd=decided.folder)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert said in done.stderr
    assert hint in done.stderr
    assert decided.ledger() == before


def test_a_row_that_is_accepted_or_done_already(decided: SmallShop) -> None:
    """The hint is the verb that takes it back."""
    verb = ("tracker", "accept", "D-001")
    assert decided.command(*verb, cwd=decided.folder).returncode == 0
    again = decided.command(*verb, cwd=decided.folder)
    assert (again.returncode, "`conformance tracker reopen D-001`" in again.stderr) == (2, True)
    decided.run(a=always(A), b=always(A))
    assert decided.done("b@1234567")[0] == 0
    code, said = decided.done("b@1234567")
    assert (code, "D-001 is done; wanted open or accepted" in said) == (2, True), said
    assert "`conformance tracker reopen D-001`" in said


def test_a_run_of_other_suites_closes_nothing(decided: SmallShop) -> None:
    """It is said that no case of the row was in it."""
    (decided.folder / "other.yaml").write_text(CASE.format(rules="").replace("shop", "other"))
    with serve(always(1)) as a, serve(always(1)) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        done = decided.command("run", "other.yaml", *runtimes, cwd=decided.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    before = decided.ledger()
    code, said = decided.done("b@1234567")
    assert (code, decided.ledger()) == (2, before), said
    assert "D-001 is not exercised in run" in said
    assert decided.decide("--all", *GIVEN) == (0, "nothing was decided\n")


def test_an_interrupted_run_decides_what_it_saw_and_closes_nothing(small: SmallShop) -> None:
    """A note says that the rest is not decided."""
    small.write("suite: shop\ncases:\n  - {name: one, request: {GET: /}}\n"
                "  - {name: two, request: {GET: /}}\n")  # fmt: skip
    small.run(a=always(A), b=always(B))
    record = small.folder / "reports/runs/latest/run.ndjson"
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:-2]))
    code, said = small.decide("--all", "--fix", "b", *GIVEN)
    assert (code, "did not finish: what it did not ask is not decided" in said) == (0, True), said
    assert "shop/two" not in small.ledger()
    assert small.done("b@1234567")[0] == 2
    record.write_bytes(b"")
    code, said = small.decide("--all", *GIVEN)
    assert (code, "the record is empty" in said, "run it again" in said) == (2, True, True), said


VERBS: Final = (
    ("decide", "--all", *GIVEN),
    ("decide", "--interactive", *GIVEN),
    ("tracker", "accept", "D-001"),
    ("tracker", "done", "D-001", "b@1234567"),
    ("tracker", "reopen", "D-001"),
    ("tracker", "widen", "D-001"),
    ("tracker", "migrate"),
)


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_a_merge_that_was_not_resolved(decided: SmallShop, words: tuple[str, ...]) -> None:
    """Each verb names the line of the marker, and leaves the file to the person."""
    text = decided.ledger().replace(
        "    state: open\n",
        "<<<<<<< HEAD\n    state: open\n=======\n    state: done\n>>>>>>> b\n",
        1,
    )
    (decided.folder / LEDGER).write_text(text)
    done = decided.command(*words, cwd=decided.folder)
    assert done.returncode == 2
    assert f"{LEDGER}:4:1: a conflict marker of a merge that was not resolved" in done.stderr
    assert "resolve it, and remove its markers" in done.stderr
    assert decided.ledger() == text


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_no_ledger(small: SmallShop, words: tuple[str, ...]) -> None:
    """The hint is the command that makes one."""
    (small.folder / LEDGER).unlink()
    done = small.command(*words, cwd=small.folder)
    assert done.returncode == 2
    assert "no ledger: decisions.yaml in or above cases/ is not there" in done.stderr
    assert f"`echo 'decisions: []' > {LEDGER}` makes one" in done.stderr


def _as_its_owner() -> None:
    """Take from root, for one program, what lets it write files that are read-only."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(24, 1)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


@pytest.mark.parametrize(
    "words", [VERBS[0], VERBS[1], ("tracker", "accept", "D-001")], ids=" ".join
)
@pytest.mark.parametrize("read_only", [LEDGER, "cases"])
def test_a_ledger_that_may_not_be_written(
    decided: SmallShop, words: tuple[str, ...], read_only: str
) -> None:
    """It is said of the ledger, before anything is asked; a read-only file is not replaced."""
    before = decided.ledger()
    (decided.folder / read_only).chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-m", "conformance", *words],
        cwd=decided.folder,
        capture_output=True,
        text=True,
        check=False,
        input="y\n",
        preexec_fn=_as_its_owner,
    )
    (decided.folder / read_only).chmod(0o755)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert f"error: {LEDGER} cannot be written: permission denied\n" in done.stderr
    assert "make the file and its folder writable; the ledger was not changed" in done.stderr
    assert decided.ledger() == before


def test_a_ledger_that_changes_while_a_person_is_asked(small: SmallShop) -> None:
    """What somebody else wrote meanwhile is not lost."""
    words = [sys.executable, "-m", "conformance", "decide", "--interactive", *GIVEN]
    with subprocess.Popen(
        words, cwd=small.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as asked:  # fmt: skip
        assert asked.stdout is not None
        shown = asked.stdout.read(1)  # the first cause is in view: the ledger has been read
        meanwhile = "# by somebody else\ndecisions: []\n"
        (small.folder / LEDGER).write_text(meanwhile)
        _, errors = asked.communicate("y\nq\n")
    assert (asked.returncode, shown) == (2, "1"), errors
    assert f"{LEDGER} was changed by something else since it was read" in errors
    assert small.ledger() == meanwhile
