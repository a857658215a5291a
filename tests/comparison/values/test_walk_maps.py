"""Maps by value: objects whose names are data, of one size and of two.

They are also within each other, lists and objects.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import parse
from conformance.model.case import CompareLevel
from tests.comparison.differences import (
    Row,
    by_shape,
    by_value,
    length_at,
    mirrored,
    value_at,
    walk,
)
from tests.comparison.json_texts import PROPERTY, written

TYPE = "integer or string"


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"17":{"n":1}}', '{"17":{"n":1},"18":{"n":2}}', [value_at("$")],
            id="one-more"),
        pytest.param('{"17":1}', '{"17":1,"18":2,"19":3}', [value_at("$")], id="two-more-scalars"),
        pytest.param('{"17":{"n":1}}', '{"18":{"n":2}}', [value_at("$")], id="another-name"),
        pytest.param('{"17":1,"18":2}', '{"17":3,"19":4}', [value_at("$")], id="one-other-name"),
        pytest.param('{"17":{"n":1},"18":{"n":2}}', '{"18":{"n":2},"17":{"n":1}}', [],
            id="another-order"),
        pytest.param('{"17":{"n":1},"18":{"n":2}}', '{"18":{"n":3},"17":{"n":1}}',
            [value_at("$.*.n")],
                     id="another-order-and-value"),
        pytest.param('{"17":[1],"18":[2]}', '{"17":[1],"18":[2,2]}', [length_at("$.*")],
            id="lists-within"),
        pytest.param('{"17":[1]}', '{"17":[1],"18":[2,2]}', [value_at("$")],
            id="lists-within-one-more"),
        pytest.param('{"17":{"2026-11-23":1}}', '{"17":{"2026-11-23":1,"2026-11-24":2}}',
            [value_at("$.*")],
                     id="inner-one-more"),
        pytest.param('{"17":{"2026-11-23":1}}', '{"17":{"2026-11-24":2}}', [value_at("$.*")],
            id="inner-other-name"),
        pytest.param('{"17":{"2026-11-23":1},"18":{"2026-11-23":1,"2026-11-24":2}}',
                     '{"18":{"2026-11-23":1},"17":{"2026-11-23":1,"2026-11-24":2}}',
                     [value_at("$.*")],
                     id="inner-sizes-exchanged"),
        pytest.param('{"17":{"1":{"n":1}}}', '{"17":{"1":{"n":1}},"18":{"1":{"n":1},"2":{"n":2}}}',
            [value_at("$")],
                     id="both-one-more"),
        pytest.param('[{"17":1}]', '[{"17":1,"18":2}]', [value_at("$[*]")], id="in-a-list"),
        pytest.param('[{"17":1},{"17":1,"18":2}]', '[{"17":1,"18":3},{"17":1}]', [value_at("$[*]")],
                     id="in-a-list-exchanged"),
        pytest.param('[{"17":1}]', '[{"17":1},{"17":2}]', [length_at("$")],
            id="in-lists-of-two-lengths"),
        pytest.param('[{"17":1},{"18":2}]', '[{"17":1},{"18":3}]', [value_at("$[*].*")],
            id="in-a-list-another-value"),
        pytest.param('{"a":{"17":1},"b":1}', '{"a":{"17":1,"18":1},"b":2}', [value_at("$.a"),
            value_at("$.b")],
                     id="in-an-object"),
    ],
)  # fmt: skip
def test_maps_by_value(a: str, b: str, wanted: list[Row]) -> None:
    """By value, other names are one difference, and by shape none.

    Nothing beneath them is compared by position.
    """
    assert by_value(a, b) == wanted
    assert by_value(b, a) == mirrored(wanted)
    assert by_shape(a, b) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"17":1}', '{"17":1,"18":"x"}', [("type", "$.*", "integer", TYPE),
            value_at("$")], id="size"),
        pytest.param('{"17":{"n":1}}', '{"18":{"n":null}}', [("type", "$.*.n", "integer", "null"),
            value_at("$")],
                     id="name"),
        pytest.param('{"17":{"2026-11-23":1}}', '{"17":{"2026-11-23":1,"2026-11-24":"x"}}',
                     [("type", "$.*.*", "integer", TYPE), value_at("$.*")], id="within"),
    ],
)  # fmt: skip
def test_the_shape_of_members_is_compared_beneath_other_names(
    a: str, b: str, wanted: list[Row]
) -> None:
    """Names that differ hide no difference of shape."""
    assert by_value(a, b) == wanted
    assert by_value(b, a) == mirrored(wanted)
    assert by_shape(a, b) == wanted[:1]


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        pytest.param('{"17":1,"18":2}', '{"17":1}', "18", id="one-less"),
        pytest.param('{"17":1,"18":2}', '{"19":1,"18":2}', "17, 19", id="another"),
        pytest.param(
            '[{"17":1},{"18":2}]', '[{"17":1,"20":1},{"18":2,"19":1}]', "19, 20", id="two-maps"
        ),
    ],
)
def test_names_of_one_side_are_told(a: str, b: str, names: str) -> None:
    """What the difference says names the entries that the other side lacks, and no other."""
    for first, second in ((a, b), (b, a)):
        (found,) = walk(first, second, CompareLevel.VALUE).differences
        assert found.details == (f"names of one side only: {names}",) * 2


_SCALARS = st.sampled_from(["1", "2", "null", '"x"', '"y"', "true", '""'])
MAPS_TEXT = written(
    _SCALARS, st.sampled_from(["17", "18", "2026-11-23", "2026-11-24", "n"]), leaves=8
)
"""Documents most of whose objects are maps."""


@PROPERTY
@given(MAPS_TEXT, MAPS_TEXT)
def test_any_two_documents_of_maps(a: str, b: str) -> None:
    """Each pair of maps is fully compared, alike from either side.

    It differs exactly where its values do.
    """
    assert by_value(a, b) == mirrored(by_value(b, a))
    found = tuple(place for _, place, _, _ in by_value(a, b))
    assert all(place.startswith(found) for _, place, _, _ in by_shape(a, b))
    assert (by_value(a, b) == []) == (
        canonical(parse(a.encode()).value) == canonical(parse(b.encode()).value)
    )
