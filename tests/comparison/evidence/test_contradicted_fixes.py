"""What a runtime shows elsewhere takes a fix away that is not true of it."""

from typing import Any, Final

import pytest

from conformance.comparison.gathered_cause import MAX_PLACES
from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.idioms.idiom import Contradiction
from conformance.model.evidence import FixEvidence
from tests.comparison.differences import answer
from tests.comparison.evidence.cures import LANGUAGES
from tests.comparison.evidence.judged import Asked, asked
from tests.comparison.evidence.proposed_fixes import fixes

NO_SUCH_ROUTE: Final = answer("404 page not found\n", 404, media="text/plain")


PAGE: Final = answer("oops", 400, media="text/plain")


NULL: Final = asked("GET /a", '{"x":null}', "{}", "{}")


ABSENT: Final = asked("GET /a", "{}", '{"x":null}', '{"x":null}')


LISTS: Final = asked("GET /a", '{"x":null}', '{"x":[]}', '{"x":[]}')


NAMES: Final = asked("GET /a", '{"user_id":1}', '{"userId":1}', '{"userId":1}')


ZERO: Final = asked("GET /a", '{"x":0}', "{}", "{}")


MADE: Final = asked("POST /a", answer("{}", 200), answer("{}", 201), answer("{}", 201))


ROUTE: Final = asked("GET /a/7", NO_SUCH_ROUTE, "{}", "{}")


NOT_ALLOWED: Final = asked("PUT /a", answer("{}", 405), answer("{}", 404), answer("{}", 404))


ERROR: Final = asked("GET /a", PAGE, answer('{"error":"x"}', 400), answer('{"error":"x"}', 400))


OTHER_ERRORS: Final = asked(
    "GET /a",
    *(answer(body, 400) for body in ('{"error":"x","at":1}', '{"detail":"x"}', '{"detail":"x"}')),
)


def row(contradiction: Contradiction, language: str, *tried: Asked, other: str = "") -> Any:
    """Return a row of the table: what differs, and what contradicts the fix or does not.

    It also holds how another fix begins.
    """
    shown, near, against = tried
    return pytest.param(
        language, shown, near, against, other, id=f"{contradiction.name}-{language}"
    )


