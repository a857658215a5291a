"""`conformance decide` and `tracker widen` with words that do not fit, and what they say of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import always
from tests.tracker.small_shop import CASE, GIVEN, SmallShop


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case, of which a run shows a status and nothing else."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    return shop


def asked(shop: SmallShop, answers: str, *words: str) -> tuple[int, str]:
    """Run the interactive command with answers on its input."""
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "decide", "--interactive", *words, *GIVEN],
        cwd=shop.folder,
        input=answers,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_question_that_nobody_answered(small: SmallShop) -> None:
    """The end of the input leaves all causes, and says that they were not answered."""
    small.run(a=always({"v": 1}), b=always({"v": 2}))
    code, said = asked(small, "", "--all")
    assert (code, said.count("in 1 case: not answered\n")) == (1, 1), said


def test_a_no_is_named(small: SmallShop) -> None:
    """What was left on purpose is listed as that."""
    small.run(a=always({"v": 1}), b=always({"v": 2}))
    code, said = asked(small, "n\n", "--all")
    assert (code, "in 1 case: the answer was no\n" in said) == (1, True), said


@pytest.mark.parametrize("word", ["maybe", "yess", "y:", "n: later"])
def test_another_word_is_asked_again(small: SmallShop, word: str) -> None:
    """No word decides by accident."""
    small.run(a=always({"v": 1}), b=always({"v": 2}))
    _, said = asked(small, f"{word}\ny: callers know\n")
    assert f"wanted y, y: and the reason in words, n, or q; got '{word}'" in said
    assert "reason: callers know" in small.ledger()


def test_a_pin_of_a_row_without_values_is_refused(small: SmallShop) -> None:
    """A row about a status lists no values, so a bound says nothing."""
    small.run(a=always({}), b=always({}, 404))
    key = small.decide("--all", *GIVEN, "--fix", "nobody")[1].partition("[")[2][:4]
    code, said = small.decide(key, "--pin", "{within: {absolute: 1}}", *GIVEN)
    assert (code, "lists no values, so nothing is pinned" in said) == (2, True), said
    assert small.ledger() == "decisions: []\n"


def test_a_key_beside_all_is_refused(small: SmallShop) -> None:
    """Two selections are none."""
    small.run(a=always({"v": 1}), b=always({"v": 2}))
    code, said = small.decide("k3o4", "--all", *GIVEN)
    assert code == 2
    assert said == (
        "error: k3o4 and --all: wanted keys of causes, or all of them\n"
        "  hint: leave out --all, or the keys\n"
    )


def test_widening_to_a_runtime_that_is_not_there(small: SmallShop) -> None:
    """A name that the run does not know is no runtime that the row leaves out."""
    small.run(a=always({"v": 1}), b=always({}))
    small.decide("--all", *GIVEN)
    done = small.command("tracker", "widen", "D-001", "--runtime", "rust", cwd=small.folder)
    assert done.returncode == 2
    assert done.stderr == (
        "error: --runtime rust: the run has no such runtime\n"
        "  hint: the runtimes of the run are a, b\n"
    )


def test_a_row_does_not_excuse_an_expectation(small: SmallShop) -> None:
    """`decide` says that the case stays red, and the next run says why."""
    case = CASE.format(rules="").replace("{GET: /}}", "{GET: /}, expect: {status: 200}}")
    small.write(case)
    small.run(a=always({}), b=always({}, 201))
    sentence = (
        "shop/one stays red though decided: a row of the ledger decides a difference, and never "
        "excuses `expect`"
    )
    code, said = small.decide("--all", *GIVEN)
    assert (code, f"note: {sentence}\n" in said) == (0, True), said
    code, said = small.run(a=always({}), b=always({}, 201))
    assert (code, f"warning: {sentence}\n" in said) == (1, True), said
