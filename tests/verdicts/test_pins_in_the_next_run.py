"""A row holds in the next run, despite other ports and other ids, and for nothing else there."""

import base64
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from msgspec.structs import replace

from conformance.comparison.causes import causes_of
from conformance.comparison.parity import compare_case
from conformance.ledger.drafts import Drafts
from conformance.model.case import CompareLevel
from conformance.model.decision import Ledger
from conformance.model.observation import Answer, Cell
from conformance.model.template import known_text
from conformance.model.verdict import CaseResult, Verdict
from conformance.verdicts.judgement import judge
from tests.comparison.differences import answer, text
from tests.comparison.live_runs import case
from tests.verdicts.ledger_rows import ledger, result

DAY: Final = dt.date(2026, 11, 23)
LONG: Final = "word " * 60


@dataclass(frozen=True, slots=True)
class Run:
    """What differs in each run: the ports, the id that a captured, a fresh name, a made value."""

    ports: tuple[int, int]
    order: str
    fresh: str
    made: str

    def url(self, at: int) -> str:
        """Return the base URL of a runtime."""
        return f"http://127.0.0.1:{self.ports[at]}"


FIRST: Final = Run(
    (40001, 40002), "order-5f3a9c", "ann7c1f0e2d3b4a5", "3c9d8e7f-0000-4000-8000-000000000001"
)
NEXT: Final = Run(
    (50001, 50002), "order-9b1d2e", "ann00ff11ee22dd3", "7b6a5c4d-0000-4000-8000-000000000002"
)
Says = Callable[[Run, int], str]
"""Gives what a runtime says in a run, in which it is the first or the second."""


def token(issuer: str, key: str, at: int) -> str:
    """Return a token that was made at a time."""
    parts = ({"alg": "none", "kid": key}, {"iss": issuer, "iat": at})
    return ".".join(
        (
            *(
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                for part in parts
            ),
            "",
        )
    )


def seen_in(run: Run, a: Says, b: Says, form: Callable[[str], Answer]) -> CaseResult:
    """Return a case as a run shows it."""
    asked = replace(case(compare=CompareLevel.VALUE), headers=("x-says", "set-cookie"))
    names = (
        known_text("order", run.order, "order"),
        known_text("fresh:ann", run.fresh, "ann"),
        known_text("uuid", run.made),
        known_text("title", "a title that is sent"),
    )
    cells = [
        Cell(
            runtime=name,
            live=True,
            observations=(form(says(run, at)),),
            base_url=run.url(at),
            names=names,
        )
        for at, (name, says) in enumerate({"a": a, "b": b}.items())
    ]
    plain = result("order", *cells, level=CompareLevel.VALUE)
    return replace(plain, comparison=compare_case(asked, cells), requests=(asked.steps[0].request,))


def decided(seen: CaseResult) -> Ledger:
    """Return the rows for all that a case shows."""
    drafts = Drafts()
    drafts.add(seen, judge(seen, ledger()))
    every = (draft for found in drafts.of_causes().values() for draft in found)
    return ledger(*(draft.row(number, "t", DAY) for number, draft in enumerate(every, start=1)))


