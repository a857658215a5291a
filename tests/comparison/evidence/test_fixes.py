"""A fix is proposed only if its sentence is true of the runtime.

All that the run shows of the runtime counts.
"""

from typing import Final

import pytest

from conformance.model.evidence import FixEvidence
from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.evidence.cures import LANGUAGES
from tests.comparison.evidence.judged import Asked, asked, evidence_of, groups_of, results
from tests.comparison.evidence.proposed_fixes import fixes

NOT_FOUND: Final = asked("PUT /a", answer("{}", 404), answer("{}", 405), answer("{}", 405))


@pytest.mark.parametrize(
    ("others", "told"),
    [
        pytest.param([], False, id="nothing-else"),
        pytest.param([asked("GET /b", "{}")], False, id="another-path"),
        pytest.param([asked("GET /a", answer("{}", 404))], False, id="not-there"),
        pytest.param([asked("GET /a", answer("{}", 405))], False, id="no-method-at-all"),
        pytest.param([asked("GET /a", "{}")], True, id="there"),
    ],
)
def test_a_handler_for_other_methods_needs_a_path_that_is_there(
    others: list[Asked], *, told: bool
) -> None:
    """A 404 beside a 405 gets the unknown-method fix only where the path exists.

    The path exists where another method of it is answered.
    """
    assert bool(fixes([NOT_FOUND, *others], "go")) is told


def test_a_404_of_a_router_beside_405() -> None:
    """A 404 lacks the route where others answer, and the 405 where most others know the path.

    The others answer the request.
    """
    page = answer("<pre>Cannot PUT /a</pre>", 404, media="text/html")
    lacks_a_route, lacks_405 = (
        asked("PUT /a", page, "{}", "{}"),
        asked("PUT /a", page, *[answer("{}", 405)] * 3, "{}"),
    )
    assert fixes([lacks_a_route], "typescript") == ["register the handler"]
    judged = results([lacks_405, asked("GET /a", *["{}"] * 5)], 5)
    where = [
        fix.where
        for group in groups_of(judged, {"a": "typescript"}, evidence_of(judged))
        for fix in group.remedies
    ]
    assert [fix[:15] for fix in where] == ["405 with Allow:"]


@pytest.mark.parametrize(("own", "others"), [("[9.0,12.0]", "[9,12]"), ("[9.5,12.0]", "[9.5,12]")])
def test_a_member_may_have_fractions_elsewhere(own: str, others: str) -> None:
    """The fix is one that also helps where the type cannot be an integer."""
    (where,) = fixes([asked("GET /a", own, others, others)], "python")
    assert where.endswith("or whole numbers made int before they are written")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("answers", "turned"),
    [
        pytest.param(('{"x":"1"}', '{"x":1}'), ('{"x":1}', '{"x":"1"}'), id="number-as-string"),
        pytest.param(('{"x":null}', "{}"), ("{}", '{"x":null}'), id="null-vs-absent"),
        pytest.param(
            ('{"x":null}', '{"x":[]}'), ('{"x":[]}', '{"x":null}'), id="null-vs-empty-list"
        ),
        pytest.param(
            (answer("{}", 200), answer("{}", 201)),
            (answer("{}", 201), answer("{}", 200)),
            id="created",
        ),
        pytest.param(
            (answer("", 204), answer("{}", 200)),
            (answer("{}", 200), answer("", 204)),
            id="no-content",
        ),
        pytest.param(('{"x":true}', '{"x":1}'), ('{"x":1}', '{"x":true}'), id="boolean-as-number"),
        pytest.param(('{"x":[1]}', '{"x":1}'), ('{"x":1}', '{"x":[1]}'), id="scalar-vs-list"),
    ],
)
def test_a_fix_leads_away_from_what_the_runtime_shows(
    answers: tuple[str | Answer, ...], turned: tuple[str | Answer, ...], language: str
) -> None:
    """A runtime that shows the other form is given another fix.

    `omitempty` is no fix for a runtime that leaves the member out already.
    """
    one = fixes([asked("POST /a", *answers, answers[1])], language)
    two = fixes([asked("POST /a", *turned, turned[1])], language)
    assert len(one) == len(two) == 1
    assert one != two


