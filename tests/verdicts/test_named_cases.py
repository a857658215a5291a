"""Sentences that name cases."""

import pytest

from conformance.verdicts.named_cases import NamedCases


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "shop/0 stays"),
        (2, "shop/0, shop/1 stay"),
        (100, "shop/0, shop/1, shop/2 and 97 more stay"),
        (101, "101 cases stay"),
    ],
)
def test_cases_with_a_verb(count: int, said: str) -> None:
    """The first ones are named, or none where some were not kept."""
    cases = NamedCases()
    for number in range(count):
        cases.add(f"shop/{number}")
    assert cases.with_verb("stays", "stay") == said
