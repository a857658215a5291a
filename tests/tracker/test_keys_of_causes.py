"""How a cause is named on the command line: by its key, which is the same in every run."""

import re
from pathlib import Path

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Received, Reply, always, json_reply
from tests.tracker.small_shop import GIVEN, SmallShop


def test_a_number_of_the_report_is_no_key(tmp_path: Path, command: WarmCommand) -> None:
    """`decide 1` decides nothing, though a key might begin so; the message names the key."""
    small = SmallShop(tmp_path, command)
    small.write()
    small.run(a=always({"v": 1}), b=always({"v": "1"}))
    code, said = small.decide("1", *GIVEN)
    assert code == 2
    assert "1: this is the number of a cause in one report, and no key" in said
    key = re.search(r"give its key, ([a-z2-7]+)", said)
    assert key, said
    assert small.decide(key[1], *GIVEN)[0] == 0


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
