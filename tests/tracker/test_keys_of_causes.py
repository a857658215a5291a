"""How a cause is named on the command line: by its key, which is the same in every run."""

import contextlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Received, Reply, always, json_reply, serve
from tests.tracker.small_shop import GIVEN, SmallShop

TAKES_A_KEY = (
    ("decide", "KEY", *GIVEN),
    ("explain", "KEY"),
    ("explain", "KEY", "--all"),
    ("explain", "KEY", "--cite"),
    ("explain", "KEY", "--json"),
    ("next", "--skip", "KEY"),
    ("next", "--verify", "KEY"),
)


@pytest.mark.parametrize("words", TAKES_A_KEY, ids=" ".join)
def test_a_number_of_the_report_is_no_key(
    tmp_path: Path, command: WarmCommand, words: tuple[str, ...]
) -> None:
    """No command takes it, though a key might begin so; the message names the key."""
    small = SmallShop(tmp_path, command)
    small.write()
    services = {"a": always({"v": 1, "n": None}), "b": always({"v": "1"})}
    with contextlib.ExitStack() as stack:
        named = [f"{name}={stack.enter_context(serve(each))}" for name, each in services.items()]
        command("run", "cases", "--runtime", named[0], "--runtime", named[1], cwd=tmp_path)
        report = json.loads((tmp_path / "reports/runs/latest/report.json").read_text())
        key = report["groups"][1]["key"]
        done = command(*_with(words, "2"), cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "2: this is the number of a cause in one report, and no key" in done.stderr
        title = report["groups"][1]["title"]
        assert f"cause 2 is {title}: give its key, {key}" in done.stderr
        assert "give its key" not in command(*_with(words, key[:4]), cwd=tmp_path).stderr


@pytest.mark.parametrize("words", TAKES_A_KEY, ids=" ".join)
def test_a_key_has_letters(tmp_path: Path, command: WarmCommand, words: tuple[str, ...]) -> None:
    """An empty variable of a script is no cause, and does not stand for all of them."""
    small = SmallShop(tmp_path, command)
    small.write()
    small.run(a=always({"v": 1}), b=always({"v": "1"}))
    done = command(*_with(words, ""), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a key without letters" in done.stderr


def test_letters_that_several_keys_start_with(tmp_path: Path, command: WarmCommand) -> None:
    """They are refused, with the titles of the causes."""
    small = SmallShop(tmp_path, command)
    small.write()
    many = {f"m{number}": number for number in range(40)}
    small.run(a=always(many), b=always({name: f"{value}x" for name, value in many.items()}))
    report = json.loads((tmp_path / "reports/runs/latest/report.json").read_text())
    firsts = Counter(group["key"][0] for group in report["groups"])
    letter = next(each for each, count in firsts.items() if count > 1 and each.isalpha())
    for words in TAKES_A_KEY:
        done = command(*_with(words, letter), cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{letter}: the keys of {firsts[letter]} causes start so: " in done.stderr
        assert done.stderr.endswith("  hint: give more letters\n")


def _with(words: tuple[str, ...], key: str) -> list[str]:
    return [key if word == "KEY" else word for word in words]


def test_a_difference_that_follows_has_the_key_of_what_it_follows(
    tmp_path: Path, command: WarmCommand
) -> None:
    """The command that `explain` prints for it works."""
    small = SmallShop(tmp_path, command)
    small.write()
    small.run(a=always({}, 404), b=_text)
    done = command("explain", "shop/one", cwd=tmp_path)
    keys = set(re.findall(r"undecided: `conformance decide (\S+)", done.stdout))
    assert len(keys) == 1, done.stdout
    code, said = small.decide(keys.pop(), *GIVEN)
    assert code == 0, said


def test_entries_of_a_map_are_one_place(tmp_path: Path, command: WarmCommand) -> None:
    """The printed command decides them, for just the values that were seen."""
    small = SmallShop(tmp_path, command)
    small.write()
    first, second = {"1": {"n": 1}, "2": {"n": 2}}, {"1": {"n": 1}, "2": {"n": 3}}
    small.run(a=always(first), b=always(second))
    code, said = small.decide("--all", *GIVEN)
    assert code == 0, said
    assert small.run(a=always(first), b=always(second))[0] == 0
    code, said = small.run(a=always(first), b=always({"1": {"n": 1}, "2": {"n": 4}}))
    assert (code, "D-001 reopened: its values have changed" in said) == (1, True), said
    apart = {"x": {"n": 2}, "y": 1}, {"x": {"n": 3}, "y": 1}
    code, said = small.run(a=always(apart[0]), b=always(apart[1]))
    assert (code, "1 case failed because of these causes" in said) == (1, True), said


def _text(_: Received) -> Reply:
    reply = json_reply({}, 404)
    return Reply(status=404, headers=reply.headers, body=b"no such")
