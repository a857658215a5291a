"""Pairs of bodies of any size, each of a form that one idiom has to look at closely."""

import random
from collections.abc import Callable
from typing import Any, Final

from conformance.errors import Place
from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule, Rule

Pair = tuple[Any, Any]
KEY: Final[tuple[Rule, ...]] = (
    AlignRule(path=parse_path("$"), key=("id",), why="w", place=Place("s.yaml", 1, 1)),
)


def name(number: int) -> str:
    """Return a member name of letters alone, so that no object is taken for a map."""
    return "m" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")


def _word(number: int) -> str:
    return f"{name(number)}-{random.Random(number).randrange(1 << 30)}"  # noqa: S311 - no secret


def _members(size: int, value: Callable[[int], Any] = int) -> dict[str, Any]:
    return {name(number): value(number) for number in range(size)}


def _roundings(size: int) -> Pair:
    """Return lists by key in which every value is one more.

    A number between two values may be anywhere in the bodies.
    """
    rows = [{"id": number, "v": number} for number in range(size)]
    return rows, [row | {"v": row["v"] + 1} for row in rows]


def _counts(size: int) -> Pair:
    """Return objects of counts that are one more, beside a list whose length they may be."""
    first = {f"{name(number)}_count": number for number in range(size)}
    return first | {"held": [1]}, {key: count + 1 for key, count in first.items()} | {"held": [1]}


def _tagged(size: int) -> Pair:
    """Return a variant with many members, and its flat form.

    The flat form has as many zero values beside them.
    """
    flat = {"Kind": "schema", **_members(size), **{f"z{name(number)}": 0 for number in range(size)}}
    return {"Schema": _members(size)}, flat


def _envelopes(size: int) -> Pair:
    """Return an object of objects, any of which may be the other side's body."""
    return _members(size, lambda _: {"x": 1}), {f"y{name(number)}": 1 for number in range(size)}


def _permuted(size: int) -> Pair:
    """Return two reordered objects in which half of the members show the other order.

    No member is named as an id.
    """
    one, two = _members(size, _word), _members(size, lambda number: f"{_word(number)}!")
    stay = {key: key[-1] in "acegi" for key in one}
    first, second = (
        {key: (x if stay[key] else y)[key] for key in one} for x, y in ((two, one), (one, two))
    )
    return [one, two], [first, second]


def _codes(size: int) -> Pair:
    """Return errors with many codes that differ."""
    return _error("a", size), _error("b", size)


def _error(side: str, size: int) -> dict[str, Any]:
    return {"errors": _members(size, lambda number: {"code": f"{side}{number}"})}


GROWING: Final[dict[str, tuple[Callable[[int], Pair], tuple[Rule, ...], int]]] = {
    "rounding-mode": (_roundings, KEY, 200),
    "off-by-one": (_counts, (), 200),
    "externally-tagged-enum": (_tagged, (), 200),
    "envelope": (_envelopes, (), 200),
    "another-order": (_permuted, (), 200),
    "error-code": (_codes, (), 400),
}
"""By idiom: what makes a pair of a size, the rules of its comparison, and the status of both
answers.
"""
