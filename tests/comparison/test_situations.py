"""A table of situations of 2 to 5 runtimes: the sentence that is told of each, and who is the odd one out."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any, Final

import pytest

from conformance.comparison.grouping import Grouping
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel, NumberRule, Rule
from conformance.model.json_path import parse_path
from conformance.model.observation import Answer, Cell
from conformance.reporting.phrases import sides
from tests.comparison.differences import PLACE, answer
from tests.comparison.live_runs import case

STATUS, SHAPE, VALUE = CompareLevel.STATUS, CompareLevel.SHAPE, CompareLevel.VALUE
NEAR: Final = (NumberRule(path=parse_path("$.x"), relative=0, absolute=1, why="w", place=PLACE),)
Told = tuple[str, str, str]
"""A place, the sentence about it, and the odd runtimes as one word."""


def x(value: object) -> str:
    """Return a body with one member, its value as JSON."""
    return f'{{"x":{value}}}'


def text(body: str, status: int = 200) -> Answer:
    """Return an answer in plain text."""
    return answer(body, status, media="text/plain")


def situation(  # the runtimes are a, b, c, d and e, in the order of their answers
    name: str, *given: str | Answer, told: list[Told], **how: Any
) -> Any:
    """Return a row of the table; a text is a body of JSON."""
    return pytest.param(given, how, told, id=name)


def told_of(
    given: Sequence[str | Answer],
    base: str | None = None,
    level: CompareLevel = VALUE,
    rules: tuple[Rule, ...] = (),
) -> Iterator[Told]:
    """Yield what is told of each finding, as the only one of its group."""
    asked = case(compare=level, rules=rules)
    answers = [answer(each) if isinstance(each, str) else each for each in given]
    cells = [Cell(runtime=name, live=True, observations=(each,)) for name, each in zip("abcde", answers, strict=False)]
    for finding in compare_case(asked, cells, base).findings:
        grouping = Grouping({})
        grouping.add_findings("s/c", [asked.steps[0].request], [finding], [()])
        (group,) = grouping.groups()
        yield finding.place, sides(group), "".join(group.odd)


SITUATIONS: Final = [
    # values
    situation("two-values", x(1), x(2), told=[("$.x", "they differ: a · b", "")]),
    situation("two-values-baseline", x(1), x(2), base="a", told=[("$.x", "b is the odd one out; a", "b")]),
    situation("two-values-other-baseline", x(1), x(2), base="b", told=[("$.x", "a is the odd one out; b", "a")]),
    situation("three-values", x(1), x(2), x(3), told=[("$.x", "they differ: a · b · c", "")]),
    situation(
        "three-values-baseline", x(1), x(2), x(3), base="b", told=[("$.x", "a · c: are the odd ones out; b", "ac")]
    ),
    situation("one-of-three", x(1), x(1), x(2), told=[("$.x", "c is the odd one out; a, b", "c")]),
    situation("first-of-three", x(1), x(2), x(2), told=[("$.x", "a is the odd one out; b, c", "a")]),
    situation("one-of-four", x(1), x(2), x(2), x(2), told=[("$.x", "a is the odd one out; b, c, d", "a")]),
    situation("two-and-two", x(1), x(2), x(2), x(1), told=[("$.x", "they differ: a, d · b, c", "")]),
    situation("two-one-one", x(1), x(2), x(2), x(3), told=[("$.x", "they differ: a · b, c · d", "")]),
    situation(
        "three-of-five", x(1), x(2), x(2), x(2), x(3), told=[("$.x", "a · e: are the odd ones out; b, c, d", "ae")]
    ),
    situation("two-of-five", x(1), x(1), x(2), x(3), x(4), told=[("$.x", "they differ: a, b · c · d · e", "")]),
    situation("outvoted-baseline", x(1), x(2), x(2), base="a", told=[("$.x", "b, c are the odd ones out; a", "bc")]),
    situation(
        "outvoted-baseline-of-five",
        x(1),
        x(2),
        x(2),
        x(2),
        x(3),
        base="e",
        told=[("$.x", "a · b, c, d: are the odd ones out; e", "abcd")],
    ),
    situation("baseline-agrees", x(1), x(2), x(2), base="c", told=[("$.x", "a is the odd one out; b, c", "a")]),
    situation("unknown-baseline", x(1), x(2), base="z", told=[("$.x", "they differ: a · b", "")]),
    # statuses
    situation(
        "two-statuses", answer(status=200), answer(status=404), told=[("status", "they differ: a 200 · b 404", "")]
    ),
    situation(
        "two-statuses-baseline",
        answer(status=200),
        answer(status=404),
        base="a",
        told=[("status", "b is the odd one out (404); a: 200", "b")],
    ),
    situation(
        "500-of-two", answer(status=500), answer(status=400), told=[("status", "they differ: a 500 · b 400", "")]
    ),
    situation(
        "500|400|400",
        text("one", 500),
        text("two", 400),
        text("three", 400),
        told=[("status", "a is the odd one out (500); b, c: 400", "a"), ("$", "they differ: b · c", "")],
    ),
    situation(
        "three-statuses",
        answer(status=200),
        answer(status=404),
        answer(status=500),
        told=[("status", "they differ: a 200 · b 404 · c 500", "")],
    ),
    situation(
        "three-statuses-baseline",
        answer(status=200),
        answer(status=404),
        answer(status=500),
        base="c",
        told=[("status", "a 200 · b 404: are the odd ones out; c: 500", "ab")],
    ),
    situation(
        "200|201|201",
        answer(status=200),
        answer(status=201),
        answer(status=201),
        told=[("status", "a is the odd one out (200); b, c: 201", "a")],
    ),
    situation(
        "204|200|200",
        answer("", 204, media=None),
        answer(status=200),
        answer(status=200),
        told=[("status", "a is the odd one out (204); b, c: 200", "a")],
    ),
    situation(
        "422|400|400",
        answer(status=422),
        answer(status=400),
        answer(status=400),
        told=[("status", "a is the odd one out (422); b, c: 400", "a")],
    ),
    situation(
        "status-and-member",
        answer(x(1), 200),
        answer("{}", 201),
        answer(x(1), 201),
        told=[
            ("status", "a is the odd one out (200); b, c: 201", "a"),
            ("$.x", "b is the odd one out (absent); a, c: present", "b"),
        ],
    ),
    situation(
        "error-says-nothing-below",
        answer(x(9), 404),
        answer(x(1), 200),
        answer(x(2), 200),
        told=[("status", "a is the odd one out (404); b, c: 200", "a"), ("$.x", "they differ: b · c", "")],
    ),
    situation(
        "error-and-two-that-agree",
        answer(x(9), 404),
        answer(x(1), 200),
        answer(x(1), 200),
        told=[("status", "a is the odd one out (404); b, c: 200", "a")],
    ),
    situation(
        "two-errors-two-successes",
        answer('{"e":1}', 404),
        answer('{"f":1}', 404),
        answer(x(1), 200),
        answer(x(2), 200),
        told=[
            ("$", "they differ: a e · b f", ""),
            ("status", "they differ: a, b 404 · c, d 200", ""),
            ("$.x", "they differ: c · d", ""),
        ],
    ),
    situation(
        "status-level",
        answer(x(1), 200),
        answer(status=404),
        answer(status=404),
        level=STATUS,
        told=[("status", "a is the odd one out (200); b, c: 404", "a")],
    ),
    # members
    situation(
        "xmn",
        '{"x":1}',
        '{"x":1,"m":1}',
        '{"x":1,"m":1,"n":1}',
        level=SHAPE,
        told=[
            ("$.m", "a is the odd one out (absent); b, c: present", "a"),
            ("$.n", "c is the odd one out (present); a, b: absent", "c"),
        ],
    ),
    situation("member-of-two", '{"x":1}', "{}", told=[("$.x", "they differ: a present · b absent", "")]),
    situation(
        "member-of-one-of-three",
        '{"x":1,"y":1}',
        '{"x":1}',
        '{"x":1}',
        told=[("$.y", "a is the odd one out (present); b, c: absent", "a")],
    ),
    situation(
        "member-missing-in-one",
        '{"x":1}',
        '{"x":1,"y":1}',
        '{"x":1,"y":1}',
        told=[("$.y", "a is the odd one out (absent); b, c: present", "a")],
    ),
    situation(
        "member-tie",
        '{"x":1}',
        '{"x":1,"y":1}',
        '{"x":1,"y":1}',
        '{"x":1}',
        told=[("$.y", "they differ: a, d absent · b, c present", "")],
    ),
    situation(
        "member-baseline-lacks",
        '{"x":1}',
        '{"x":1,"y":1}',
        '{"x":1,"y":1}',
        base="a",
        told=[("$.y", "b, c are the odd ones out (present); a: absent", "bc")],
    ),
    situation(
        "null-absent-value",
        '{"x":null,"z":1}',
        '{"z":1}',
        '{"x":1,"z":1}',
        told=[("$.x", "they differ: a null · b absent · c integer or present", "")],
    ),
    situation(
        "null-vs-absent",
        '{"x":null,"z":1}',
        '{"z":1}',
        '{"z":1}',
        told=[("$.x", "a is the odd one out (null); b, c: absent", "a")],
    ),
    situation(
        "empty-list-vs-absent-vs-null",
        '{"x":[],"z":1}',
        '{"z":1}',
        '{"x":null,"z":1}',
        told=[("$.x", "they differ: a empty list · b absent · c null", "")],
    ),
    situation(
        "null-vs-empty-list",
        '{"x":null}',
        '{"x":[]}',
        '{"x":[]}',
        told=[("$.x", "a is the odd one out (null); b, c: empty list", "a")],
    ),
    situation(
        "sometimes",
        '[{"x":1},{"x":1}]',
        '[{"x":1},{}]',
        '[{"x":1},{"x":1}]',
        level=SHAPE,
        told=[("$[*].x", "b is the odd one out (sometimes present); a, c: present", "b")],
    ),
    # types
    situation(
        "string-number-boolean",
        x('"1"'),
        x(1),
        x("true"),
        told=[("$.x", "they differ: a string · b number or integer · c boolean", "")],
    ),
    situation(
        "string-number-boolean-baseline",
        x('"1"'),
        x(1),
        x("true"),
        base="b",
        told=[("$.x", "a string · c boolean: are the odd ones out; b: number or integer", "ac")],
    ),
    situation(
        "number-as-string", x('"1"'), x(1), x(1), told=[("$.x", "a is the odd one out (string); b, c: number", "a")]
    ),
    situation(
        "number-as-string-and-other-value",
        x('"1"'),
        x(2),
        x(2),
        told=[("$.x", "a is the odd one out (string); b, c: number", "a"), ("$.x", "a is the odd one out; b, c", "a")],
    ),
    situation(
        "integer-float", x(1), x("1.0"), x(1), told=[("$.x", "b is the odd one out (number); a, c: integer", "b")]
    ),
    situation(
        "integer-float-string",
        x(1),
        x("1.0"),
        x('"1"'),
        told=[("$.x", "they differ: a integer or number · b number · c string", "")],
    ),
    situation("type", x(1), x("{}"), x(1), told=[("$.x", "b is the odd one out (object); a, c: integer", "b")]),
    situation("type-at-root", "1", '"x"', "{}", told=[("$", "they differ: a integer · b string · c object", "")]),
    situation(
        "list-vs-single",
        x('["p"]'),
        x('"p"'),
        x('"p"'),
        told=[("$.x", "a is the odd one out (list); b, c: single value", "a")],
    ),
    situation("null-number", x("null"), x(1), x(1), told=[("$.x", "a is the odd one out (null); b, c: integer", "a")]),
    # lists
    situation(
        "two-splits",
        "[1,3]",
        "[1,4]",
        "[2,3]",
        told=[("$[*]", "b is the odd one out; a, c", "b"), ("$[*]", "c is the odd one out; a, b", "c")],
    ),
    situation("two-splits-alike", "[1,3]", "[1,3]", "[2,4]", told=[("$[*]", "c is the odd one out; a, b", "c")]),
    situation(
        "three-and-odd",
        "[1,1]",
        "[1,2]",
        "[2,3]",
        told=[("$[*]", "they differ: a · b · c", ""), ("$[*]", "c is the odd one out; a, b", "c")],
    ),
    situation("lengths", "[1,2]", "[1,2]", "[1]", told=[("$", "c is the odd one out; a, b", "c")]),
    situation("three-lengths", "[1,2,3]", "[1,2]", "[1]", told=[("$", "they differ: a · b · c", "")]),
    situation(
        "lengths-and-values",
        "[1,2]",
        "[1,3]",
        "[1]",
        told=[("$[*]", "they differ: a · b", ""), ("$", "c is the odd one out; a, b", "c")],
    ),
    # idioms
    situation(
        "key-case",
        '{"user_id":1}',
        '{"userId":1}',
        '{"user_id":1}',
        told=[("$", "b is the odd one out (camelCase); a, c: snake_case", "b")],
    ),
    situation(
        "key-case-value",
        '{"user_id":1}',
        '{"userId":2}',
        '{"user_id":1}',
        told=[
            ("$", "b is the odd one out (camelCase); a, c: snake_case", "b"),
            ("$.userId", "b is the odd one out; a, c", "b"),
        ],
    ),
    situation(
        "three-cases",
        '{"user_id":1}',
        '{"userId":1}',
        '{"UserId":1}',
        told=[("$", "they differ: a snake_case · b camelCase · c PascalCase", "")],
    ),
    situation(
        "envelope",
        '{"data":{"p":1,"q":2}}',
        '{"p":1,"q":2}',
        '{"p":1,"q":2}',
        told=[("$", "a is the odd one out (enveloped); b, c: bare", "a")],
    ),
    situation(
        "timestamps",
        x('"2026-11-23T00:00:00Z"'),
        x('"2026-11-23T01:00:00+01:00"'),
        x('"2026-11-23T00:00:00Z"'),
        told=[("$.x", "b is the odd one out (ISO 8601 offset); a, c: ISO 8601 Z", "b")],
    ),
    # bodies, headers
    situation(
        "kinds",
        text("x", 200),
        answer(status=200),
        answer(status=200),
        told=[("kind", "a is the odd one out (text); b, c: JSON", "a")],
    ),
    situation(
        "three-kinds",
        text("x", 200),
        answer(status=200),
        answer("", 200, media=None),
        told=[("kind", "they differ: a text · b JSON · c empty", "")],
    ),
    situation(
        "text-error",
        text("bad", 400),
        answer(status=400),
        answer(status=400),
        told=[("kind", "a is the odd one out (text); b, c: JSON", "a")],
    ),
    situation("texts", text("x", 200), text("y", 200), text("y", 200), told=[("$", "a is the odd one out; b, c", "a")]),
    situation(
        "three-texts", text("x", 200), text("y", 200), text("z", 200), told=[("$", "they differ: a · b · c", "")]
    ),
    situation(
        "header-absent",
        answer(status=200, ETag="1"),
        answer(status=200),
        answer(status=200, ETag="2"),
        told=[("header etag", "b is the odd one out (absent); a, c: present", "b")],
    ),
    situation(
        "header-three",
        answer(status=405, Allow="GET"),
        answer(status=405, Allow="GET, HEAD"),
        answer(status=405),
        told=[("header allow", "they differ: a GET · b GET, HEAD · c absent", "")],
    ),
    situation(
        "location",
        answer(status=302, Location="/p"),
        answer(status=302, Location="/q"),
        answer(status=302, Location="/q"),
        told=[("header location", "a is the odd one out; b, c", "a")],
    ),
    situation(
        "charset",
        answer(media="application/json; charset=utf-8"),
        answer(status=200),
        answer(status=200),
        told=[("header content-type;charset", "a is the odd one out (utf-8); b, c: absent", "a")],
    ),
    situation(
        "note",
        '{"x":1,"x":1}',
        '{"x":1}',
        '{"x":1}',
        told=[("note duplicate-key", "a is the odd one out (present); b, c: absent", "a")],
    ),
    situation(
        "note-of-two",
        '{"x":1,"x":1}',
        '{"x":1}',
        told=[("note duplicate-key", "they differ: a present · b absent", "")],
    ),
    # tolerance
    situation("chain", x(1), x(2), x(3), rules=NEAR, told=[("$.x", "they differ: a · c", "")]),
    situation("chain-turned", x(2), x(1), x(3), rules=NEAR, told=[("$.x", "they differ: b · c", "")]),
    situation("chain-baseline", x(1), x(2), x(3), rules=NEAR, base="b", told=[("$.x", "they differ: a · c", "")]),
    situation("chain-of-four", x(1), x(2), x(3), x(4), rules=NEAR, told=[("$.x", "they differ: a · b · c · d", "")]),
    situation("near-and-far", x(1), x(2), x(9), rules=NEAR, told=[("$.x", "c is the odd one out; a, b", "c")]),
    situation("near", x(1), x(2), rules=NEAR, told=[]),
    situation("two-alike-and-a-chain", x(1), x(1), x(2), x(3), rules=NEAR, told=[("$.x", "they differ: a, b · d", "")]),
    situation(
        "chain-and-the-baseline-at-its-end",
        x(1),
        x(2),
        x(3),
        rules=NEAR,
        base="a",
        told=[("$.x", "they differ: a · c", "")],
    ),
    situation(
        "three-near-one-far", x(1), x(1), x(2), x(9), rules=NEAR, told=[("$.x", "d is the odd one out; a, b, c", "d")]
    ),
    situation("nobody-between", x(1), x(1), x(3), rules=NEAR, told=[("$.x", "c is the odd one out; a, b", "c")]),
    situation(
        "another-type-is-not-compared-below",
        '{"y":[1]}',
        '{"y":[2]}',
        '{"y":"s"}',
        told=[("$.y[*]", "they differ: a · b", ""), ("$.y", "c is the odd one out (string); a, b: array", "c")],
    ),
    situation(
        "absent-is-not-compared-below",
        '{"y":{"z":1}}',
        "{}",
        '{"y":{"z":2}}',
        '{"y":{"z":2}}',
        told=[
            ("$.y", "b is the odd one out (absent); a, c, d: present", "b"),
            ("$.y.z", "a is the odd one out; c, d", "a"),
        ],
    ),
    situation(
        "another-length-is-not-compared-below",
        "[1,1]",
        "[1,1]",
        "[1,2]",
        "[1]",
        told=[("$[*]", "c is the odd one out; a, b", "c"), ("$", "d is the odd one out; a, b, c", "d")],
    ),
    situation(
        "pagination-and-renamed-list",
        '{"items":[{"a":1}],"page":1,"total":3}',
        '{"data":[{"a":1}],"next_cursor":"x"}',
        '{"data":[{"a":1}],"next_cursor":"x"}',
        told=[
            ("$", "a is the odd one out (items); b, c: data", "a"),
            ("$", "a is the odd one out (page, total); b, c: next_cursor", "a"),
        ],
    ),
    situation(
        "envelopes-of-two-and-a-text",
        x('{"data":{"p":1,"q":2}}'),
        x('{"p":1,"q":2}'),
        x('"s"'),
        told=[
            ("$.x", "they differ: a enveloped · b bare", ""),
            ("$.x", "c is the odd one out (string); a, b: object", "c"),
        ],
    ),
]


@pytest.mark.parametrize(("given", "how", "told"), SITUATIONS)
def test_what_is_told(given: Sequence[str | Answer], how: dict[str, Any], told: list[Told]) -> None:
    """Each place has its sentence, and the odd runtimes are those that it names."""
    assert sorted(told_of(given, **how)) == sorted(told)


E, A, D = '{"n":"1","x":null}', '{"n":1,"x":"p"}', '{"n":1,"x":"p","z":1}'


@pytest.mark.parametrize("order", [pytest.param(order, id="".join(order)) for order in permutations("ead")])
def test_who_is_odd_does_not_depend_on_the_order(order: tuple[str, ...]) -> None:
    """Of three services the same one is odd at the same place, whoever is listed first."""
    name = dict(zip(order, "abc", strict=True))
    given = [{"e": E, "a": A, "d": D}[each] for each in order]
    but_e, but_d = (", ".join(sorted(name[each] for each in others)) for others in ("ad", "ae"))
    assert sorted(told_of(given)) == [
        ("$.n", f"{name['e']} is the odd one out (string); {but_e}: number", name["e"]),
        ("$.x", f"{name['e']} is the odd one out (null); {but_e}: string", name["e"]),
        ("$.z", f"{name['d']} is the odd one out (present); {but_d}: absent", name["d"]),
    ]


@pytest.mark.parametrize("base", [None, "z"])
@pytest.mark.parametrize(("given", "how", "told"), [row for row in SITUATIONS if len(row.values[0]) == 2])
def test_of_two_nobody_is_odd_without_a_baseline(
    given: Sequence[str | Answer], how: dict[str, Any], told: list[Told], base: str | None
) -> None:
    """Two runtimes differ from each other; a baseline that is not there changes nothing."""
    del told
    for _, sentence, odd in told_of(given, **{**how, "base": base}):
        assert odd == ""
        assert sentence.startswith("they differ: a")
