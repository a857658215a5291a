"""Pagination beside a list, and in an object of its own."""

import pytest

from tests.comparison.differences import by_value

FLAT = '{"items":[1],"page":1,"per_page":9}'
PAGINATION = ("pagination", "$", "page, per_page", "meta.page, meta.per_page")


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param('{"items":[1],"meta":{"page":1,"per_page":9}}', [PAGINATION], id="the-same"),
        pytest.param('{"items":[1],"meta":{"page":2,"per_page":9}}', [PAGINATION],
            id="another-page"),
        pytest.param('{"items":[1],"next_cursor":"x"}',
            [("pagination", "$", "page, per_page", "next_cursor")],
                     id="a-cursor"),
    ],
)  # fmt: skip
def test_pagination(second: str, wanted: list[tuple[str, str, str, str]]) -> None:
    """The object is no member of its own, and both sides are named by what they have."""
    assert [row for row in by_value(FLAT, second) if row[0] == "pagination"] == wanted
    assert not [row for row in by_value(FLAT, second) if row[0] == "member"]


def test_the_values_of_pages_are_compared() -> None:
    """What both sides say, each at its place, is held against each other."""
    assert len(by_value(FLAT, '{"items":[1],"meta":{"page":2,"per_page":9}}')) == 2
    assert len(by_value(FLAT, '{"items":[1],"meta":{"page":1,"per_page":9}}')) == 1


def test_an_object_with_other_members_is_no_pagination() -> None:
    """A member that says something else is compared as a member."""
    assert ("member", "$.meta") in [
        row[:2] for row in by_value(FLAT, '{"items":[1],"meta":{"page":1,"who":"x"}}')
    ]
