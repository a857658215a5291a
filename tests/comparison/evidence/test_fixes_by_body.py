"""A fix that names what writes JSON is offered for bodies of JSON only."""

import re
from typing import Final

import pytest

from conformance.comparison.idioms.catalogue import BY_NAME
from tests.comparison.differences import answer
from tests.comparison.evidence.cures import LANGUAGES
from tests.comparison.evidence.judged import asked, evidence_of, groups_of, results

_ABOUT_JSON: Final = re.compile(r"(?i)json|serde|serialis|struct tag|response model|@\w+\(")


def test_fixes_for_bodies_of_all_kinds_name_no_serialiser_of_json() -> None:
    """Where a body is no JSON, only such fixes are offered."""
    named = [
        (idiom.name, cure.where)
        for idiom in BY_NAME.values()
        for cure in idiom.cures
        if idiom.any_body and _ABOUT_JSON.search(cure.where)
    ]
    assert named == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("media", "a", "b", "fixed"),
    [
        ("application/json", '{"a_b":1}', '{"aB":1}', True),
        ("text/csv", "a_b\n1\n", "aB\n1\n", False),
        ("text/csv", "a\nHello\n", "a\nhello\n", False),
        ("text/csv", "a\nTwo Words\n", "a\ntwo words\n", True),
    ],
)
def test_a_table_is_offered_no_fix_of_json(
    language: str, media: str, a: str, b: str, *, fixed: bool
) -> None:
    """What renames members of JSON renames no column."""
    both = asked("GET /a", *(answer(body, media=media) for body in (a, b)))
    given = results([both], 2)
    groups = groups_of(given, dict.fromkeys("ab", language), evidence_of(given))
    assert bool(groups[0].remedies) is fixed
