"""In about how many lines a cause is fixed: the alternatives of a report are never added up."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from conformance.model.group import Group, GroupSide, Remedy
from conformance.tracker.fix_lines import lines_of_fix


def group(lines: Mapping[str, int | None], *sides: str, for_any: bool) -> Group:
    """Return a cause with remedies in some runtimes, which are on sides.

    `ab` is a side of a and b.
    """
    remedies = tuple(
        Remedy(runtime=name, language="go", where="-", lines=count) for name, count in lines.items()
    )
    held: Any = {
        "sides": tuple(GroupSide(runtimes=tuple(side), facts=(side,)) for side in sides),
        "remedies": remedies,
        "for_any": for_any,
    }
    return cast("Group", type("Held", (), held)())


@pytest.mark.parametrize(
    ("lines", "sides", "for_any", "fixed", "count"),
    [
        pytest.param({"a": 3, "b": 1}, ("a", "b"), True, "", 1, id="one-of-two"),
        pytest.param({"a": 3, "b": 1}, ("a", "b"), True, "a", 3, id="the-side-that-was-chosen"),
        pytest.param(
            {"a": 3, "b": 1, "c": 2}, ("a", "b", "c"), True, "", 3, id="all-but-one-of-three"
        ),
        pytest.param({"a": 3, "b": 1, "c": 1}, ("a", "bc"), True, "", 2, id="a-side-of-two"),
        pytest.param({"a": 3}, ("a", "b"), True, "", 3, id="only-one-is-known"),
        pytest.param({"a": 3}, ("a", "b"), True, "b", None, id="the-other-is-chosen"),
        pytest.param({"a": 3}, ("a", "b", "c"), True, "", None, id="one-of-two-is-unknown"),
        pytest.param({"b": 1, "c": 2}, ("b", "c", "a"), False, "", 3, id="both-odd-ones"),
        pytest.param({"b": 1, "c": 2}, ("b", "c", "a"), False, "c", 2, id="one-odd-one"),
        pytest.param({"b": None}, ("b", "a"), False, "", None, id="nothing-is-known"),
    ],
)
def test_lines_of_a_fix(
    lines: Mapping[str, int | None],
    sides: tuple[str, ...],
    for_any: bool,
    fixed: str,
    count: int | None,
) -> None:
    """One side is fixed, or all but one, or the side that was named."""
    assert lines_of_fix(group(lines, *sides, for_any=for_any), {*fixed}) == count
