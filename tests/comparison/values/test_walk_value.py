"""The walk by value compares what corresponds by position.

It compares nothing beneath what does not correspond.
"""

import pytest

from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind
from tests.comparison.differences import Row, by_shape, by_value, mirrored, rows, walk


def value_at(path: str) -> Row:
    """Return the row of a value that differs."""
    return ("value", path, "differs", "differs")


ANOTHER_ORDER = ("another-order", "$", "differs", "differs")


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"a":1}', '{"a":2}', [value_at("$.a")], id="member"),
        pytest.param("[1,2,3]", "[1,9,8]", [value_at("$[*]")], id="elements"),
        pytest.param('[{"a":1,"b":"x"}]', '[{"a":1,"b":"y"}]', [value_at("$[*].b")],
            id="member-of-element"),
        pytest.param('[{"name":"x","n":1},{"name":"y","n":2}]',
                     '[{"name":"x","n":3},{"name":"y","n":4}]', [value_at("$[*].n")],
                     id="one-order-by-name"),
        pytest.param("true", "false", [value_at("$")], id="root"),
        pytest.param("[1,2]", "[2,1]", [ANOTHER_ORDER], id="order"),
        pytest.param('[1,"a"]', '["a",1]', [ANOTHER_ORDER], id="order-of-kinds"),
        pytest.param('[null,{"a":1}]', '[{"a":1},null]', [ANOTHER_ORDER], id="order-of-null"),
        pytest.param("[[],{}]", "[{},[]]", [ANOTHER_ORDER], id="order-of-containers"),
        pytest.param('[{"a":1},{"b":1}]', '[{"b":1},{"a":1}]', [ANOTHER_ORDER],
                     id="order-of-members"),
        pytest.param('[{"a":null},{}]', '[{},{"a":null}]', [ANOTHER_ORDER], id="order-of-absence"),
        pytest.param('{"a":[1,2]}', '{"a":[9,9,9]}', [("length", "$.a", "differs", "differs")],
            id="length"),
        pytest.param('[[{"a":1}],[]]', '[[],[{"a":2}]]', [("length", "$[*]", "differs", "differs")],
                     id="inner-lengths"),
        pytest.param('{"a":[1,2],"b":1}', '{"a":[9],"b":2}',
                     [("length", "$.a", "differs", "differs"), value_at("$.b")],
                     id="length-and-sibling"),
    ],
)  # fmt: skip
def test_value_differences(a: str, b: str, wanted: list[Row]) -> None:
    """Each place where values differ is named once, from either side.

    Shape shows none of it.
    """
    assert by_value(a, b) == wanted
    assert by_value(b, a) == mirrored(wanted)
    assert by_shape(a, b) == []


def test_no_wall_beneath_lists_of_different_length() -> None:
    """One more element is one difference, not one for each value that moved."""
    elements = [
        f'{{"id":{number},"name":"n{number}","inner":{{"x":[{number}]}}}}' for number in range(50)
    ]
    first, second = "[" + ",".join(elements) + "]", "[" + ",".join(elements[1:]) + "]"
    assert by_value(first, second) == [("length", "$", "differs", "differs")]


def test_shape_is_still_compared_beneath_lists_of_different_length() -> None:
    """A length that differs hides no difference of shape."""
    assert by_value('[{"a":1},{"a":1}]', '[{"a":"x"}]') == [
        ("length", "$", "differs", "differs"),
        ("type", "$[*].a", "integer", "string"),
    ]


