"""Every member of a value that is wrong, by its JSON Pointer."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.misfits import misfits
from reference_impl.kit.problem import MOST_ERRORS


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part, which knows all of its members."""

    id: Annotated[str, Meta(min_length=1)]
    kind: Literal["a", "b"] = "a"
    size: Annotated[int, Meta(ge=0, le=9)] | None = None


class Whole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something of parts."""

    name: str
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    by_name: dict[str, Part | int] | UnsetType = UNSET
    pair: tuple[int, str] | UnsetType = UNSET
    open: dict[str, Any] | UnsetType = UNSET


PART = {"id": "x"}
MISSING, UNKNOWN = "the member is missing", "an unknown member"


@pytest.mark.parametrize(
    ("value", "errors"),
    [
        ({"name": "n", "parts": [PART]}, []),
        (None, [("", "expected object, got null")]),
        ([], [("", "expected object, got array")]),
        ({}, [("/name", MISSING), ("/parts", MISSING)]),
        (
            {"no": 1, "parts": 1},
            [("/name", MISSING), ("/parts", "expected array, got int"), ("/no", UNKNOWN)],
        ),
        ({"name": "n", "parts": []}, [("/parts", "expected array of length >= 1")]),
        (
            {"name": 1, "parts": [PART, {"id": "", "size": 10, "x": 1}, 5, {"kind": "c"}]},
            [
                ("/name", "expected str, got int"),
                ("/parts/1/id", "expected str of length >= 1"),
                ("/parts/1/size", "expected int <= 9"),
                ("/parts/1/x", UNKNOWN),
                ("/parts/2", "expected object, got int"),
                ("/parts/3/id", MISSING),
                ("/parts/3/kind", "not one of the allowed values"),
            ],
        ),
        (
            {"name": "n", "parts": [PART], "by_name": {"a/b": {"id": 1}, "c~d": 1, "": "x"}},
            [
                ("/by_name/a~1b/id", "expected str, got int"),
                ("/by_name/", "expected int | object, got str"),
            ],
        ),
        ({"name": "n", "parts": [PART], "pair": [1, 2]}, [("/pair/1", "expected str, got int")]),
        ({"name": "n", "parts": [PART], "open": {"x": 1}, "ñ": 1}, [("/ñ", UNKNOWN)]),
        ({"name": "n", "parts": [PART], "x" * 65: 1}, [("", UNKNOWN)]),
    ],
)
def test_every_wrong_member_is_named(value: Any, errors: list[tuple[str, str]]) -> None:
    """Fields in the order of their declaration, then what is unknown; no value comes back."""
    assert [(error.pointer, error.detail) for error in misfits(value, Whole)] == errors


def test_texts_are_numbers_unless_strict() -> None:
    """As parameters are read."""
    assert misfits({"id": "x", "size": "3"}, Part, strict=False) == ()
    assert [error.pointer for error in misfits({"id": "x", "size": "3"}, Part)] == ["/size"]


def test_many_faults_are_one_more_than_are_told() -> None:
    """So a sentence can say that there are more, and no more work is done."""
    assert len(misfits([{}] * 1000, list[Part])) == MOST_ERRORS + 1


def test_a_long_list_with_few_faults_is_searched_by_halves() -> None:
    """Not element by element: fewer conversions than elements are needed by far."""
    values: list[Any] = [1.5] * 100_000
    values[77_777] = values[99_999] = "x"
    calls = 0

    def count(_frame: object, event: str, function: Any) -> None:
        nonlocal calls
        calls += event == "c_call" and function is msgspec.convert

    sys.setprofile(count)
    try:
        errors = misfits(values, list[float])
    finally:
        sys.setprofile(None)
    assert [error.pointer for error in errors] == ["/77777", "/99999"]
    assert 2 < calls < 100
