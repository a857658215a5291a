"""Rows about a whole body, and what differs there past the limit of a report."""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import always
from tests.tracker.small_shop import CASE, GIVEN, LEDGER, SmallShop

_ROW = """\
decisions:
  - id: D-001
    title: all numbers are shifted
    state: open
    kind: intentional
    cause: value
    at: ["$.**"]
    where: [shop/one]
    grows: true
    sides: {v1: [a], v2: [b]}
    pin: {within: {absolute: 1000}}
    reason: agreed
    owner: me
    opened: "2026-11-23"
"""
_COUNT = 203
"""A report shows 200 differences of a case."""


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        pytest.param(1202, "", id="as-decided"),
        pytest.param(9999, "D-001 reopened in shop/one: ", id="out-of-its-bound"),
        pytest.param("202", "number as string at $.m202", id="another-cause"),
    ],
)
def test_a_row_about_a_whole_body_judges_what_a_limit_folds(
    tmp_path: Path, command: WarmCommand, last: object, reason: str
) -> None:
    """The cause and the pin of a row count past the limit, too."""
    shop = SmallShop(tmp_path, command)
    shop.write(CASE.format(rules=""))
    (tmp_path / LEDGER).write_text(_ROW)
    body = {f"m{at}": at for at in range(_COUNT)}
    other: dict[str, object] = {name: value + 1000 for name, value in body.items()}
    code, said = shop.run(a=always(body), b=always({**other, f"m{_COUNT - 1}": last}))
    assert code == (1 if reason else 0), said
    assert ("PARITY" in said) is not bool(reason), said
    assert reason in " ".join(said.split()), said
    assert not reason or "undecided, past the limit" in " ".join(said.split()), said


def test_what_is_past_the_limit_is_said_before_anything_is_decided(
    tmp_path: Path, command: WarmCommand
) -> None:
    """The first report and `decide --all` say how much is left, and how it is decided."""
    shop = SmallShop(tmp_path, command)
    shop.write(CASE.format(rules=""))
    body = {f"m{at}": at for at in range(_COUNT)}
    other = {name: value + 1000 for name, value in body.items()}
    _, said = shop.run(a=always(body), b=always(other))
    left = "shop/one has 3 more differences than the report shows: `decide` writes no rows"
    assert left in " ".join(said.split())
    code, said = shop.decide("--all", *GIVEN)
    assert (code, f"left: {left}" in said) == (1, True), said