CONTRADICTED: Final = [
    *(
        row(Contradiction.SENDS_NULL, language, NULL, asked("GET /b", '{"y":0}'), asked("GET /b",
            '{"y":null}'))
        for language in LANGUAGES
    ),
    row(Contradiction.SENDS_NULL, "go", NULL, asked("GET /b", '{"y":null}', "{}", "{}"),
        asked("GET /a", '{"x":null}')),
    *(
        row(
            Contradiction.LEAVES_OUT, language, ABSENT, asked("GET /b", '[{"y":1},{"y":2}]'),
            asked("GET /b", '[{"y":1},{"z":2}]'),
        )
        for language in LANGUAGES
    ),
    row(
        Contradiction.SENDS_ZERO_VALUES, "python", ZERO, asked("GET /b", '{"y":1,"z":"","n":null}'),
        asked("GET /b", '{"y":0}'),
    ),
    row(Contradiction.SAME_FOR_MEMBER, "go", ZERO, asked("GET /b", '{"y":0}'), asked("GET /b",
        '{"x":0}')),
    row(Contradiction.SAME_FOR_MEMBER, "go", LISTS, asked("GET /b", '{"y":null}'), asked("GET /b",
        '[{"x":null}]')),
    row(
        Contradiction.NAMES_ALIKE, "python", NAMES, asked("GET /b", '{"id":1,"userName":"x"}'),
        asked("GET /b", '{"user_name":"x"}'), other="the aliases of these fields",
    ),
    row(Contradiction.ROUTE_ANSWERS, "go", ROUTE, asked("GET /b/7", "{}"), asked("GET /a/8", "{}")),
    row(
        Contradiction.ROUTE_ANSWERS, "go", ROUTE, asked("GET /a/8?x=1", NO_SUCH_ROUTE),
        asked("GET /a/8?x=1", "{}", answer("{}", 206), answer("{}", 206)),
    ),
    row(Contradiction.SAME_STATUS, "python", MADE, asked("POST /b", "{}"), asked("POST /a", "{}")),
    row(Contradiction.PATH_KNOWN, "go", NOT_ALLOWED, asked("GET /b", "{}"), asked("GET /a", "{}")),
    row(
        Contradiction.JSON_ERRORS, "go", ERROR, asked("GET /b",
            answer("gone", 404, media="text/plain")),
        asked("GET /b", answer('{"error":"y"}', 404)), other="the writer of its other errors",
    ),
    row(
        Contradiction.SAME_ERRORS, "go", OTHER_ERRORS, asked("GET /b",
            answer('{"fault":"y"}', 404)),
        asked("GET /b", answer('{"error":"y","at":2}', 404)),
            other="the error writer of this handler",
    ),
    row(
        Contradiction.SAME_ERRORS, "go", OTHER_ERRORS, asked("GET /b",
            answer('{"fault":"y"}', 404)),
        asked("GET /b", answer('{"detail":"y"}', 404)), other="the error writer of this handler",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("language", "shown", "near", "against", "other"), CONTRADICTED)
def test_what_contradicts_a_fix(
    language: str, shown: Asked, near: Asked, against: Asked, other: str
) -> None:
    """What the runtime shows elsewhere takes the fix away, or another one takes its place.

    A near miss does not.
    """
    alone = fixes([shown], language)
    assert alone
    assert alone[0] in fixes([shown, near], language)
    with_contradiction = fixes([against, shown], language)
    assert alone[0] not in with_contradiction
    assert bool(with_contradiction) == bool(other)
    assert all(fix.startswith(other) for fix in with_contradiction)


@pytest.mark.parametrize(("language", "shown", "near", "against", "other"), CONTRADICTED)
def test_without_evidence_no_fix_that_needs_it(
    language: str, shown: Asked, near: Asked, against: Asked, other: str
) -> None:
    """A run with incomplete evidence proposes only fixes that need no evidence.

    It did not finish, or its evidence has too many entries.
    """
    (alone,) = fixes([shown], language)
    for evidence in (None, FixEvidence(complete=False)):
        told = fixes([shown, near, against], language, evidence)
        assert alone not in told
        assert bool(told) == bool(other)


def test_every_contradiction_is_in_the_table() -> None:
    """The list of what contradicts a fix is closed.

    The catalogue uses each contradiction, and this test tries each.
    """
    tried = {str(each.id).partition("-")[0] for each in CONTRADICTED}
    used = {cure.unless for idiom in BY_NAME.values() for cure in idiom.cures if cure.unless}
    needs_evidence = {Contradiction.PATH_UNKNOWN.name}
    assert tried | needs_evidence == {each.name for each in Contradiction}
    assert used == set(Contradiction)


def test_a_cause_in_too_many_places_has_no_fix_that_needs_evidence() -> None:
    """What is kept of a cause is bounded; past the bound nothing is known for sure."""
    many = [asked(f"GET /{'x' * number}", *NULL.answers) for number in range(1, MAX_PLACES // 2)]
    assert fixes(many, "go")
    assert not fixes(
        many * 2 + [asked(f"GET /y{'x' * number}", *NULL.answers) for number in range(MAX_PLACES)],
        "go",
    )


@pytest.mark.parametrize(
    ("language", "fix"),
    [("rust", '#[serde(rename = "…")] on these fields'), ("python", "the aliases of these fields")],
)
def test_names_that_agree_beside_those_that_differ(language: str, fix: str) -> None:
    """A naming policy would rename the members of the same object that are right already."""
    odd, others = '{"n":{"user_id":1,"first_name":"A"}}', '{"n":{"user_id":1,"firstName":"A"}}'
    (proposed,) = fixes([asked("GET /a", odd, others, others)], language)
    assert proposed.startswith(fix)
