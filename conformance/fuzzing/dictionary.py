"""Values that are tried one at a time, as a table with at least one row for each idiom of a value.

The first row of a group finds the most differences, so it is tried long before the others. Rows for
JSON are JSON texts and are sent exactly as written, so that spellings such as `1.0` count. Rows for
text are for parameters and header fields; in a target they are percent-encoded, except those of raw
spellings.
"""

from functools import partial
from typing import Final, NamedTuple


class Entry(NamedTuple):
    """A value: its group, and its text as it is sent."""

    group: str
    text: str


def _rows(**groups: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(name.replace("_", " "), text)
        for name, words in groups.items()
        for text in words.split()
    )


def _texts(group: str, *texts: str) -> tuple[Entry, ...]:
    return tuple(map(partial(Entry, group), texts))


def _times(group: str, words: str) -> tuple[Entry, ...]:
    return _texts(group, *map('"{}"'.format, words.split()))


NUMBERS: Final = _rows(
    small_numbers="0 1 2 3 -1 4 5 6 7 8 9 10 11 12 13 15 16 20 24 25 31 32 33 50 64 99 100 101 -2 "
    "-10 -100",
    round_bounds="127 128 255 256 500 999 1000 1001 1024 9999 10000 10001 32768 65535 65536 "
    "100000 1000000 1000001",
    integer_bounds="""9007199254740993 2147483647 2147483648 -2147483648 -2147483649 4294967296
        9007199254740991 9223372036854775807 9223372036854775808 -9223372036854775809 18446744073709551616
        123456789012345678901234567890""",
    fractions="0.125 0.5 1.5 2.5 -0.5 0.1 0.01 0.001 1.005 2.675 10.005 0.285 3.14159 19.99 "
    "99.995 0.0001 0.005 0.025 0.0025 0.0625 1e-7",
    digits="0.30000000000000004 12.345678901234567 0.1234567890123456789 1e21 123456789.123456789",
    number_spellings="-0 -0.0 0.0 1.0 2.0 3.00 1e0 1E2 1e2 1.5e3 100.0 1e308 1e400",
    no_JSON_numbers="NaN Infinity -Infinity 01 +1 .5 1. 0x10 1_000",
)
TEXTS: Final = (
    *_texts("empty text", '""', '" "', '"  "'),
    *_texts(
        "space around",
        '" alpha"',
        '"alpha "',
        '" alpha "',
        '"\\talpha\\n"',
        '"\\u00a0alpha"',
        '"two  words"',
    ),
    *_texts("letter case", '"ALPHA"', '"Alpha"', '"aLPHA"', '"ß"', '"İstanbul"', '"ǅ"'),
    *_texts(
        "composed text",
        '"cafe\\u0301"',
        '"café"',
        '"é"',
        '"ﬁ"',
        '"Å"',
        '"\\u212b"',
        '"１２"',
        '"\\u0661"',
    ),
    *_texts(
        "other scripts", '"日本語"', '"Ωmega"', '"שלום"', '"a\\u202eb"', '"naïve"', '"Zoë Ødegård"'
    ),
    *_texts("beyond 16 bits", '"😀"', '"👩‍👩‍👧"', '"\\ud83d\\ude00"', '"𝔘"', '"a😀b"'),
    *_texts(
        "hidden characters",
        '"a\\u0000b"',
        '"a\\u200bb"',
        '"\\ufeffa"',
        '"a\\u001fb"',
        '"a\\u007fb"',
        '"\\u2028"',
    ),
    *_texts("lone surrogates", '"\\ud800"', '"a\\udc00"'),
    *_texts(
        "markup",
        '"<b>&amp;</b>"',
        '"a & b"',
        '"a\\"b\'c"',
        '"a\\\\b"',
        '"a/b"',
        '"\\/"',
        '"%41+b"',
        '"{{x}}"',
    ),
    *_texts("lines", '"a\\nb"', '"a\\r\\nb"', '"a\\tb"'),
    *_texts(
        "numbers in text",
        '"0"',
        '"1"',
        '"-1"',
        '"1.0"',
        '"007"',
        '"1e3"',
        '"NaN"',
        '"0x10"',
        '"1,5"',
        '" 1 "',
    ),
    *_texts(
        "words of other types",
        '"true"',
        '"false"',
        '"null"',
        '"undefined"',
        '"None"',
        '"[]"',
        '"{}"',
        '"yes"',
    ),
    *_texts(
        "injections",
        '"\'; --"',
        '"../x"',
        '"$x"',
        '"*"',
        '"a,b"',
        '"a;b"',
        '"#a"',
        '"?a"',
        '"a=b"',
        '"_"',
        '"-"',
    ),
    *(
        Entry("lengths", f'"{"x" * size}"')
        for size in (1, 2, 3, 4, 5, 8, 10, 16, 19, 20, 21, 30, 31, 32, 33, 40, 41)
    ),
    *(
        Entry("lengths", f'"{"x" * size}"')
        for size in (49, 50, 51, 63, 64, 65, 99, 100, 101, 127, 128, 129, 200, 201)
    ),
    *(
        Entry("lengths", f'"{"x" * size}"')
        for size in (254, 255, 256, 257, 500, 501, 1000, 1001, 1025, 4097, 10001)
    ),
    *(
        Entry("bytes and characters", f'"{"é" * size}"')
        for size in (10, 20, 32, 50, 64, 100, 128, 255)
    ),
)
DATES: Final = _texts(
    "dates",
    *(
        f'"{date}"'
        for date in """2026-02-29 2026-01-15 2024-02-29 2026-02-30 2026-13-01 2026-1-5 20260115 15/01/2026 01/15/2026
        0000-01-01 0001-01-01 9999-12-31 1969-12-31 1970-01-01 2026-12-31 2026-W03-4 2026-015 tomorrow""".split()
    ),
)
TIMES: Final = (
    *_times(
        "offsets",
        """2026-01-15T23:30:00-05:00 2026-01-15T10:30:00+00:00 2026-01-15T10:30:00-00:00
        2026-01-15T10:30:00+02:00 2026-01-15T10:30:00+05:30 2026-01-15T10:30:00+0200
        2026-03-29T02:30:00+01:00 2026-01-15T10:30:00+14:00 2026-01-15T10:30:00+25:00""",
    ),
    *_times(
        "fractions of a second",
        """2026-01-15T10:30:00.5Z 2026-01-15T10:30:00.123456789Z 2026-01-15T10:30:00.000Z""",
    ),
    *_times(
        "points in time",
        """1969-12-31T23:59:59Z 2026-01-15T10:30:00Z 2016-12-31T23:59:60Z 2026-01-15T24:00:00Z
        9999-12-31T23:59:59Z 2038-01-19T03:14:08Z""",
    ),
    *_times(
        "spellings of times",
        """2026-01-15T10:30:00 2026-01-15T10:30Z 2026-01-15t10:30:00z""",
    ),
    *_texts(
        "spellings of times",
        '"2026-01-15 10:30:00"',
        '"2026-01-15 10:30:00Z"',
        '"Thu, 15 Jan 2026 10:30:00 GMT"',
    ),
)
FORMATS: Final = _texts(
    "formats",
    '"6BA7B810-9DAD-41D1-80B4-00C04FD430C8"',
    '"6ba7b8109dad41d180b400c04fd430c8"',
    '"{6ba7b810-9dad-41d1-80b4-00c04fd430c8}"',
    '"00000000-0000-0000-0000-000000000000"',
    '"urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8"',
    '"Ann@Example.COM"',
    '"ann+tag@example.com"',
    '"ann@localhost"',
    '"ann"',
    '"a@b@c"',
    '"ann@exämple.com"',
    '"http://example.com"',
    '"HTTP://EXAMPLE.com/%7Ea"',
    '"aGk"',
    '"aGk="',
    '"a-_b"',
    '"a+/b"',
    '"PT90M"',
    '"1h30m"',
    '"EUR"',
    '"eur"',
    '"+47 12 34 56 78"',
)
ANY_TYPE: Final = _rows(
    another_type='null true false 0 1 -1 1.0 1.5 "" "1" "x" [] {}',
)
NESTED: Final = _rows(
    another_type='[1] [null] [[]] {"a":1} [{}]',
)
"""Further values of other types: a service that refuses `[]` and `{}` rarely accepts these."""
BOOLEANS: Final = _rows(
    booleans='true false null 0 1 2 "true" "false" "True" "1" "yes" "on" "" [] [true]',
)
PARAMETER_SPELLINGS: Final = _texts(
    "raw spellings",
    "%20",
    "+",
    "a+b",
    "a%20b",
    "%2F",
    "a%2Fb",
    "%2f",
    "%00",
    "%0A",
    "%",
    "%4",
    "%zz",
    "%FF",
    "%C3%A9",
    "%c3%a9",
    "e%CC%81",
    "%2B1",
    "+1",
    "%25",
    "1%20",
    "%201",
    "1;2",
    "1,2",
    "a,b",
    "*",
    "..",
    "%2E%2E",
    "~",
    "'",
    "%22a%22",
    "[1]",
    "%5B1%5D",
    "0x1",
    "1_0",
    "%EF%BC%91",
    "%D9%A1",
    "%F0%9F%98%80",
)
UNKNOWN: Final = "zz_unknown"
"""A name or id that no service knows, for a member, a parameter, a header field or an id."""
