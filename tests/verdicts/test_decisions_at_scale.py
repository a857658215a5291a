"""Decisions about three shops: at most 30 rows for 30 causes, and no later change hides in them."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pytest

from conformance.comparison.case_result import compared
from conformance.errors import Place
from conformance.ledger.file import read_ledger
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.decision import Ledger
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.request import Request
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.judgement import judge
from tests.cli.command import conformance
from tests.miniatures.server import serve_script
from tests.miniatures.three_shops import (
    ROUTES,
    THINGS,
    VERSIONS,
    answers,
    planted_by,
    suite,
    target_of,
)
from tests.verdicts.later_changes import LATER, Later, all_exchanges, random_changes

LAST = (THINGS - 2, THINGS - 1)
GIVEN = ("--owner", "me", "--reason", "the state of the port")


@dataclass(frozen=True, slots=True)
class Decided:
    """What the command wrote and said."""

    ledger: Ledger
    before: str
    decide: str
    after: str


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    """Run the shops, decide all that they show, and run them again."""
    folder = tmp_path_factory.mktemp("shops")
    (folder / "cases").mkdir()
    (folder / "cases/shop.yaml").write_text(suite())
    (folder / "cases/decisions.yaml").write_text("decisions: []\n")
    with contextlib.ExitStack() as stack:
        urls = {
            version: stack.enter_context(serve_script(answers(version))) for version in VERSIONS
        }
        words = [word for name, url in urls.items() for word in ("--runtime", f"{name}={url}")]
        before = conformance("run", "cases", "--top", "99", *words, cwd=folder).stdout
        decided = conformance("decide", "--all", *GIVEN, cwd=folder)
        after = conformance("run", "cases", "--verbose", *words, cwd=folder).stdout
    assert decided.returncode == 0, decided.stdout + decided.stderr
    return Decided(read_ledger(folder / "cases/decisions.yaml"), before, decided.stdout, after)


def test_a_row_for_each_cause_makes_the_run_green(decided: Decided) -> None:
    """Thirty rows at most.

    The next run of the unchanged shops matches each of them, and none is narrowed.
    """
    assert 28 <= len(decided.ledger.decisions) <= 30
    assert "RED: 92 failed, 4 errored" in decided.before
    assert decided.after.count(" matched: covers ") == len(decided.ledger.decisions)
    assert "PARITY, with 96 cases that differ as decided" in decided.after
    assert all(row.review_by is not None and not row.grows for row in decided.ledger.decisions)


def test_every_row_names_cases_and_places_exactly(decided: Decided) -> None:
    """No row has a pattern but for the elements of lists."""
    for row in decided.ledger.decisions:
        assert not any("*" in case or "?" in case for case in row.where)
        assert not any("*" in place.replace("[*]", "") for place in row.places)


def test_nothing_changed_is_green(decided: Decided) -> None:
    """What the shops answer is known, case by case, in this process as by the command."""
    for route in range(ROUTES):
        for things in things_of():
            assert judged(decided.ledger, case_of(route, things)).verdict is Verdict.KNOWN


@pytest.mark.parametrize("later", [pytest.param(each, id=str(at)) for at, each in enumerate(LATER)])
def test_a_later_change_is_red_and_told(decided: Decided, later: Later) -> None:
    """The case in which one answer is another now is red, and the reason says what it is."""
    found = judged(decided.ledger, changed(later))
    assert found.verdict.red
    assert later.says in found.reason


def test_seventy_changes_are_there() -> None:
    """The table is as long as it has to be."""
    assert len(LATER) == 70


def test_random_changes_are_red(decided: Decided) -> None:
    """Of 500 random changes that make a difference of their own, none is green."""
    differing = list(islice(with_new_differences(random_changes(seed=7, count=3000)), 500))
    assert len(differing) == 500
    assert hidden(decided, differing) == []


def test_exchanges_are_red(decided: Decided) -> None:
    """No case is green with the values of another case or step, though each was seen before."""
    differing = list(with_new_differences(all_exchanges()))
    assert len(differing) >= 60
    assert hidden(decided, differing) == []


def with_new_differences(changes: Iterable[Later]) -> Iterator[Later]:
    """Yield the changes that make a difference of their own."""
    for later in changes:
        if new_differences(case_of(later.route, things_with(later)), changed(later)):
            yield later


def hidden(decided: Decided, changes: Iterable[Later]) -> list[tuple[object, ...]]:
    """Return the changes of which the case is not red."""
    green = [later for later in changes if not judged(decided.ledger, changed(later)).verdict.red]
    return [(each.versions, each.route, each.thing, each.as_thing) for each in green]


def things_of() -> Iterator[tuple[int, ...]]:
    """Yield the things that each case of a route asks for."""
    yield from ((thing,) for thing in range(THINGS - 2))
    yield LAST


def things_with(later: Later) -> tuple[int, ...]:
    """Return the things that the case of a change asks for."""
    return next(things for things in things_of() if later.thing in things)


def changed(later: Later) -> CaseResult:
    """Return the case of a change, with the change."""
    return case_of(later.route, things_with(later), later)


def judged(ledger: Ledger, result: CaseResult) -> Judgement:
    """Judge a case."""
    return judge(result, ledger)


def case_of(route: int, things: tuple[int, ...], later: Later | None = None) -> CaseResult:
    """Return what the shops show in a case, compared as in a run."""
    name = f"shelf-{chr(ord('a') + route)}-{'last' if things == LAST else things[0]}"
    steps = tuple(
        Step(request=Request(method="GET", target=target_of(route, thing))) for thing in things
    )
    case = Case(
        suite="shop/shelves",
        name=name,
        place=Place("shop.yaml", 1, 1),
        steps=steps,
        against=None,
        compare=CompareLevel.VALUE,
        timeout_ms=1000,
    )
    cells = [
        Cell(runtime=version, live=True, observations=seen(version, route, things, later))
        for version in VERSIONS
    ]
    return compared(case, cells, None)


def seen(
    version: str, route: int, things: tuple[int, ...], later: Later | None
) -> tuple[Observation, ...]:
    """Return what a version does with the steps of a case; after a fault it is not asked."""
    found: list[Observation] = []
    for thing in things:
        planted = planted_by(version, route, thing)
        if later is not None and planted is not None and later.thing == thing:
            planted = later.answer(version, planted) if version in later.versions else planted
        if any(isinstance(before, Fault) for before in found):
            found.append(NotAsked(reason="an earlier step had no answer"))
        elif planted is None:
            kind = FaultKind.CLOSED_BEFORE_RESPONSE
            found.append(Fault(kind=kind, phase="headers", detail="closed", elapsed_ms=1.0))
        else:
            reply = planted.reply()
            found.append(
                Answer(
                    status=reply.status,
                    reason="Status",
                    headers=tuple(reply.headers.items()),
                    body=reply.body,
                    elapsed_ms=1.0,
                )
            )
    return tuple(found)


def new_differences(was: CaseResult, now: CaseResult) -> bool:
    """Return whether a case shows a new difference: by place, name, sides, and counting values."""
    return bool(_differences(now) - _differences(was)) or bool(now.comparison.more_findings)


def _differences(result: CaseResult) -> set[object]:
    return {
        (
            finding.identity,
            finding.code,
            finding.sent if _by_value(finding.signatures[0].odd) else (),
        )
        for finding in result.comparison.findings
    }


def _by_value(fact: str) -> bool:
    return fact == "differs"
