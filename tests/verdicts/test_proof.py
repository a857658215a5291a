"""What a run proves, and what it does not."""

import pytest
from msgspec.structs import replace

from conformance.model.api_document import ApiDocument
from conformance.model.gap import GapKind
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.verdict import CaseResult
from conformance.verdicts.judgement import judge
from conformance.verdicts.proof import ProofTally
from tests.comparison.differences import answer
from tests.verdicts.ledger_rows import cell, ledger, result

REFUSED = answer(status=401)
PAGE = answer('<form><input type="password">', media="text/html")
TO_SLASH = answer(status=301, location="/items/")
TO_LOGIN = answer(status=302, location="/login")


def asked(target: str, seen: Answer, *, expected: bool = False) -> CaseResult:
    """Return a case in which two runtimes answered alike."""
    requests = (Request(method="GET", target=target),)
    return result("one", cell("a", seen), cell("b", seen), requests=requests, expected=expected)


def tally_of(*cases: CaseResult) -> ProofTally:
    """Return what some cases add up to."""
    tally = ProofTally()
    for case in cases:
        tally.add(case, judge(case, ledger()))
    return tally


@pytest.mark.parametrize(
    ("cases", "nothing"),
    [
        pytest.param(
            (asked("/a", REFUSED),), "no answer of the whole run was 2xx or ", id="refused"
        ),
        pytest.param((asked("/a", REFUSED), asked("/b", answer())), "", id="one-is-answered"),
        pytest.param(
            (asked("/a", REFUSED), asked("/b", REFUSED, expected=True)), "", id="one-is-expected"
        ),
        pytest.param((asked("/a", PAGE),), "", id="one-target-that-is-a-login-page"),
        pytest.param(
            (asked("/a", PAGE), asked("/b", PAGE)),
            "every answer of the whole run is a page that asks for a password, ",
            id="login-pages",
        ),
        pytest.param(
            (asked("/a", TO_LOGIN), asked("/b", REFUSED)),
            "every answer of the whole run is a refusal or a redirect to ",
            id="redirects-and-refusals",
        ),
    ],
)
def test_a_run_without_the_content_that_was_asked_for(
    cases: tuple[CaseResult, ...], nothing: str
) -> None:
    """Refusals, login pages and redirects agree, and say nothing of the service."""
    said = tally_of(*cases).nothing()
    assert said.startswith(nothing)
    assert bool(said) == bool(nothing)


@pytest.mark.parametrize(
    ("seen", "kind"),
    [(TO_SLASH, GapKind.SLASH_REDIRECT), (TO_LOGIN, GapKind.REDIRECTED)],
)
def test_a_redirect_to_the_same_path_with_a_slash_is_told_apart(
    seen: Answer, kind: GapKind
) -> None:
    """The first is a slip of the case, the other a session that has expired."""
    assert [gap.kind for gap in tally_of(asked("/items", seen)).gaps()] == [kind]


@pytest.mark.parametrize(
    ("sent", "example"),
    [
        pytest.param((), "DELETE /items/{id}", id="as-written"),
        pytest.param(
            (Request(method="DELETE", target="/items/7"),), "GET /items", id="with-what-it-names"
        ),
    ],
)
def test_an_operation_that_was_sent_was_asked_for(sent: tuple[Request, ...], example: str) -> None:
    """A request with names in it counts as it was sent, and not as it is written."""
    document = ApiDocument(
        name="shop.json",
        base="/api",
        operations=("GET /items", "DELETE /items/{id}"),
        suites=("shop",),
    )
    case = asked("/items", answer())
    case = replace(case, cells=tuple(replace(each, sent=sent) for each in case.cells))
    tally = ProofTally([document])
    tally.add(case, judge(case, ledger()))
    assert [(gap.kind, gap.count, gap.example) for gap in tally.gaps()] == [
        (GapKind.UNASKED_OPERATION, 1, example)
    ]
