"""What counts as a social security number and as a pay rate.

It is tested by examples and against a scanner written another way.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference_impl.validatord.service.text import holds_pay_rate, holds_social_security_number

DIGITS = "0123456789"
LOOKS = settings(max_examples=200, deadline=None, database=None)


def digit_at(text: str, index: int) -> bool:
    """Return whether an ASCII digit stands at an index, which may lie outside."""
    return 0 <= index < len(text) and text[index] in DIGITS


def hyphen_at(text: str, index: int) -> bool:
    """Return whether a hyphen stands at an index, which may lie outside."""
    return 0 <= index < len(text) and text[index] == "-"


def scan(text: str) -> bool:
    """Look for a social security number character by character, as the rules page words it."""
    for start in range(len(text) - 10):
        shape = all(
            hyphen_at(text, start + i) if i in (3, 6) else digit_at(text, start + i)
            for i in range(11)
        )
        before = digit_at(text, start - 1) or (
            hyphen_at(text, start - 1) and digit_at(text, start - 2)
        )
        after = digit_at(text, start + 11) or (
            hyphen_at(text, start + 11) and digit_at(text, start + 12)
        )
        if shape and not before and not after:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123-45-6789", True),
        ("x123-45-6789x", True),
        ("-123-45-6789-", True),
        ("a-123-45-6789-b", True),
        ("(123-45-6789)", True),
        ("123-45-67890 123-45-6789", True),
        ("٣123-45-6789", True),
        ("555-123-4567", False),
        ("1-555-123-4567", False),
        ("1-555-12-3456", False),
        ("1123-45-6789", False),
        ("123-45-67890", False),
        ("123-45-6789-1", False),
        ("123 45 6789", False),
        ("123\u201345\u20136789", False),
        ("١٢٣-٤٥-٦٧٨٩", False),
        ("", False),
    ],
)
def test_social_security_numbers_by_example(text: str, *, expected: bool) -> None:
    """Hyphenated digit groups around it make it another number."""
    assert holds_social_security_number(text) is expected


@LOOKS
@given(st.text(alphabet=DIGITS + "-- a\n٣", max_size=40))
@example("0-123-45-6789")
def test_social_security_numbers_in_any_text(text: str) -> None:
    """The pattern and the scanner agree on texts made of what matters."""
    assert holds_social_security_number(text) is scan(text)


@LOOKS
@given(
    st.text(alphabet=DIGITS + "- a", max_size=4),
    st.from_regex(r"[0-9]{3}-[0-9]{2}-[0-9]{4}", fullmatch=True),
    st.text(alphabet=DIGITS + "- a", max_size=4),
)
def test_social_security_numbers_with_neighbours(before: str, number: str, after: str) -> None:
    """The pattern and the scanner agree on a number in any surroundings."""
    text = before + number + after

    assert holds_social_security_number(text) is scan(text)


@pytest.mark.parametrize(
    "text",
    [
        "$25 per hour",
        "$25 an hour",
        "$25 a hour",
        "$60,000 per year",
        "$60000 a year",
        "$1 an year",
        "$25/hr",
        "$25 / hour",
        "$25/yr",
        "$25/year",
        "$60,000 salary",
        "$60000salary",
        "$ 25.50  PER\tHOUR",
        "$1,2,3 Salary.",
        "pay: $9/hr!",
        "$25per hour",
        "$25an\nhour",
        "$25/hré",
    ],
)
def test_pay_rates(text: str) -> None:
    """Each way to word a pay rate is one."""
    assert holds_pay_rate(text)


@pytest.mark.parametrize(
    "text",
    [
        "$25",
        "25 per hour",
        "$25 per hours",
        "$25 hour",
        "$x per hour",
        "$25/hrs",
        "$25 salaryman",
        "$25. per hour",
        "$25 the hour",
        "€25 per hour",
        "$25 perhour",
        "$25\u00a0per hour",
        "$,5 per hour",
        "$25 per month",
        "$25/hr_",
        "$٣ per hour",
    ],
)
def test_no_pay_rates(text: str) -> None:
    """An amount without its unit, or with another, is none."""
    assert not holds_pay_rate(text)
