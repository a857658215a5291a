"""The walk by shape: lists are one structural type, members may be optional.

Each place is reported once.
"""

import pytest

from tests.comparison.differences import Row, by_shape, mirrored


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("[1,2,3]", "[4]", id="lengths"),
        pytest.param("[]", "[1]", id="empty-list"),
        pytest.param("[]", '[{"a":[1]},{"a":[]}]', id="empty-list-of-objects"),
        pytest.param('{"a":[]}', '{"a":[[1.5]]}', id="empty-list-in-a-member"),
        pytest.param('[{"a":1}]', '[{"a":2},{"a":3}]', id="lists-of-objects"),
        pytest.param('[{"a":1},{}]', '[{},{},{"a":3}]', id="optional-on-both-sides"),
        pytest.param('[1,"a"]', '["b",2,3]', id="mixed-kinds"),
        pytest.param("[[1],[]]", "[[],[],[2,3]]", id="lists-of-lists"),
        pytest.param('{"a":1,"b":"x"}', '{"b":"y","a":2}', id="values-and-order"),
        pytest.param("1.5", "2.25e7", id="numbers"),
        pytest.param("{}", "{}", id="empty-objects"),
    ],
)
def test_one_shape(a: str, b: str) -> None:
    """These pairs have one shape."""
    assert by_shape(a, b) == by_shape(b, a) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"a":1}', "{}", ("member", "$.a", "present", "absent"), id="dropped"),
        pytest.param('[{"a":1},{"a":2}]', '[{"a":1},{}]', ("member", "$[*].a", "present",
            "sometimes present"),
                     id="optional"),
        pytest.param('[{"a":1},{}]', "[{},{}]", ("member", "$[*].a", "sometimes present", "absent"),
            id="never"),
        pytest.param('{"a":{"b":[{"c":1}]}}', '{"a":{"b":[{"c":"x"}]}}', ("type", "$.a.b[*].c",
            "integer", "string"),
                     id="nested-type"),
        pytest.param('{"a":{}}', '{"a":[]}', ("type", "$.a", "object", "array"), id="object-array"),
        pytest.param("[1,2]", '[1,"x"]', ("type", "$[*]", "integer", "integer or string"),
            id="union"),
        pytest.param("null", "{}", ("type", "$", "null", "object"), id="root"),
        pytest.param('{"a b":{"it\'s":1}}', '{"a b":{}}', ("member", "$['a b']['it\\'s']",
            "present", "absent"),
                     id="quoted-names"),
        pytest.param('{"":1}', "{}", ("member", "$['']", "present", "absent"), id="empty-name"),
        pytest.param('{"\\ud800":1}', "{}", ("member", "$['\\ud800']", "present", "absent"),
            id="surrogate-name"),
    ],
)  # fmt: skip
def test_one_difference(a: str, b: str, wanted: Row) -> None:
    """Each pair differs in one place, told alike from either side."""
    assert by_shape(a, b) == [wanted]
    assert by_shape(b, a) == mirrored([wanted])


def test_a_hundred_elements_are_one_difference() -> None:
    """The same difference in every element is told once."""
    first, second = ("[" + ",".join([element] * 100) + "]" for element in ('{"a":1}', '{"a":"x"}'))
    assert by_shape(first, second) == [("type", "$[*].a", "integer", "string")]


def test_what_both_sides_have_is_compared_below_a_difference() -> None:
    """Where the elements of a list differ in kind, the objects among them are still compared."""
    assert by_shape('[{"a":1},null]', '[{"a":"x"}]') == [
        ("type", "$[*]", "null or object", "object"),
        ("type", "$[*].a", "integer", "string"),
    ]


def test_an_optional_member_is_still_compared() -> None:
    """A member that only some elements have on one side is compared where it stands."""
    assert by_shape('[{"a":{"b":1}},{}]', '[{"a":{"b":"x"}}]') == [
        ("member", "$[*].a", "sometimes present", "present"),
        ("type", "$[*].a.b", "integer", "string"),
    ]


@pytest.mark.parametrize(
    ("a", "b", "also"),
    [
        pytest.param('[{"n":1},{"n":"x"}]', '[{"n":1},{}]', [], id="its-type"),
        pytest.param('[{"n":{"x":1}},{"n":{"x":1,"y":2}}]', '[{"n":{"x":1}},{}]', [],
            id="a-member-of-it"),
        pytest.param('[{"n":1},{"n":"x"},{"n":1}]', '[{"n":1},{"n":1},{}]',
            [("type", "$[*].n", "integer or string", "integer")], id="a-type-beside-another"),
    ],
)  # fmt: skip
def test_an_absence_is_one_difference(a: str, b: str, also: list[Row]) -> None:
    """What only the values show that stand beside none is not said again below the member."""
    wanted = [("member", "$[*].n", "present", "sometimes present"), *also]
    assert by_shape(a, b) == wanted
    assert by_shape(b, a) == mirrored(wanted)