FORMS: Final = {
    "json": lambda said: answer(text({"u": said})),
    "json-in-a-text": lambda said: answer(text({"u": json.dumps({"v": said})})),
    "xml": lambda said: answer(f"<r><u>{said}</u></r>", media="application/xml"),
    "text": lambda said: answer(f"one\n{said}\n", media="text/plain"),
    "form": lambda said: answer(f"u={said}", media="application/x-www-form-urlencoded"),
    "header": lambda said: replace(answer("{}"), headers=(("X-Says", said),)),
    "cookie": lambda said: replace(answer("{}"), headers=(("Set-Cookie", f"u={said}"),)),
    "error": lambda said: answer(text({"message": said}), 404),
    "list": lambda said: answer(text([said, "z"] if said.endswith("auth") else ["z", said, "y"])),
}
SAYS: Final[dict[str, Says]] = {
    "url": Run.url,
    "localhost": lambda run, at: run.url(at).replace("127.0.0.1", "localhost"),
    "address": lambda run, at: f"127.0.0.1:{run.ports[at]}",
    "in-a-sentence": lambda run, at: f"{'word ' * 20}{run.url(at)}",
    "in-a-long-text": lambda run, at: f"{LONG}{run.url(at)}",
    "encoded": lambda run, at: f"/in?to=http%3A%2F%2F127.0.0.1%3A{run.ports[at]}%2F",
    "identity": lambda run, _: f"/orders/{run.order}",
    "fresh": lambda run, _: f"/people/{run.fresh}",
    "made": lambda run, _: f"urn:uuid:{run.made}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS)
def test_a_row_about_values_in_the_next_run(says: Says, form: Callable[[str], Answer]) -> None:
    """The own address and what was made for the run are other ones.

    Another path beside them is red.
    """

    def ending(with_it: str) -> Says:
        return lambda run, at: f"{says(run, at)}/{with_it}"

    first = seen_in(FIRST, ending("auth"), ending("authorize"), form)
    rows = decided(first)
    assert judge(first, rows).verdict is Verdict.KNOWN
    again = seen_in(NEXT, ending("auth"), ending("authorize"), form)
    assert judge(again, rows).verdict is Verdict.KNOWN, judge(again, rows).reason
    later = judge(seen_in(NEXT, ending("auth"), ending("elsewhere"), form), rows)
    assert (later.verdict, "D-001 reopened" in later.reason) == (Verdict.FAILED, True)


def test_the_spelling_in_a_pin() -> None:
    """A person reads what stands there: the runtime itself, or a name of the case.

    A constant stays as it is.
    """
    shown: dict[str, Says] = {
        '"[own URL]/auth"': lambda run, at: f"{run.url(at)}/auth",
        '"at [own address]"': lambda run, at: f"at 127.0.0.1:{run.ports[at]}",
        '"${order} of ${fresh:ann}"': lambda run, _: f"{run.order} of {run.fresh}",
        '"a title that is sent"': lambda _, __: "a title that is sent",
        '"http://127.0.0.1:9200/x"': lambda _, __: "http://127.0.0.1:9200/x",
    }
    for wanted, says in shown.items():
        (row,) = decided(seen_in(FIRST, says, lambda _, __: "other", FORMS["json"])).decisions
        assert row.pin is not None
        assert row.pin.values == ((("v1", (wanted,)), ("v2", ('"other"',))),)


def test_a_pin_that_has_what_was_sent() -> None:
    """A handwritten row with the port of a runtime holds as long as the runtime keeps the port."""
    seen = seen_in(
        FIRST, lambda run, at: f"{run.url(at)}/auth", lambda _, __: "other", FORMS["json"]
    )
    (row,) = decided(seen).decisions
    assert row.pin is not None
    sent = f'"{FIRST.url(0)}/auth"'
    held = ledger(
        replace(row, pin=replace(row.pin, values=((("v1", (sent,)), ("v2", ('"other"',))),)))
    )
    assert judge(seen, held).verdict is Verdict.KNOWN
    again = seen_in(
        NEXT, lambda run, at: f"{run.url(at)}/auth", lambda _, __: "other", FORMS["json"]
    )
    assert judge(again, held).verdict is Verdict.FAILED


NAMED: Final[dict[str, Says]] = {
    "$.by['[own URL]']": lambda run, at: text({"by": {run.url(at): at, "z": 1}}),
    "$.people['${fresh:ann}'].n": lambda run, at: text({"people": {run.fresh: {"n": at}}}),
    "$.t['${order}']": lambda run, at: text({"t": {run.order: at}}),
}


@pytest.mark.parametrize("place", NAMED)
def test_a_member_with_a_name_that_is_another_one_in_each_run(place: str) -> None:
    """The row has the place as it is in every run, and the key of the cause is the same."""
    says = NAMED[place]
    first, again = (seen_in(run, says, says, answer) for run in (FIRST, NEXT))
    rows = decided(first)
    assert {place} == {at for row in rows.decisions for at in row.places}
    assert judge(again, rows).verdict is Verdict.KNOWN
    keys = [
        [each.key for each in causes_of(seen.comparison.findings[0], seen.requests[0])]
        for seen in (first, again)
    ]
    assert keys[0] == keys[1]
    assert (
        judge(seen_in(NEXT, says, lambda *_: text({"t": 2}), answer), rows).verdict
        is Verdict.FAILED
    )


def test_the_issuer_of_a_token() -> None:
    """Tokens are pinned by content, without clocks: another issuer is red, another time is not."""

    def issued(issuer: str, key: str) -> Says:
        return lambda run, at: f"Bearer {token(issuer or run.url(at), key, run.ports[at])}"

    rows = decided(seen_in(FIRST, issued("", "k1"), issued("", "k2"), FORMS["header"]))
    assert (
        judge(seen_in(NEXT, issued("", "k1"), issued("", "k2"), FORMS["header"]), rows).verdict
        is Verdict.KNOWN
    )
    wrong = seen_in(NEXT, issued("", "k1"), issued("http://127.0.0.1:9", "k2"), FORMS["header"])
    assert judge(wrong, rows).verdict is Verdict.FAILED


def test_the_type_of_a_problem() -> None:
    """An error code that is a URL of the runtime itself is the same code in the next run."""

    def statuses(run: Run) -> CaseResult:
        return seen_in(
            run, lambda run, at: f"{run.url(at)}/errors/gone", lambda _, __: "", _refusal
        )

    rows = decided(statuses(FIRST))
    assert [row.code for row in rows.decisions] == ["[own URL]/errors/gone"]
    assert judge(statuses(NEXT), rows).verdict is Verdict.KNOWN


def _refusal(kind: str) -> Answer:
    return answer(text({"type": kind}), 410) if kind else answer("{}")
