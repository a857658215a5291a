"""Rules about numbers, order, names and notes: what each removes, and what it leaves.

It is also tested when each counts.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule, MapRule, NoteRule, NumberRule, Rule, RuleKind
from tests.comparison.differences import (
    PLACE,
    answer,
    between,
    by_shape,
    by_value,
    hits,
    rows,
    rule,
    walk,
)
from tests.comparison.json_texts import ALIKE_TEXT, PROPERTY

VALUE = CompareLevel.VALUE
LEXEME = NumberPolicy.LEXEME


def approx(path: str, relative: float = 0, absolute: float = 0) -> Rule:
    """Return a rule about numbers."""
    return NumberRule(
        path=parse_path(path), relative=relative, absolute=absolute, why="w", place=PLACE
    )


def aligned(path: str, *key: str) -> Rule:
    """Return a rule about the order of a list."""
    return AlignRule(path=parse_path(path), key=key, why="w", place=PLACE)


def as_map(path: str) -> Rule:
    """Return a rule about the names of an object."""
    return MapRule(path=parse_path(path), why="w", place=PLACE)


def names(a: str, b: str, *rules: Rule, level: CompareLevel = VALUE) -> list[tuple[str, str]]:
    """Return the name and the path of each difference."""
    return [(name, path) for name, path, _, _ in rows(walk(a, b, level, rules))]


@pytest.mark.parametrize(
    ("a", "b", "loosened", "equal"),
    [
        pytest.param("1", "1.0", approx("$"), True, id="integer-and-float"),
        pytest.param("1e400", "10e399", approx("$"), True, id="one-value-past-a-double"),
        pytest.param(
            "1e9999999", "10e9999998", approx("$", relative=1), True, id="one-value-past-arithmetic"
        ),
        pytest.param("1", "2", approx("$"), False, id="other-value"),
        pytest.param("1", "1.5", approx("$", absolute=0.5), True, id="just-absolute"),
        pytest.param("1", "2", approx("$", relative=0.5), True, id="just-relative"),
        pytest.param(
            "100", "101.005", approx("$", relative=0.01), True, id="relative-to-the-larger"
        ),
        pytest.param("-100", "-101", approx("$", relative=0.01), True, id="relative-below-zero"),
        pytest.param("-1", "1", approx("$", relative=1.5), False, id="on-both-sides-of-zero"),
        pytest.param("100", "101", approx("$", relative=0.01), True, id="relative"),
        pytest.param("100", "102", approx("$", relative=0.01), False, id="past-relative"),
        pytest.param("0.1", "0.15", approx("$", absolute=0.05), True, id="absolute"),
        pytest.param("0.1", "0.16", approx("$", absolute=0.05), False, id="past-absolute"),
        pytest.param(
            "9007199254740992", "9007199254740993", approx("$", absolute=0.5), False, id="exact"
        ),
        pytest.param(
            "[1,2.5]", "[1.0,2.4]", approx("$[*]", absolute=0.2), True, id="every-element"
        ),
        pytest.param("[1.0,2.5]", "[1.0,9]", approx("$[*]", absolute=0.2), False, id="one-element"),
        pytest.param("[1,null]", "[1.5,null]", approx("$[*]", absolute=1), True, id="beside-null"),
        pytest.param(
            "[1,null]", "[1,0]", approx("$[*]", absolute=1), False, id="null-is-no-number"
        ),
        pytest.param('"1"', "1", approx("$", absolute=1), False, id="text-is-no-number"),
        pytest.param("1e999999", "1", approx("$", absolute=1), False, id="endless"),
        pytest.param(
            "1e99999999999999999999",
            "1e99999999999999999998",
            approx("$", relative=1),
            False,
            id="no-value",
        ),
    ],
)
def test_numbers_within_a_tolerance(a: str, b: str, loosened: Rule, *, equal: bool) -> None:
    """Numbers are equal that lie within a tolerance, whatever kind they are.

    Of others the kind says nothing either.
    """
    for first, second in ((a, b), (b, a)):
        walked = walk(first, second, VALUE, [loosened])
        assert (not rows(walked)) == equal
        assert bool(hits(walked)) == equal
        bare = [row for row in by_value(first, second) if row[0] != "integer-vs-float"]
        assert rows(walked) in ([], bare)


@pytest.mark.parametrize(
    ("a", "b", "named"),
    [
        pytest.param("1.0", "1.00", ["value"], id="zeros"),
        pytest.param("1e0", "1E0", ["value"], id="exponent"),
        pytest.param("[1.5,1]", "[1.5,1]", [], id="same"),
        pytest.param('"1.0"', '"1.0"', [], id="text"),
        pytest.param("1", "1.0", ["integer-vs-float"], id="another-kind"),
        pytest.param('"1.0"', "1.00", ["number-as-string"], id="another-type"),
    ],
)
def test_numbers_as_spelled(a: str, b: str, named: list[str]) -> None:
    """By lexeme a number equals its own spelling alone.

    Where an idiom tells the kind, the spelling is in it.
    """
    assert [row[0] for row in rows(walk(a, b, VALUE, (), LEXEME))] == named
    assert rows(walk(a, b, VALUE, [approx("$"), approx("$[*]")], LEXEME)) in ([], by_value(a, b))


@pytest.mark.parametrize(
    ("a", "b", "loosened", "wanted"),
    [
        pytest.param('[{"id":1,"n":1},{"id":2,"n":2}]', '[{"id":2,"n":2},{"id":1,"n":1}]',
            aligned("$", "id"), [],
                     id="by-key"),
        pytest.param('[{"id":1,"n":1},{"id":2,"n":2}]', '[{"id":2,"n":2},{"id":1,"n":9}]',
            aligned("$", "id"),
                     [("value", "$[*].n")], id="by-key-another-value"),
        pytest.param('[{"id":1},{"id":2}]', '[{"id":3},{"id":1}]', aligned("$", "id"),
            [("value", "$")],
                     id="by-key-another-key"),
        pytest.param('[{"r":1,"id":1},{"r":2,"id":1}]', '[{"r":2,"id":1},{"r":1,"id":1}]',
            aligned("$", "r", "id"), [],
                     id="by-two-keys"),
        pytest.param('[{"id":1.0},{"id":2}]', '[{"id":2},{"id":1.00}]', aligned("$", "id"), [],
            id="key-by-value"),
        pytest.param('[{"id":1},{"id":2}]', '[{"id":2},{}]', aligned("$", "id"), [("value", "$")],
                     id="without-a-key"),
        pytest.param("[1,2,3]", "[3,1,2]", aligned("$"), [], id="set"),
        pytest.param("[1,1,2]", "[1,2,2]", aligned("$"), [("value", "$")], id="set-counts"),
        pytest.param("[1,2]", "[2,1,1]", aligned("$"), [("length", "$")], id="set-of-another-size"),
        pytest.param('{"a":[[2,1],[3]]}', '{"a":[[1,2],[3]]}', aligned("$.a[*]"), [],
            id="within-a-list"),
        pytest.param('{"a":[1,2]}', '{"a":"x"}', aligned("$.a"), [("type", "$.a")], id="no-list"),
        pytest.param("[[1,2],[3]]", "[[2,1]]", aligned("$[*]"), [("length", "$")],
            id="beneath-lists-of-two-lengths"),
        pytest.param('{"17":[1,2],"18":[3]}', '{"17":[2,1]}', aligned("$.*"), [("value", "$")],
                     id="beneath-maps-of-two-sizes"),
    ],
)  # fmt: skip
def test_order_that_says_nothing(
    a: str, b: str, loosened: Rule, wanted: list[tuple[str, str]]
) -> None:
    """Elements are compared with their partners; those without one are extra."""
    for first, second in ((a, b), (b, a)):
        assert names(first, second, loosened) == wanted


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("[1,2]", "[1.5]", [("length", "$")], id="every-number"),
        pytest.param(
            "[1,2]", '["x"]', [("length", "$"), ("type", "$[*]")], id="numbers-on-one-side"
        ),
        pytest.param(
            "[1,2,3]", '[1,"x"]', [("length", "$"), ("type", "$[*]")], id="not-every-number"
        ),
    ],
)
def test_a_tolerance_beneath_lists_of_two_lengths(
    a: str, b: str, wanted: list[tuple[str, str]]
) -> None:
    """Where numbers do not correspond, all are as good as each other.

    Beside anything else they are compared.
    """
    for first, second in ((a, b), (b, a)):
        assert names(first, second, approx("$[*]", absolute=9)) == wanted


@pytest.mark.parametrize(
    ("a", "b", "accepted"),
    [
        pytest.param("[1,2]", "[1.0]", True, id="all-numbers"),
        pytest.param("[1,2]", '["x"]', False, id="numbers-on-one-side"),
        pytest.param('[1,"x"]', "[2.5,null]", False, id="a-number-on-each-side"),
        pytest.param('[1,"x"]', "[2,3]", False, id="not-all-on-one-side"),
    ],
)
def test_a_tolerance_by_shape(a: str, b: str, *, accepted: bool) -> None:
    """By shape a rule about numbers accepts two kinds of number; what is beside them counts."""
    for first, second in ((a, b), (b, a)):
        loosened = rows(walk(first, second, CompareLevel.SHAPE, [approx("$[*]")]))
        bare = by_shape(first, second)
        assert [row[:2] for row in loosened] == ([] if accepted else [row[:2] for row in bare])
        assert bare != []


def test_a_set_is_marked_by_what_no_other_rule_loosens() -> None:
    """Elements with fresh identifiers still find their partners by all that is not fresh."""
    a = '[{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","n":1},{"id":"7ba7b810-9dad-11d1-80b4-00c04fd430c8","n":2}]'
    b = '[{"id":"8ba7b810-9dad-11d1-80b4-00c04fd430c8","n":2},{"id":"9ba7b810-9dad-11d1-80b4-00c04fd430c8","n":1}]'
    fresh = rule("$[*].id", RuleKind.UUID)
    assert names(a, b, aligned("$"), fresh) == []
    assert names(a, b, aligned("$")) == [("value", "$[*].id")]


@pytest.mark.parametrize(
    ("a", "b", "inner"),
    [
        pytest.param("[[1,2],[3]]", "[[3],[2,1]]", aligned("$[*]"), id="a-set"),
        pytest.param(
            '[[{"id":1},{"id":2}],[]]', '[[],[{"id":2},{"id":1}]]', aligned("$[*]", "id"), id="keys"
        ),
        pytest.param("[1,2]", "[2.0,1.0]", approx("$[*]"), id="spellings-of-numbers"),
    ],
)
def test_elements_of_a_set_are_marked_by_what_rules_leave_of_them(
    a: str, b: str, inner: Rule
) -> None:
    """An inner list in any order, or a number in any spelling, is what it is in any element."""
    assert names(a, b, aligned("$"), inner) == []
    assert names(a, b, aligned("$")) != []


@pytest.mark.parametrize(
    ("a", "b", "rules", "shape", "value"),
    [
        pytest.param('{"x":1}', '{"y":1}', [as_map("$")], [], [("value", "$")], id="by-rule"),
        pytest.param('{"x":{"n":1}}', '{"y":{"n":"1"}}', [as_map("$")],
            [("number-as-string", "$.*.n")], None,
                     id="members-are-one-type"),
        pytest.param('{"17":{"n":1}}', '{"18":{"n":1}}', [], [], [("value", "$")], id="numbers"),
        pytest.param('{"17":{"n":1},"18":{"n":2}}', '{"18":{"n":2},"17":{"n":3}}', [], [],
            [("value", "$.*.n")],
                     id="same-numbers"),
        pytest.param('{"6ba7b810-9dad-11d1-80b4-00c04fd430c8":1}',
            '{"7ba7b810-9dad-11d1-80b4-00c04fd430c8":1}', [], [],
                     [("value", "$")], id="uuids"),
        pytest.param('{"2026-11-23":1}', '{"2026-11-24T00:00:00Z":1}', [], [], [("value", "$")],
            id="days"),
        pytest.param('{"17":1}', '{"a":1}', [], [("member", "$.a"), ("member", "$['17']")], None,
            id="one-is-a-name"),
        pytest.param('{"17":1}', "{}", [], [], [("value", "$")], id="an-empty-map"),
    ],
)  # fmt: skip
def test_names_that_are_data(
    a: str,
    b: str,
    rules: list[Rule],
    shape: list[tuple[str, str]],
    value: list[tuple[str, str]] | None,
) -> None:
    """Names that are data are no shape.

    By value another name is one difference, not one a member.
    """
    for first, second in ((a, b), (b, a)):
        assert names(first, second, *rules, level=CompareLevel.SHAPE) == shape
        assert value is None or names(first, second, *rules) == value


@pytest.mark.parametrize("loosened", [approx("$.z"), aligned("$.z"), as_map("$.z")])
def test_a_rule_elsewhere_is_not_counted(loosened: Rule) -> None:
    """A rule that nothing needs takes nothing away and counts nothing."""
    walked = walk('{"a":1,"z":[1]}', '{"a":2,"z":[1]}', VALUE, [loosened])
    assert (names('{"a":1,"z":[1]}', '{"a":2,"z":[1]}', loosened), hits(walked)) == (
        [("value", "$.a")],
        0,
    )


def test_a_note_is_silenced_by_its_rule_alone() -> None:
    """A rule takes one note away, and no other and no difference besides."""
    silent = NoteRule(note="duplicate-key", why="w", place=PLACE)
    a, b = answer('{"a":1,"a":-0}'), answer('{"a":0}')
    assert [row[1] for row in between(a, b)] == ["note duplicate-key", "note minus-zero"]
    assert [row[1] for row in between(a, b, rules=(silent,))] == ["note minus-zero"]


PATHS = st.sampled_from(["$", "$.id", "$.data", "$.items", "$[*]", "$.*"])
LOOSENED = st.one_of(
    st.builds(approx, PATHS, st.sampled_from([0, 0.5]), st.sampled_from([0, 2])),
    st.builds(aligned, PATHS),
    st.builds(lambda path: aligned(path, "id"), PATHS),
    st.builds(as_map, PATHS),
)


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT, st.lists(LOOSENED, max_size=2))
def test_no_rule_makes_a_difference(a: str, b: str, rules: list[Rule]) -> None:
    """No rule adds a difference, and a rule about numbers only removes differences.

    Two documents without a difference have none with a rule.
    """
    for level in (CompareLevel.SHAPE, VALUE):
        plain, loosened = rows(walk(a, b, level)), rows(walk(a, b, level, rules))
        assert loosened == [] if not plain else True
        if all(isinstance(known, NumberRule) for known in rules):
            assert set(loosened) <= set(plain)
    assert by_shape(a, a) == rows(walk(a, a, VALUE, rules)) == []


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT, st.lists(LOOSENED, max_size=2))
def test_a_loosened_comparison_is_symmetric(a: str, b: str, rules: list[Rule]) -> None:
    """Exchanging the sides changes neither what is told nor where."""
    assert names(a, b, *rules) == names(b, a, *rules)
