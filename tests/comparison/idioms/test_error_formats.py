"""What two error formats hold under one name belongs to the formats where it is of other kinds."""

from typing import Final

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between

LIST: Final = '{"errors": [{"field": "age", "message": "too low"}]}'
MAP: Final = '{"title": "Bad Request", "status": 422, "errors": {"age": ["too low"]}}'
TEXT: Final = '{"statusCode": 422, "error": "Unprocessable", "detail": "age: too low"}'
ITEMS: Final = '{"detail": [{"loc": ["age"], "msg": "too low", "type": "gt"}]}'
OBJECT: Final = '{"error": {"code": "E1"}, "request": "r1", "detail": "age: too low"}'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(LIST, MAP, id="list-and-map"),
        pytest.param(ITEMS, TEXT, id="list-and-text"),
        pytest.param(TEXT, OBJECT, id="text-and-object"),
    ],
)
def test_the_formats_are_the_only_difference(first: str, second: str) -> None:
    """No type differs besides, at either level and from either side."""
    a, b = (answer(each, 422) for each in (first, second))
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        for pair in ((a, b), (b, a)):
            found = [(name, place) for name, place, *_ in between(*pair, level)]
            assert found == [("error-shape", "$")]


def test_a_text_that_both_formats_have_is_compared() -> None:
    """Two scalars under one name are compared as before."""
    other = TEXT.replace("too low", "too high").replace('"error"', '"fault"')
    assert "$.detail" in [
        place for _, place, *_ in between(answer(TEXT, 422), answer(other, 422), CompareLevel.VALUE)
    ]
