"""Globs over case ids."""

import pytest

from conformance.model.case_glob import matches


@pytest.mark.parametrize(
    ("case_id", "glob", "stands"),
    [
        pytest.param("shop/order", "shop/order", True, id="an-id"),
        pytest.param("shop/order", "shop/orders", False, id="another-id"),
        pytest.param("shop/inn/order", "shop/*", True, id="a-star-crosses-slashes"),
        pytest.param("shop/order-1", "shop/order-?", True, id="any-one"),
        pytest.param("shop/order[q=1]", "shop/order[q=1]", True, id="brackets"),
        pytest.param("shop/order[q=1]", "shop/order[*]", True, id="a-star-in-brackets"),
        pytest.param("shop/order1", "shop/order[123]", False, id="no-class-of-characters"),
        pytest.param("shop/Order", "shop/o*", False, id="letter-case-counts"),
    ],
)
def test_what_a_glob_stands_for(case_id: str, glob: str, stands: bool) -> None:
    """A star and a question mark are patterns, and nothing else is."""
    assert matches(case_id, glob) == stands
