"""Rules: each accepts one kind of value on both sides at its path, and only loosens.

It counts when it was needed.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.rule import Rule, RuleKind, ValueRule
from tests.comparison.differences import PLACE, hits, rows, rule, walk
from tests.comparison.json_texts import ALIKE_TEXT, PROPERTY

ACCEPTED: dict[RuleKind, tuple[str, str]] = {
    RuleKind.ANY: ("1", '"x"'),
    RuleKind.NULL: ("null", "null"),
    RuleKind.BOOLEAN: ("true", "false"),
    RuleKind.INTEGER: ("1", "2"),
    RuleKind.NUMBER: ("1", "2.5"),
    RuleKind.STRING: ('"a"', '"b"'),
    RuleKind.ARRAY: ("[1]", '["x",2]'),
    RuleKind.OBJECT: ('{"a":1}', '{"b":2}'),
    RuleKind.UUID: (
        '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"',
        '"6BA7B810-9DAD-11D1-80B4-00C04FD430C9"',
    ),
    RuleKind.TIMESTAMP: ('"2026-11-23T00:00:00Z"', '"2026-11-24T01:02:03Z"'),
}
REFUSED: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.ANY: (),
    RuleKind.NULL: ("0", "false", '""', "[]"),
    RuleKind.BOOLEAN: ("1", '"true"', "null"),
    RuleKind.INTEGER: ("1.0", "true", '"1"', "null"),
    RuleKind.NUMBER: ("true", '"1"', "null"),
    RuleKind.STRING: ("1", "null", "[]"),
    RuleKind.ARRAY: ("{}", "null", '"x"'),
    RuleKind.OBJECT: ("[]", "null"),
    RuleKind.UUID: (
        '"6ba7b810-9dad-11d1-80b4-00c04fd430c"',
        '"6ba7b8109dad11d180b400c04fd430c8"',
        "1",
        "null",
    ),
    RuleKind.TIMESTAMP: ('"soon"', '"12"', "12", "1763856000.0", "null", "true"),
}
CASES = [pytest.param(kind, id=kind.value) for kind in RuleKind]


@pytest.mark.parametrize("kind", CASES)
def test_a_rule_accepts_its_kind_on_both_sides(kind: RuleKind) -> None:
    """Two values of the kind that a rule names are as good as each other, whatever they are."""
    first, second = ACCEPTED[kind]
    loosened = walk(
        f'{{"a":{first}}}', f'{{"a":{second}}}', CompareLevel.VALUE, [rule("$.a", kind)]
    )
    assert rows(loosened) == []
    assert hits(loosened) == (first != second)


@pytest.mark.parametrize("kind", CASES)
def test_a_rule_must_hold_on_both_sides(kind: RuleKind) -> None:
    """A value of another kind on one side is compared as if there were no rule."""
    for refused in REFUSED[kind]:
        for a, b in ((ACCEPTED[kind][0], refused), (refused, ACCEPTED[kind][0])):
            texts = f'{{"a":{a}}}', f'{{"a":{b}}}'
            strict = walk(*texts, CompareLevel.VALUE, [rule("$.a", kind)])
            assert rows(strict) == rows(walk(*texts, CompareLevel.VALUE)) != [], (a, b)
            assert hits(strict) == 0


@pytest.mark.parametrize("kind", CASES)
def test_only_any_covers_absence(kind: RuleKind) -> None:
    """A member that one side lacks is a difference but where the rule says any."""
    for texts in (('{"a":null}', "{}"), ("{}", '{"a":1}'), ('[{"a":1},{}]', '[{},{"a":1}]')):
        path = "$[*].a" if texts[0].startswith("[") else "$.a"
        loosened = walk(*texts, CompareLevel.VALUE, [rule(path, kind)])
        assert (rows(loosened) == []) == (kind is RuleKind.ANY)
        assert bool(hits(loosened)) == (kind is RuleKind.ANY)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        pytest.param("$.items[*].id", 1, id="wildcard-index"),
        pytest.param("$.*[*].id", 1, id="wildcard-member"),
        pytest.param("$.items[*].*", 1, id="wildcard-last"),
        pytest.param("$.items[*]", 1, id="parent"),
        pytest.param("$.items[*].name", 0, id="sibling"),
        pytest.param("$.items[*].id.x", 0, id="below"),
        pytest.param("$.other[*].id", 0, id="elsewhere"),
        pytest.param("$", 1, id="root"),
    ],
)
def test_a_rule_reaches_as_far_as_its_path(path: str, count: int) -> None:
    """A rule loosens what its path covers, and is counted only there."""
    loosened = walk(
        '{"items":[{"id":1}]}',
        '{"items":[{"id":2}]}',
        CompareLevel.VALUE,
        [rule(path, RuleKind.ANY)],
    )
    assert hits(loosened) == count
    assert bool(rows(loosened)) == (count == 0)


def test_a_rule_that_was_not_needed_is_not_counted() -> None:
    """Equal values need no rule, numbers with fractions included."""
    needless = walk(
        '{"a":[1.5],"b":1}', '{"a":[1.5],"b":2}', CompareLevel.VALUE, [rule("$.a", RuleKind.ARRAY)]
    )
    assert hits(needless) == 0


PATHS = st.sampled_from(
    ["$", "$.id", "$.data", "$.items[*]", "$[*]", "$[*].*", "$.*", "$.*.*", "$.user_id", "$.Kind"]
)
RULES = st.lists(st.builds(rule, PATHS, st.sampled_from(RuleKind)), max_size=3)


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT, RULES)
def test_rules_only_loosen(a: str, b: str, rules: list[Rule]) -> None:
    """With rules there is never a difference that was not there without them."""
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        assert set(rows(walk(a, b, level, rules))) <= set(rows(walk(a, b, level)))


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        pytest.param(
            '"2026-11-23T00:00:00.25Z"', '"2026-11-24T01:02:03.123Z"', True, id="milliseconds"
        ),
        pytest.param(
            '"2026-11-23T00:00:00Z"', '"2026-11-24T01:02:03.123Z"', False, id="whole-seconds"
        ),
        pytest.param(
            '"2026-11-23T00:00:00.123Z"', '"2026-11-24T01:02:03.123456Z"', False, id="microseconds"
        ),
        pytest.param('"2026-11-23T00:00:00Z"', "1763856000", False, id="epoch"),
        pytest.param('"2026-11-23T00:00:00Z"', '"2026-11-23T00:00:00+00:00"', False, id="offset"),
        pytest.param("1763856000", "1763856000123", False, id="epoch-milliseconds"),
    ],
)
def test_timestamps_are_written_alike_unless_any_form_will_do(
    a: str, b: str, *, alike: bool
) -> None:
    """A rule about a clock hides another time, and no other spelling of one.

    `form: any` hides that, too.
    """
    texts = f'{{"a":{a}}}', f'{{"a":{b}}}'
    timestamp = ValueRule(
        path=parse_path("$.a"), accepts=RuleKind.TIMESTAMP, why="a clock", place=PLACE
    )
    assert (rows(walk(*texts, CompareLevel.VALUE, [timestamp])) == []) is alike
    any_form = replace(timestamp, any_form=True)
    assert rows(walk(*texts, CompareLevel.VALUE, [any_form])) == []


@pytest.mark.parametrize(
    ("a", "b", "forms"),
    [
        pytest.param(
            "2026-11-29T22:14:15.624Z",
            "2026-11-29T22:14:15.627865Z",
            ("ISO 8601 Z, milliseconds", "ISO 8601 Z, microseconds"),
            id="two-moments",
        ),
        pytest.param(
            "2026-11-29T22:14:05Z",
            "2026-11-29T22:14:06.5Z",
            ("ISO 8601 Z", "ISO 8601 Z, milliseconds"),
            id="whole-seconds",
        ),
        pytest.param(
            "2026-11-29T22:14:05.5Z",
            "2026-11-29T22:14:05.512345Z",
            ("ISO 8601 Z, milliseconds", "ISO 8601 Z, microseconds"),
            id="one-moment-by-chance",
        ),
    ],
)
def test_another_precision_is_another_form(a: str, b: str, forms: tuple[str, str]) -> None:
    """What a rule about a clock leaves is how a time is written; the rule was needed for the rest.

    So it is in an element of a list, where another element is no time.
    """
    for text, place in (('{"a":"TIME"}', "$.a"), ('["TIME","2026-11-29T22:00:00.1Z",7]', "$[*]")):
        timestamp = rule(place, RuleKind.TIMESTAMP)
        walked = walk(
            text.replace("TIME", a), text.replace("TIME", b), CompareLevel.VALUE, [timestamp]
        )
        assert rows(walked) == [("timestamp-form", place, *forms)]
        assert hits(walked) == 1


@pytest.mark.parametrize(
    ("time", "exists"),
    [
        ("2026-99-23T77:00:00Z", False),
        ("2026-11-23T24:00:00Z", False),
        ("2026-11-23T10:00:00+99:00", False),
        ("2026-02-29", False),
        ("Mon, 31 Feb 2026 10:00:00 GMT", False),
        ("2024-02-29", True),
        ("2016-12-31T23:59:60Z", True),
        ("2016-12-31T23:59:60+01:00", True),
        ("2026-11-23 10:00:00.123456789+0100", True),
        ("Mon, 23 Nov 2026 10:00:00 GMT", True),
    ],
)
def test_a_timestamp_is_a_time_that_exists(time: str, *, exists: bool) -> None:
    """A rule about a clock hides no time that no clock shows; a leap second is one."""
    timestamp = ValueRule(
        path=parse_path("$.a"), accepts=RuleKind.TIMESTAMP, why="", place=PLACE, any_form=True
    )
    texts = f'{{"a":"{time}"}}', '{"a":"2026-11-23T00:00:00Z"}'
    assert (rows(walk(*texts, CompareLevel.VALUE, [timestamp])) == []) is exists


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.elsewhere", [("another-order", "$.x", "differs", "differs")]),
        ("$.y[*].n", [("another-order", "$.x", "differs", "differs")]),
        ("$.x", []),
        ("$.x[*].n", [("another-order", "$.x", "differs", "differs")]),
    ],
)
def test_whether_a_rule_is_about_the_order_of_a_list(
    path: str, found: list[tuple[str, str, str, str]]
) -> None:
    """Only a rule about the list itself frees its order: one about a member leaves it."""
    texts = '{"x":[{"n":1,"m":1},{"n":2,"m":2}]}', '{"x":[{"n":2,"m":2},{"n":1,"m":1}]}'
    assert rows(walk(*texts, CompareLevel.VALUE, [rule(path, RuleKind.ANY)])) == found
