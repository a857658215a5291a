"""One value spelled in two ways is reported by value as its cause.

This holds only where the cause explains every pair.
"""

import json
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, by_shape, by_value, mirrored
from tests.comparison.evidence.cures import without_cure

PAIRS: dict[str, list[tuple[Any, ...]]] = {
    "text-case": [
        ("IN_TRANSIT", "inTransit", "all capitals", "first letter small"),
        ("NEW", "new", "all capitals", "first letter small"),
        ("Active", "active", "first letter a capital", "first letter small"),
        ("InTransit", "in_transit", "first letter a capital", "snake_case"),
        ("inTransit", "in_transit", "camelCase", "snake_case"),
        ("not-found", "not_found", "kebab-case", "snake_case"),
        ("base64_encoded", "base64Encoded", "snake_case", "camelCase"),
    ],
    "rounded-integer": [
        (9007199254740993, 9007199254740992, "exact", "rounded to a double"),
        (12345678901234567890, 12345678901234567168, "exact", "rounded to a double"),
        (12345678901234567890, 12345678901234567000, "exact", "rounded to a double"),
    ],
    "rounded-number": [
        (0.10000000149011612, 0.1, "more digits", "fewer digits"),
        (0.30000000000000004, 0.3, "more digits", "fewer digits"),
        (0.3333333333333333, 0.33333334, "more digits", "fewer digits"),
        (-33.333333333333336, -33.333332, "more digits", "fewer digits"),
        (0.3333333333333333, 0.3333333432674408, "double precision", "single precision"),
        (16777217.5, 16777218.0, "more digits", "fewer digits"),
        (12.345678, 12.35, "more digits", "fewer digits"),
        (12.345678, 12.34, "more digits", "fewer digits"),
        (1.1234567165374756, 1.1234567, "more digits", "fewer digits"),
    ],
    "replaced-characters": [
        ("caf\u00e9", "caf\ufffd", "as they are", "replaced by U+FFFD"),
        ("caf\u00e9", "caf?", "as they are", "replaced by ?"),
        ("caf\ufffd", "caf?", "replaced by U+FFFD", "replaced by ?"),
        ("\u65e5\u672c a \u8a9e", "\ufffd\ufffd\ufffd a \ufffd", "as they are",
            "replaced by U+FFFD"),
    ],
    "decoded-twice": [
        ("Gr\u00fc\u00dfe", "Gr\u00c3\u00bc\u00c3\u009fe", "as they are",
            "UTF-8 read as Latin-1"),
        ("5 \u20ac", "5 \u00e2\u201a\u00ac", "as they are", "UTF-8 read as Latin-1"),
    ],
    "letter-case": [
        ("ab12cd34", "AB12CD34", "fewer capitals", "more capitals"),
        ("9b12cd34", "9B12CD34", "fewer capitals", "more capitals"),
        ("deadbeef01", "DEADBEEF01", "fewer capitals", "more capitals"),
    ],
    "uuid-form": [
        ("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "6ba7b8109dad11d180b400c04fd430c8",
            "upper case with hyphens",
         "lower case without hyphens"),
        ("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
         "braces lower case with hyphens", "lower case with hyphens"),
    ],
    "base64-form": [("a-_bcdefgA==", "a+/bcdefgA", "URL-safe, padded", "standard, not padded")],
    "escaped-text": [("a &amp; &lt;b&gt;", "a & <b>", "escaped for HTML", "as it is")],
    "unicode-form": [("\u00e9t\u00e9", "e\u0301te\u0301", "composed", "decomposed")],
    "timestamp-form": [
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00.123Z", "whole seconds",
            "3 digits of a second"),
        ("2026-11-23T10:00:00.120Z", "2026-11-23T10:00:00.12Z", "3 digits of a second",
            "2 digits of a second"),
        ("2026-11-23T10:00:00+02:00", "2026-11-23T09:00:00+01:00", "offset +02:00",
            "offset +01:00"),
        ("Fri, 02 Jan 2026 03:04:05 +0000", "Fri, 02 Jan 2026 05:04:05 +0200", "offset +0000",
            "offset +0200"),
        ("2 Jan 2026 03:04:05 GMT", "02 Jan 2026 03:04:05 GMT", "days without a zero",
            "days of two digits"),
    ],
}  # fmt: skip
MISSES: dict[str, list[tuple[Any, ...]]] = {
    "text-case": [("Active", "Inactive"), ("in transit", "on hold"), ("a1", "a2"), ("", "-")],
    "rounded-integer": [(9007199254740993, 9007199254740994), (12, 13), (9007199254740993,
        9007199254740995),
        (12345678901234567168, 12345678901234567000)],
    "rounded-number": [(1.5, 1.4), (16777217, 16777216), (0.333333, 0.333334), (12.345, 12.36),
        (0.1, 0.2), (1e-40, 2e-40), (0.004, 0.01),
        (12.3401, 12.35), (1763856000.123456, 1763856020.12), (16777217.25, 16777216.5)],
    "replaced-characters": [("caf\u00e9", "bar\ufffd"), ("cafe", "caf\ufffd"), ("caf\u00e9s",
        "caf\ufffd"), ("a", "?"),
        ("caf\u00e9", "caf"), ("caf\u00e9", "caf?s"), ("caf\u00e9s", "caf?")],
    "decoded-twice": [("Gr\u00fc\u00dfe", "Gr\u00c3\u00bc\u00c3e"),
        ("\u00c3", "\u00c3\u00bc"), ("ab", "\u00c3\u00bc")],
    "uuid-form": [("6ba7b8109dad11d180b400c04fd430c8", "7ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("0b-cd", "0bcd")],
    "base64-form": [("a-_bcdefgA==", "a+/bcdefgB"), ("a-b", "a+b")],
    "escaped-text": [("a &amp; b", "a & c"), ("a &amp; b", "a b")],
    "unicode-form": [("\u00e9", "e"), ("K", "\u212a")],
    "timestamp-form": [
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:01.123Z"), ("2026-11-23T10:00:00.1Z",
            "2026-11-23T10:00:00.23Z"),
        ("2026-11-23T10:00:00+02:00", "2026-11-23T10:00:00+01:00"),
        ("Fri, 02 Jan 2026 03:04:05 +0000", "Fri, 02 Jan 2026 03:04:05 +0200"),
        ("20260102030405", "2026-01-02T03:04:05"), ("2 Foo 2026 03:04:05 GMT",
            "02 Foo 2026 03:04:05 GMT"),
    ],
}  # fmt: skip
CLAIMS = [
    pytest.param(name, *pair, id=f"{name}-{n}")
    for name, pairs in PAIRS.items()
    for n, pair in enumerate(pairs)
]
NEAR = [
    pytest.param(name, *pair, id=f"{name}-{n}")
    for name, pairs in MISSES.items()
    for n, pair in enumerate(pairs)
]


@pytest.mark.parametrize(("name", "a", "b", "a_fact", "b_fact"), CLAIMS)
def test_a_spelling_is_claimed(name: str, a: object, b: object, a_fact: str, b_fact: str) -> None:
    """By value the two spellings are one difference with its cause, from either side.

    By shape they are none.
    """
    first, second = json.dumps({"a": [a, "x"]}), json.dumps({"a": [b, "x"]})
    assert by_value(first, second) == [(name, "$.a[*]", a_fact, b_fact)]
    assert by_value(second, first) == mirrored(by_value(first, second))
    assert by_shape(first, second) == []
    assert without_cure(name, a_fact, b_fact) == []


@pytest.mark.parametrize(("name", "a", "b"), NEAR)
def test_another_value_is_not_claimed(name: str, a: object, b: object) -> None:
    """What may be another value is reported as one."""
    seen = by_value(json.dumps(a), json.dumps(b))
    assert seen == by_value(json.dumps(b), json.dumps(a)) == [("value", "$", "differs", "differs")]
    assert name not in {row[0] for row in seen}


@pytest.mark.parametrize(("name", "a", "b", "a_fact", "b_fact"), CLAIMS)
def test_a_spelling_hides_no_other_value(
    name: str, a: object, b: object, a_fact: str, b_fact: str
) -> None:
    """A pair at the same place that is not explained is named beside it.

    What may be chance is then claimed no more.
    """
    other = ("x", "y") if isinstance(a, str) else (a, 7 if isinstance(a, int) else 7.5)
    seen = by_value(json.dumps([a, other[0]]), json.dumps([b, other[1]]))
    claimed = [] if name == "rounded-number" else [(name, "$[*]", a_fact, b_fact)]
    assert seen == sorted([*claimed, ("value", "$[*]", "differs", "differs")])


def test_text_escaped_as_json_is_the_same_text() -> None:
    """How JSON itself escapes a character is no difference at all."""
    assert by_value('{"a":"<b>&\u00e9"}', '{"a":"\\u003cb\\u003e\\u0026\\u00e9"}') == []


PART = '--B\r\nContent-Disposition: form-data; name="v"\r\n\r\n{}\r\n--B--\r\n'
OTHER_BODIES: dict[str, tuple[str, str, Callable[[str], str], str]] = {
    "form": ("application/x-www-form-urlencoded", "v={}", quote, "$.v[*]"),
    "part": ("multipart/form-data; boundary=B", PART, str, "$.v.body"),
    "html": ("text/html; charset=utf-8", "<p>{}</p>", escape, "$.p"),
    "html-attribute": ("text/html; charset=utf-8", '<p v="{}"></p>', escape, "$.p['@v']"),
    "xml": ("application/xml", "<p>{}</p>", escape, "$.p"),
    "xml-attribute": ("application/xml", '<p v="{}"/>', escape, "$.p['@v']"),
}
"""By name: the media type, the body around a text, how a text is escaped in it, and the place."""
OF_TEXTS = {
    name: pairs[0]
    for name, pairs in PAIRS.items()
    if isinstance(pairs[0][0], str) and name != "timestamp-form"
} | {"trimmed-text": ("two words ", "two words", "with space around", "trimmed")}


@pytest.mark.parametrize("body", OTHER_BODIES)
@pytest.mark.parametrize("name", OF_TEXTS)
def test_a_spelling_has_the_same_name_in_any_body(body: str, name: str) -> None:
    """A text in markup, in a form or in a part has the spellings that one in JSON has."""
    media, around, escaped, place = OTHER_BODIES[body]
    *texts, a_fact, b_fact = OF_TEXTS[name]
    first, second = (answer(around.format(escaped(text)), media=media) for text in texts)
    is_folded = name == "trimmed-text" and place == "$.p"  # white space around it is nothing there
    wanted = [] if is_folded else [(name, place, a_fact, b_fact)]
    assert between(first, second, CompareLevel.VALUE) == wanted
    assert between(second, first, CompareLevel.VALUE) == mirrored(wanted)
    assert between(first, second, CompareLevel.SHAPE) == []
