"""Lossless JSON, case by case: what is a value, what is only noted, and what is no JSON at all."""

import json
import time
from typing import Final

import pytest

from conformance.comparison.values.json_encoding import canonical, compact
from conformance.comparison.values.lossless_json import (
    DUPLICATE_KEY,
    Document,
    NoJsonError,
    kind_of,
    parse,
    same_scalar,
)
from tests.comparison.differences import by_shape, by_value

LONG = "1" + "0" * 4_999


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        pytest.param(b'{"a":1,"b":[2.50,null,true,"x"]}', (), id="plain"),
        pytest.param(b'{"a":1,"a":2}', ("duplicate-key",), id="duplicate-key"),
        pytest.param(b'[[{"x":{"a":1,"b":0,"a":2}}]]', ("duplicate-key",), id="duplicate-key-deep"),
        pytest.param(b'{"a":1,"\\u0061":2}', ("duplicate-key",), id="duplicate-key-escaped"),
        pytest.param(b"[NaN]", ("non-finite-number",), id="nan"),
        pytest.param(b"[Infinity,-Infinity]", ("non-finite-number",), id="infinity"),
        pytest.param(b"[1E400]", (), id="beyond-a-double"),
        pytest.param(b"[-0]", ("minus-zero",), id="minus-zero"),
        pytest.param(b"[-0.0]", ("minus-zero",), id="minus-zero-with-fraction"),
        pytest.param(b"[-0e5]", ("minus-zero",), id="minus-zero-with-exponent"),
        pytest.param(b"[-0.05,1e-05,0]", (), id="no-minus-zero"),
        pytest.param(b'["-0"]', (), id="minus-zero-in-text"),
        pytest.param(b"[9007199254740991]", (), id="2^53-1"),
        pytest.param(b"[9007199254740992]", ("integer-past-2^53",), id="2^53"),
        pytest.param(b"[9007199254740993]", ("integer-past-2^53",), id="2^53+1"),
        pytest.param(b"[-9007199254740993]", ("integer-past-2^53",), id="-2^53-1"),
        pytest.param(b"[18446744073709551617]", ("integer-past-2^53",), id="2^64+1"),
        pytest.param(LONG.encode(), ("number-too-long",), id="5000-digits"),
        pytest.param(b'["\\ud800"]', ("lone-surrogate",), id="lone-surrogate"),
        pytest.param(b'{"\\udc00":1}', ("lone-surrogate",), id="lone-surrogate-in-a-name"),
        pytest.param(b'["\xed\xa0\x80"]', ("lone-surrogate",), id="lone-surrogate-in-bytes"),
        pytest.param(b'["\\ud83d\\ude00"]', (), id="surrogate-pair"),
        pytest.param(b"\xef\xbb\xbf{}", ("byte-order-mark",), id="byte-order-mark"),
        pytest.param(b'\xef\xbb\xbf{"a":NaN,"a":-0}', ("byte-order-mark", "duplicate-key",
            "minus-zero",
                     "non-finite-number"), id="several"),
    ],
)  # fmt: skip
def test_what_a_careless_parser_hides_is_noted(raw: bytes, notes: tuple[str, ...]) -> None:
    """A text that can be read has a value, and every oddity is a note."""
    assert parse(raw).notes == notes


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        pytest.param('{"a":1}'.encode("utf-16"), "not-utf-8", id="utf-16"),
        pytest.param('{"a":1}'.encode("utf-16-le"), "invalid-json", id="utf-16-without-mark"),
        pytest.param(b'["\xff"]', "not-utf-8", id="invalid-byte"),
        pytest.param(b'["\xc0\x80"]', "not-utf-8", id="overlong"),
        pytest.param(b'["\n"]', "invalid-json", id="raw-newline"),
        pytest.param(b'["\x00"]', "invalid-json", id="raw-nul"),
        pytest.param(b"01", "invalid-json", id="leading-zero"),
        pytest.param(b"[1.]", "invalid-json", id="no-fraction"),
        pytest.param(b"[+1]", "invalid-json", id="plus"),
        pytest.param(b"{} x", "invalid-json", id="trailing-junk"),
        pytest.param(b"{}{}", "invalid-json", id="two-texts"),
        pytest.param(b"[1,]", "invalid-json", id="trailing-comma"),
        pytest.param(b"{'a':1}", "invalid-json", id="single-quotes"),
        pytest.param(b"", "invalid-json", id="nothing"),
        pytest.param(b"  ", "invalid-json", id="blanks"),
        pytest.param(b"\xef\xbb\xbf", "invalid-json", id="only-a-mark"),
        pytest.param(b"[" * 513 + b"]" * 513, "too-deep", id="513-deep"),
    ],
)
def test_what_is_no_json_says_why(raw: bytes, note: str) -> None:
    """A text that cannot be read names its reason."""
    with pytest.raises(NoJsonError) as caught:
        parse(raw)
    assert caught.value.note == note


