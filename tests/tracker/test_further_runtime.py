"""A further runtime on a side of rows that are there: it is taken in, and makes no row more."""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import always
from tests.tracker.small_shop import GIVEN, SmallShop


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case and a row about it."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    shop.run(a=always({"v": 1}), b=always({"v": "1"}))
    assert shop.decide("--all", *GIVEN)[0] == 0
    return shop


def test_a_further_runtime_is_widened_and_not_decided(
    small: SmallShop, tmp_path: Path, command: WarmCommand
) -> None:
    """Report, `explain` and `decide --all` name the command, and it does."""
    services = {"a": always({"v": 1}), "b": always({"v": "1"}), "c": always({"v": 1})}
    _, said = small.run(**services)
    assert "1 case undecided: conformance tracker widen D-001" in said
    explained = command("explain", "shop/one", cwd=tmp_path).stdout
    assert "undecided in one more runtime: c: `conformance tracker widen D-001`" in explained
    code, said = small.decide("--all", *GIVEN)
    assert code == 1
    assert "D-001 in one more runtime: c: `conformance tracker widen D-001`" in said
    assert small.ledger().count("- id:") == 1
    assert command("tracker", "widen", "D-001", cwd=tmp_path).returncode == 0
    assert small.run(**services)[0] == 0


def test_what_shows_something_else_is_decided(small: SmallShop) -> None:
    """A runtime on no side of the row needs a row of its own."""
    services = {"a": always({"v": 1}), "b": always({"v": "1"}), "c": always({"v": True})}
    _, said = small.run(**services)
    assert "tracker widen" not in said
    assert small.decide("--all", *GIVEN)[0] == 0
    assert small.run(**services)[0] == 0