def test_an_odd_one_gets_the_fix_of_its_own_difference() -> None:
    """Each of two odd runtimes gets the fix for its own difference from the others.

    None gets the fix of another one.
    """
    three = asked("GET /a", '{"x":"7"}', '{"x":null}', '{"x":7}', '{"x":7}', '{"x":7}')
    groups = groups_of(results([three], 5), {"a": "go", "b": "go"}, FixEvidence())
    told = [(remedy.runtime, remedy.where) for group in groups for remedy in group.remedies]
    assert told == [
        (
            "a",
            (
                "a number type that keeps all digits, int64 or json.Number, without the `,string` "
                "option"
            ),
        )
    ]


def test_a_fix_of_a_success_status_names_that_of_the_others() -> None:
    """Beside other statuses it is another cause, so that the fix is true of all its cases."""
    cases = [
        asked(
            f"DELETE /{path}", *(answer("", status, media=None) for status in (204, other, other))
        )
        for path, other in (("a", 200), ("b", 202), ("c", 202))
    ]
    groups = groups_of(results(cases, 3), {"a": "python"}, FixEvidence())
    proposed = {remedy.where: group.cases for group in groups for remedy in group.remedies}
    assert proposed == {
        "status 200 for the route or its response": 1,
        "status 202 for the route or its response": 2,
    }


DETAILED: Final = {
    "digits-past-a-double": ("typescript", '"9007199254740993"', "9007199254740993",
        "the digits as a raw number"),
    "digits-of-a-double": ("typescript", '"12.5"', "12.5", "Number() where"),
    "digits-that-end-in-zero": ("typescript", "1.5", '"1.50"',
        "a text with the digits that the others send: toFixed"),
    "digits-as-they-are": ("typescript", "1.5", '"1.5"', "String() where"),
    "milliseconds-already": (
        "typescript", '"2026-03-05T08:30:00.123Z"', '"2026-03-05T08:30:00.123456Z"',
        "one function that writes times",
    ),
    "milliseconds-wanted": (
        "typescript", '"2026-03-05T08:30:00.123456Z"', '"2026-03-05T08:30:00.123Z"',
        "toISOString(), which",
    ),
    "whole-seconds-wanted": (
        "typescript", '"2026-03-05T08:30:00.000Z"', '"2026-03-05T08:30:00Z"',
        "one function that writes times",
    ),
    "offset-already": (
        "python", '"2026-03-05T08:30:00+00:00"', '"2026-03-05T08:30:00Z"',
        "one function that writes times",
    ),
    "offset-wanted": ("python", '"2026-03-05T08:30:00Z"', '"2026-03-05T08:30:00+00:00"',
        "isoformat() of"),
    "whole-number-already": ("typescript", "1", "1.0",
        "a raw number, as JSON.rawJSON() of Node 22"),
    "exponent": ("typescript", "100000", "1e5", "the number in the form of the others"),
    "question-mark": ("go", '"caf?"', '"café"', "UTF-8 where the text is encoded"),
    "replacement-character": ("go", '"caf\\ufffd"', '"café"', "keep bytes instead"),
    "lower-case-uuid-already": (
        "go", '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"6BA7B810-9DAD-11D1-80B4-00C04FD430C8"',
        "the form of",
    ),
    "lower-case-uuid-wanted": (
        "go", '"6BA7B810-9DAD-11D1-80B4-00C04FD430C8"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"',
        "String() of",
    ),
    "escaped": ("python", '"a &amp; b"', '"a & b"', "no html.escape"),
}  # fmt: skip
"""By what is tried: a language, what a sends, what b and c send, and how the fix begins."""


@pytest.mark.parametrize("tried", DETAILED)
def test_a_fix_fits_what_was_sent(tried: str) -> None:
    """A fix turns what the runtime sent into what the others sent.

    It does not propose what the runtime does already.
    """
    language, own, wanted, fix = DETAILED[tried]
    (told,) = fixes([asked("GET /a", f'{{"x":{own}}}', *[f'{{"x":{wanted}}}'] * 2)], language)
    assert told.startswith(fix)


def test_a_list_that_is_cut_too_early() -> None:
    """A list that is one short of what was asked for is fixed where it is cut."""
    (where,) = fixes([asked("GET /a?limit=3", '{"x":[1,2]}', *['{"x":[1,2,3]}'] * 2)], "java")
    assert where.startswith("< or <= in the condition, or the end given to subList()")


def test_a_page_has_no_bounds_of_a_slice() -> None:
    """A number that is one more is counted another way; only a list has ends."""
    (told,) = fixes([asked("GET /a", '{"page":0}', '{"page":1}', '{"page":1}')], "python")
    assert told.startswith("where the number is made or read")