@pytest.mark.parametrize("depth", [200, 201, 500, 512])
def test_deep_texts_are_read_compared_and_written(depth: int) -> None:
    """A difference at the bottom of a deep text is found without exhausting the stack."""
    first, second = ("[" * depth + inside + "]" * depth for inside in ("1", '"x"'))
    path = "$" + "[*]" * depth
    assert by_value(first, second) == [("type", path, "integer", "string")]
    assert canonical(parse(first.encode()).value) == first.encode()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"[" * 100_000, id="brackets"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="closed-brackets"),
        pytest.param(b'{"a":' * 100_000, id="objects"),
        pytest.param(b'["' + b'\\"' * 100_000, id="unterminated-string"),
        pytest.param(b"[" + b'"\\' * 100_000, id="quotes-and-backslashes"),
        pytest.param(b'["' + b"\\" * 100_000, id="backslashes"),
        pytest.param(b"[" + b"-0" * 100_000, id="minus-zeros"),
        pytest.param(b"[" + b"9" * 1_000_000 + b"x", id="digits"),
    ],
)
def test_hostile_texts_are_refused_at_once(raw: bytes) -> None:
    """What is built to be slow or deep is refused in time that grows with its length only."""
    started = time.process_time()
    with pytest.raises(NoJsonError):
        parse(raw)
    assert time.process_time() - started < 1.0


def test_the_last_of_duplicate_keys_is_the_value() -> None:
    """Duplicate keys keep the last value, as nearly all parsers do."""
    assert parse(b'{"a":1,"a":2}').value == {"a": 2}


def test_numbers_keep_their_spelling() -> None:
    """The canonical bytes hold numbers as they were written, long and extreme ones included."""
    for written in (
        "1.0",
        "1.00",
        "1e0",
        "1E400",
        "-0",
        "-0.0",
        "18446744073709551617",
        LONG,
        f"0.{LONG}",
    ):
        assert canonical(parse(f"[{written}]".encode()).value) == f"[{written}]".encode()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(b"1", "integer", id="integer"),
        pytest.param(b"-0", "integer", id="minus-zero"),
        pytest.param(LONG.encode(), "integer", id="long-integer"),
        pytest.param(b"1.0", "number", id="fraction"),
        pytest.param(b"1e0", "number", id="exponent"),
        pytest.param(b"true", "boolean", id="boolean"),
        pytest.param(b"null", "null", id="null"),
        pytest.param(b'"1"', "string", id="string"),
        pytest.param(b"[]", "array", id="array"),
        pytest.param(b"{}", "object", id="object"),
    ],
)
def test_kinds_are_told_by_spelling(raw: bytes, kind: str) -> None:
    """Every value has one kind; a fraction or an exponent makes a number of an integer."""
    assert kind_of(parse(raw).value) == kind


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("1.0", "1.00", id="zeros"),
        pytest.param("1.0", "1e0", id="exponent"),
        pytest.param("10E399", "1e400", id="beyond-a-double"),
        pytest.param("0.0", "-0.0", id="signs-of-zero"),
        pytest.param("0", "-0", id="signs-of-integer-zero"),
        pytest.param(LONG, LONG, id="5000-digits"),
        pytest.param("1e99999999999999999999", "1e99999999999999999999", id="endless-exponent"),
        pytest.param('{"a":1,"b":2}', '{"b":2,"a":1}', id="member-order"),
        pytest.param('"\\u00e9"', '"é"', id="escape"),
    ],
)
def test_equal_by_value(a: str, b: str) -> None:
    """Spelling and member order are no difference of values."""
    assert by_value(a, b) == by_value(b, a) == []


_UNLIKE = (
    "1",
    "1.5",
    "true",
    '"1"',
    "null",
    "[1]",
    '{"1":1}',
    "0",
    "false",
    '""',
    "[]",
    "{}",
    '"x"',
    "2",
    LONG,
)