@pytest.mark.parametrize(
    ("a", "b", "idiom", "further"),
    [
        pytest.param("1", "2.0", "integer-vs-float", "$", id="integer-vs-float"),
        pytest.param('"12"', "13", "number-as-string", "$", id="number-as-string"),
        pytest.param('["1","2"]', "[1,3]", "number-as-string", "$[*]",
            id="number-as-string-in-a-list"),
        pytest.param('"2026-11-23T00:00:00Z"', '"2026-11-24T00:00:00+00:00"', "timestamp-form", "$",
            id="timestamp"),
        pytest.param('"2026-11-23T00:00:00Z"', "1763856001", "timestamp-form", "$", id="epoch"),
        pytest.param('"2026-11-23"', '"2026-11-24T00:00:00Z"', "timestamp-form", "$", id="date"),
        pytest.param('"2026-02-30"', '"2026-02-28T00:00:00Z"', "timestamp-form", "$",
            id="no-day-of-the-calendar"),
        pytest.param('[{"a":"x"},{"a":"z"}]', '[{"a":["y"]},{"a":["z"]}]', "scalar-vs-list",
            "$[*].a",
                     id="scalar-vs-list"),
        pytest.param('{"user_id":1}', '{"userId":2}', "key-case", "$.userId", id="key-case"),
        pytest.param('{"data":[1]}', "[2]", "envelope", "$.data[*]", id="envelope"),
        pytest.param('{"Schema":{"f":1}}', '{"Kind":"schema","F":2}', "externally-tagged-enum",
            "$.*.f", id="enum"),
        pytest.param('[{"a":null,"n":1},{"a":5,"n":1}]', '[{"n":1},{"a":6,"n":1}]',
            "null-vs-absent", "$[*].a",
                     id="null-vs-absent"),
        pytest.param('[{"a":null,"n":1},{"a":5,"n":1}]', '[{"n":1},{"a":5,"n":2}]',
            "null-vs-absent", "$[*].n",
                     id="beside-null-vs-absent"),
    ],
)  # fmt: skip
def test_an_idiom_hides_no_value(a: str, b: str, idiom: str, further: str) -> None:
    """Where an idiom explains the form, a value that is another one besides is named, too."""
    seen = by_value(a, b)
    assert {row[0] for row in seen} - {"member"} == {idiom, "value"}
    assert value_at(further) in seen
    assert by_value(b, a) == mirrored(seen)


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        pytest.param('[{"a":null},{"a":5}]', '[{"a":5},{}]', {"member", "type"}, id="null"),
        pytest.param('[{"a":0},{"a":5}]', '[{"a":6},{}]', {"member", "value"}, id="zero"),
    ],
)
def test_an_idiom_claims_no_member_of_another_element(a: str, b: str, names: set[str]) -> None:
    """A value for nothing in one element does not explain that another element has nothing."""
    seen = by_value(a, b)
    assert {row[0] for row in seen} == names
    assert ("member", "$[*].a", "present", "sometimes present") in seen
    assert by_value(b, a) == mirrored(seen)


@pytest.mark.parametrize(
    ("a", "b", "places"),
    [
        pytest.param('{"user_id":1}', '{"userId":2}', ("$.user_id", "$.userId"), id="key-case"),
        pytest.param('{"data":[1]}', "[2]", ("$.data[*]", "$[*]"), id="envelope"),
        pytest.param(
            '[{"a":"x"},{"a":"z"}]',
            '[{"a":["y"]},{"a":["z"]}]',
            ("$[*].a", "$[*].a[*]"),
            id="scalar-vs-list",
        ),
        pytest.param('{"Schema":{"f":1}}', '{"Kind":"schema","F":2}', ("$.*.f", "$.F"), id="enum"),
        pytest.param(
            '{"data":{"user_id":1,"n":1}}',
            '{"userId":2,"n":1}',
            ("$.data.user_id", "$.userId"),
            id="two",
        ),
    ],
)
def test_each_side_spells_a_place_below_an_idiom_as_it_sends_it(
    a: str, b: str, places: tuple[str, str]
) -> None:
    """A value that differs below an idiom has a place on each side.

    They are where the one sent it, and where the other did.
    """
    for first, second, wanted in ((a, b, places), (b, a, places[::-1])):
        (seen,) = [
            found
            for found in walk(first, second, CompareLevel.VALUE).differences
            if found.idiom is None
        ]
        assert seen.places == wanted


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("12", "12.00", id="integer-vs-float"),
        pytest.param('"12.50"', "12.5", id="number-as-string"),
        pytest.param('"-0"', "0", id="minus-zero-as-string"),
        pytest.param(
            '"2026-11-23T00:00:00.250Z"', '"2026-11-23T02:00:00+02:00"', id="zones-and-fractions"
        ),
        pytest.param('"2026-11-23T10:11:12Z"', '"2026-11-23 10:11:12"', id="separator"),
        pytest.param('"2026-11-23T10:11:12Z"', '"Mon, 23 Nov 2026 10:11:12 GMT"', id="http-date"),
        pytest.param("1795428672", "1795428672123", id="epochs"),
        pytest.param('"2026-11-23"', '"2026-11-23T10:11:12Z"', id="date"),
        pytest.param("[null,[1]]", "[[],[1]]", id="null-vs-empty-list"),
        pytest.param('["a"]', '[["a"]]', id="scalar-vs-list"),
        pytest.param('[{"a":null},{"a":1}]', '[{},{"a":1}]', id="null-vs-absent"),
    ],
)
def test_an_idiom_explains_all_where_values_are_the_same(a: str, b: str) -> None:
    """Two forms of one value are the idiom's difference and no other."""
    assert len(by_value(a, b)) == 1
    assert by_value(a, b) == by_shape(a, b)


