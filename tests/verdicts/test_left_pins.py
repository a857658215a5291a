"""How what was sent differs from the values of a row, in words."""

import pytest
from msgspec.structs import replace

from conformance.model.finding import Sent
from conformance.model.pin import Pin
from conformance.model.signature import Signature
from conformance.verdicts.left_pins import left_pin
from conformance.verdicts.matching import InCase
from tests.verdicts.ledger_rows import finding, row

VALUE = Signature("value", "$.x", "differs", "differs")


def said(pinned: tuple[tuple[str, str], ...], *sent: Sent, place: str = "$.x") -> str:
    """Return what is said of b and a that sent something, beside what a row lists for them."""
    pin = Pin(values=tuple((("a", (of_b,)), ("b", (of_a,))) for of_b, of_a in pinned))
    value = replace(VALUE, path=place)
    return left_pin(
        row(signature=value, pin=pin),
        replace(finding(signature=value), sent=sent),
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
