"""How what was sent differs from the values of a row, in words."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from conformance.model.finding import Sent
from conformance.model.pin import Pin, PinnedPlace
from conformance.model.signature import Signature
from conformance.verdicts.left_pins import left_pin
from conformance.verdicts.matching import InCase
from tests.verdicts.ledger_rows import finding, row

VALUE = Signature("value", "$.x", "differs", "differs")


def said(pinned: tuple[tuple[str, str], ...], *sent: Sent, place: str = "$.x") -> str:
    """Return what is said of what b and others sent, beside what a row lists for b and for them."""
    pin = Pin(values=tuple((("a", (of_b,)), ("b", (of_a,))) for of_b, of_a in pinned))
    value = replace(VALUE, path=place)
    of_all = ("a", *{name for name, _ in sent[0]} - {"a", "b"})
    return left_pin(
        row(signature=value, pin=pin, rest=of_all),
        replace(finding(signature=value, rest=of_all), sent=sent),
        InCase("shop/order", 1),
    )


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        pytest.param("1", "1", id="one"),
        pytest.param("12", "`1` or `2`", id="two"),
        pytest.param("123", "`1` or `2` or `3`", id="as-many-as-are-shown"),
        pytest.param("12345", "`1` or `2` or `3` or 2 other values", id="more"),
    ],
)
def test_no_value_of_several_runs_into_the_next(listed: str, known: str) -> None:
    """Several are quoted, and those that are too many are counted."""
    pinned = tuple((value, "0") for value in listed)
    assert said(pinned, (("a", "0"), ("b", "9"))) == f"b sent 9, the row has {known}"


def test_what_one_side_alone_sent_is_not_named() -> None:
    """The first occurrence with both sides is what the row does not list."""
    seen: tuple[Sent, ...] = ((("b", "1"),), (("a", "2"), ("b", "3")))
    assert said((("1", "2"), ("3", "4")), *seen) == (
        "b sent 3, a sent 2, which the row does not list together"
    )


def test_in_an_element_the_values_of_both_sides_are_shown() -> None:
    """Another element may differ now, so that no side alone has changed."""
    seen = (("a", "0"), ("b", "9"))
    assert said((("1", "2"), ("3", "4")), seen, place="$.x[*]") == (
        "in an element b sent 9, a sent 0; the row has `b 1 beside a 2` or `b 3 beside a 4`"
    )


def test_one_runtime_of_a_side_is_named() -> None:
    """All of a side sent the same as long as the row's difference is the one that was decided."""
    seen = (("a", "9"), ("b", "1"), ("c", "9"))
    assert said((("1", "2"),), seen) == "a sent 9, the row has 2"


@pytest.mark.parametrize(
    ("sent", "said_of_it"),
    [
        pytest.param("2", "the row has 1 there (2 at $.y)", id="at-another-place"),
        pytest.param("3", "the row has 1 there (3 in shop/two)", id="in-another-case"),
        pytest.param("4", "the row has 1 there", id="nowhere"),
    ],
)
def test_another_place_that_has_just_this_value_is_named(sent: str, said_of_it: str) -> None:
    """Values by place may have been exchanged."""
    places = (("shop/order", "$.x", "1"), ("shop/order", "$.y", "2"), ("shop/two", "$.x", "3"))
    by_place = tuple(
        PinnedPlace(case, place, ((("a", (value,)), ("b", ("0",))),))
        for case, place, value in places
    )
    seen = replace(finding(signature=VALUE), sent=((("a", "0"), ("b", sent)),))
    held = row(signature=VALUE, pin=Pin(by_place=by_place))
    assert left_pin(held, seen, InCase("shop/order", 1)) == f"b sent {sent}, {said_of_it}"


@pytest.mark.parametrize(
    ("pin", "past"),
    [
        pytest.param(Pin(order=True), "b sent 9, a sent 0", id="another-order-only"),
        pytest.param(Pin(absolute=Decimal(1)), "b sent 9, a sent 0", id="near"),
        pytest.param(Pin(matches="^[0-8]$"), "b sent 9", id="pattern"),
    ],
)
def test_what_is_past_a_bound(pin: Pin, past: str) -> None:
    """Of a pattern only what does not match is named."""
    seen = replace(finding(signature=VALUE), sent=((("a", "0"), ("b", "9")),))
    why = left_pin(row(signature=VALUE, pin=pin), seen, InCase("shop/order", 1))
    assert why == f"{past}, which is not within its bound"