def test_null_for_a_list_that_is_not_empty_is_told() -> None:
    """Null may stand for an empty list, not for one that holds something."""
    assert by_value("[null,[1]]", "[[2],[]]") == [
        ("length", "$[*]", "differs", "differs"),
        ("type", "$[*]", "null", "array"),
    ]


def test_a_claim_may_leave_more_on_one_side() -> None:
    """What an idiom leaves is compared by position only where there is as much on both sides."""

    def first_of_two(a: Column, b: Column) -> IdiomClaim | None:
        if kinds_of(a) != {"integer"} or kinds_of(b) != {"string"}:
            return None
        rest = (Rest(a=a, b=[1, len(b)]),)
        return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="one", b_fact="two", rest=rest)

    idiom = Idiom(name="one-for-two", title="", explanation="", cures=(), detect=first_of_two)
    walked = Walk(CompareLevel.VALUE, Loosening(()), idioms=[idiom])
    walked.compare([7], ["x"])
    assert rows(walked) == [("one-for-two", "$[*]", "one", "two")]


@pytest.mark.parametrize("extra_first", [False, True])
@pytest.mark.parametrize("element", ["{}", '{{"c":{}}}', '{{"c":{{"d":{}}}}}'])
@pytest.mark.parametrize(
    ("a", "b", "idiom"),
    [
        ("UTF-8", "utf-8", "text-case"),
        ("One two", "one two", "letter-case"),
        ("a b ", "a b", "trimmed-text"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00", "timestamp-form"),
        ("Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05Z", "timestamp-form"),
    ],
)
def test_elements_that_are_equal_but_for_their_spelling_are_partners(
    a: str, b: str, idiom: str, element: str, *, extra_first: bool
) -> None:
    """Only what has no partner is extra in the longer list."""
    one, other, extra = (element.format(f'"{text}"') for text in (a, b, "extra"))
    longer = [extra, one] if extra_first else [one, extra]
    found = walk(f"[{','.join(longer)}]", f"[{other}]", CompareLevel.VALUE).differences
    assert sorted(each.name for each in found) == sorted(["length", idiom])
    (sent,) = {(each.a, each.b) for each in found[0].occurrences}
    assert sent == (f"2 elements, extra: {extra}", "1 element")


def test_equal_elements_are_partners_before_those_in_another_case() -> None:
    """Two texts of one list that differ in their case are two."""
    (found,) = walk('["A","a","b"]', '["a","b"]', CompareLevel.VALUE).differences
    assert [(each.a, each.b) for each in found.occurrences] == [
        ('3 elements, extra: "A"', "2 elements")
    ]
