"""Situations in which three runtimes differ at a place in several ways, or one has nothing there."""

from typing import Any, Final

from tests.comparison.situations import Sentence, situation

_EMPTY_LIST_LEFT_OUT: Final = (
    "c is the odd one out (absent); a, b: present; zero value vs absent between a and c"
)


def _beside_an_empty_list(name: str, value: str, *expected: Sentence) -> Any:
    """Return a row: an empty list, something else, and no member."""
    bodies = (f'{{"x":1,"p":{each}}}' for each in ("[]", value))
    return situation(f"empty-list-beside-{name}", *bodies, '{"x":1}', expected=[*expected])


KINDS: Final[list[Any]] = [
    _beside_an_empty_list(
        "an-object-and-nothing",
        '{"id":1}',
        ("$.p", "they differ: a array · b object; c: absent", ""),
        ("$.p", _EMPTY_LIST_LEFT_OUT, "c"),
    ),
    _beside_an_empty_list(
        "an-element-and-nothing",
        "[1]",
        ("$.p", "they differ: a · b; c: absent", ""),
        ("$.p", _EMPTY_LIST_LEFT_OUT, "c"),
    ),
    _beside_an_empty_list(
        "a-text-and-nothing",
        '"t"',
        ("$.p", "they differ: a array · b string; c: absent", ""),
        ("$.p", _EMPTY_LIST_LEFT_OUT, "c"),
    ),
    _beside_an_empty_list(
        "an-empty-object-and-nothing",
        "{}",
        ("$.p", "they differ: a array · b object; c: absent", ""),
        ("$.p", "c is the odd one out (absent); a, b: empty list or empty object", "c"),
    ),
    situation(
        "a-map-beside-lists-of-two-lengths",
        '{"l":[{"id":"x","v":1},{"id":"y","v":1},{"id":"z","v":1}]}',
        '{"l":{"x":{"v":1},"y":{"v":1},"z":{"v":1}}}',
        '{"l":[{"id":"x","v":1},{"id":"y","v":1}]}',
        expected=[
            (
                "$.l",
                "b is the odd one out (object); a, c: array; list vs map between a and b",
                "b",
            ),
            ("$.l", "they differ: a · c; b: map by id beside a, object beside c", ""),
        ],
    ),
    situation(
        "three-spellings-of-a-name",
        '[{"id":1}]',
        '[{"_id":1}]',
        '[{"ID":1}]',
        expected=[
            ("$[*].ID", "b is the odd one out (absent); a, c: present", "b"),
            ("$[*]._id", "b is the odd one out (present); a, c: absent", "b"),
            ("$[*]", "they differ: a lowercase · c UPPERCASE", ""),
        ],
    ),
    situation(
        "a-time-in-two-forms-and-null",
        '{"t":1795392000}',
        '{"t":"2026-11-23T00:00:00Z"}',
        '{"t":null}',
        expected=[
            (
                "$.t",
                (
                    "they differ: a epoch seconds beside b, integer beside c · b ISO 8601 Z beside "
                    "a, string beside c · c null; timestamp form between a and b"
                ),
                "",
            ),
        ],
    ),
    situation(
        "a-member-that-two-lack-below-two-kinds",
        '{"p":{}}',
        '{"p":[{"id":1}]}',
        '{"p":{"id":1,"v":2}}',
        expected=[
            (
                "$.p",
                (
                    "b is the odd one out (array); a, c: object; "
                    "single value vs list between b and c"
                ),
                "b",
            ),
            ("$.p.id", "they differ: a absent · c present; not compared: b", ""),
            ("$.p.v", "c is the odd one out (present); a, b: absent", "c"),
        ],
    ),
    situation(
        "one-value-beside-two-lists-of-one",
        '{"x":1,"p":{"id":1,"v":2}}',
        '{"x":1,"p":[1]}',
        '{"x":1,"p":[{"id":1}]}',
        expected=[
            (
                "$.p",
                (
                    "a is the odd one out (object); b, c: array; "
                    "single value vs list between a and c"
                ),
                "a",
            ),
            ("$.p[*]", "they differ: b integer · c object; not compared: a", ""),
            ("$.p.v", "they differ: a present · c absent; not compared: b", ""),
        ],
    ),
]
