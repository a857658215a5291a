"""Which elements of two lists are compared with each other."""

import pytest

from conformance.comparison.values import partners
from tests.comparison.differences import by_value, length_at


@pytest.mark.parametrize(
    ("limit", "of_elements"),
    [
        pytest.param(5, ("number-as-string", "$[*]", "string", "number"), id="within"),
        pytest.param(4, ("type", "$[*]", "string", "null or number"), id="above"),
    ],
)
def test_spellings_are_looked_for_up_to_a_number_of_elements(
    limit: int, of_elements: tuple[str, str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The elements of both lists count; longer lists are compared without a look at spellings."""
    monkeypatch.setattr(partners, "MOST_RESPELLED", limit)
    assert by_value('["x","1"]', "[1.0,1.0,null]") == sorted([of_elements, length_at("$")])