@pytest.mark.parametrize("level", [by_shape, by_value])
@pytest.mark.parametrize("around", ["{}", "[{}]", '{{"a":{}}}', "[[{}],0]"])
def test_one_is_not_true_and_not_a_string(level: type, around: str) -> None:
    """Values of different kinds differ at every level, inside lists and objects too."""
    for a, b in (
        ("1", "1.0"),
        ("1", "true"),
        ("1.0", "true"),
        ("1", '"1"'),
        ("0", "false"),
        ('""', "null"),
    ):
        assert len(level(around.format(a), around.format(b))) == 1, (a, b)


def test_unequal_values_are_never_equal() -> None:
    """Each of these values equals itself alone."""
    for a in _UNLIKE:
        for b in _UNLIKE:
            assert bool(by_value(a, b)) == (a != b), (a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("9007199254740992", "9007199254740993", id="past-2^53"),
        pytest.param("9007199254740992.0", "9007199254740993.0", id="past-2^53-with-fraction"),
        pytest.param("1e400", "1e401", id="beyond-a-double"),
        pytest.param("1e99999999999999999999", "1e99999999999999999998", id="endless-exponents"),
        pytest.param("1e99999999999999999999", "1e-99999999999999999999", id="endless-signs"),
        pytest.param(LONG, LONG[:-1] + "1", id="5000-digits"),
        pytest.param('"\\u00e9"', '"e\\u0301"', id="normal-forms"),
        pytest.param('"\\ud800"', '"\\ud801"', id="surrogates"),
    ],
)
def test_close_is_not_equal(a: str, b: str) -> None:
    """What doubles or careless parsers would take for equal is told apart."""
    assert [row[0] for row in by_value(a, b)] in (
        ["value"],
        ["rounded-integer"],
        ["rounded-number"],
        ["unicode-form"],
    )


def test_an_integer_is_not_its_float() -> None:
    """10^30 as an integer and 1e30 differ in kind, and not in value."""
    assert by_value(f"1{'0' * 30}", "1e30") == [("integer-vs-float", "$", "integer", "number")]


def test_scalars_of_two_kinds_are_never_the_same() -> None:
    """Python's 1 == True and 0 == False are not ours, and minus zero is zero."""
    values = [parse(raw).value for raw in (b"0", b"false", b"1", b"true", b"1.0", b'"1"', b"null")]
    assert [[same_scalar(a, b) for b in values] for a in values] == [
        [a is b for b in values] for a in values
    ]
    assert same_scalar(parse(b"-0").value, parse(b"0").value)


def test_surrogates_and_numbers_are_both_readable() -> None:
    """A value with a lone surrogate keeps its number spellings, canonical or compact."""
    value = parse(b'{"b":["\\ud800",1.50,-0],"a":"#1.5#"}').value
    assert compact(value) == '{"b":["\\ud800",1.50,-0],"a":"#1.5#"}'
    assert canonical(value) == b'{"a":"#1.5#","b":["\\ud800",1.50,-0]}'


def test_plain_text_has_no_notes() -> None:
    """A document without oddities is its value and nothing else."""
    assert parse(b'{"a":[1]}') == Document({"a": [1]})


WIDE: Final = 5_000
"""Members: more than 64 KiB of them are read another way."""


@pytest.mark.parametrize("colon", [":", " :", "\n:", "\t:", "\r:", "  : "])
@pytest.mark.parametrize("text", ["plain", "12:30", '"a":1', "a :b"])
@pytest.mark.parametrize("around", ["{}", "[{}]", '{{"below": {{"in it": {}}}}}'])
def test_a_repeated_member_of_a_wide_object_is_noted(colon: str, text: str, around: str) -> None:
    """However it is written, and whatever else has a colon."""
    names = [f"member number {number}" for number in range(WIDE)]

    def written(names: list[str]) -> bytes:
        members = (f"{json.dumps(name)}{colon}{json.dumps(text)}" for name in names)
        return around.format("{" + ",".join(members) + "}").encode()

    assert parse(written(names)) == Document(json.loads(written(names)))
    for again in (names[0], names[-1]):
        document = parse(written([*names, again]))
        assert document == Document(json.loads(written(names)), (DUPLICATE_KEY,))


@pytest.mark.parametrize("members", ['"a" :1,"a":2', '"a":1,"a" :2', '"a":1,"b":{"c":1,"c":2}'])
def test_repeated_members_after_a_wide_beginning_are_noted(members: str) -> None:
    """One is written so that it looks like no member, or it stands further down."""
    wide = ",".join(f'"member number {number}":"a:b"' for number in range(WIDE))
    for text in (f"{{{wide},{members}}}", f"{{{wide.replace('a:b', 'ab')},{members}}}"):
        assert parse(text.encode()).notes == (DUPLICATE_KEY,)