def test_one_value_that_a_fix_does_not_fit_takes_it_away() -> None:
    """A cause is told of all its cases: what is true of the first one only is no fix."""
    cases = [
        asked("GET /a", f'{{"x":"{own}"}}', *[f'{{"x":{own}}}'] * 2)
        for own in ("12", "9007199254740993")
    ]
    assert fixes(cases[:1], "typescript") == ["Number() where the body is built"]
    assert fixes(cases, "typescript")[0].startswith("the digits as a raw number")


def test_who_escapes_is_changed_whatever_the_baseline() -> None:
    """Text escaped for HTML is wrong by itself: nobody is told to escape."""
    judged = results([asked("GET /a", '{"x":"a &amp; b"}', '{"x":"a & b"}')], 2, "a")
    ((remedy,),) = [
        group.remedies for group in groups_of(judged, {"a": "go", "b": "go"}, FixEvidence())
    ]
    assert (remedy.runtime, remedy.where) == ("a", "no html.EscapeString before encoding")


@pytest.mark.parametrize(
    ("asked_for", "redirected"), [("/products/", "/products"), ("/products", "/products/")]
)
def test_a_redirect_of_a_slash_is_undone_in_either_direction(
    asked_for: str, redirected: str
) -> None:
    """A runtime that redirects must answer the path as requested, with or without slash.

    The slash is the one at the end.
    """
    moved = answer("", 301, Location=redirected)
    (told,) = fixes([asked(f"GET {asked_for}", moved, "{}", "{}")], "go")
    assert told == "a pattern for the path just as it is asked, so that nothing redirects it"


def test_no_fix_makes_a_runtime_odd_in_another_way() -> None:
    """Without a majority, a 404 of a router beside a 405 and a success lacks one or the other."""
    page = answer("<pre>Cannot PUT /a</pre>", 404, media="text/html")
    refused = answer("{}", 405)
    failed, bad = answer("{}", 500), answer("{}", 400)
    assert fixes([asked("PUT /a", page, refused, "{}")], "typescript") == []
    assert fixes([asked("PUT /a", failed, bad, "{}")], "typescript") == []
    assert fixes([asked("PUT /a", failed, bad, bad)], "typescript") == [
        "catch the rejection and answer it"
    ]


def test_a_404_beside_other_refusals_is_no_missing_route() -> None:
    """A handler may answer 404 in the words of its framework: the others have to answer 2xx."""
    missing = answer('{"detail":"Not Found"}', 404)
    assert fixes([asked("POST /a", missing, *[answer("no", 400)] * 2)], "python") == []
    assert fixes([asked("POST /a", missing, "{}", "{}")], "python") == [
        "add the route, or include its router"
    ]


@pytest.mark.parametrize(
    ("elsewhere", "where"),
    [
        ('{"code":"%s"}', "the error writer of this handler"),
        ('{"code":"%s","at":1,"path":"/"}', "one error writer for all handlers"),
    ],
)
def test_errors_with_members_more_are_a_matter_of_all_handlers(elsewhere: str, where: str) -> None:
    """But not if the runtime writes other errors without these members."""
    bodies = '{"code":"x","at":1,"path":"/"}', *['{"code":"x"}'] * 2
    shown = asked("GET /a", *(answer(body, 404) for body in bodies))
    other = asked("GET /b", *(answer(elsewhere % code, 409) for code in "mnn"))
    judged = results([shown, other], 3)
    proposed = {
        group.idiom: group.remedies for group in groups_of(judged, {"a": "go"}, evidence_of(judged))
    }
    assert [remedy.where for remedy in proposed["error-shape"]] == [where]


def test_errors_in_the_form_of_the_others_are_no_matter_of_all_handlers() -> None:
    """A runtime that writes others' members elsewhere has one handler that differs.

    The text may be another one.
    """
    shown = asked(
        "GET /a",
        *(answer(body, 404) for body in ('{"error":"x"}', *['{"code":"x","message":"y"}'] * 2)),
    )
    other = asked("GET /b", *(answer(f'{{"code":"{code}","message":"y"}}', 409) for code in "mnn"))
    assert fixes([shown], "go") == ["one error writer for all handlers"]
    judged = results([shown, other], 3)
    proposed = {
        group.idiom: group.remedies for group in groups_of(judged, {"a": "go"}, evidence_of(judged))
    }
    assert [remedy.where for remedy in proposed["error-shape"]] == [
        "the error writer of this handler"
    ]
