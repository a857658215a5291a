"""Random answers are decided twice, and a run can read each ledger that is written.

The second decision is on other random answers.

After each decision the same answers are known, and no two rows claim one finding.
"""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from conformance.judging import judge_record
from conformance.ledger.file import parse_ledger
from conformance.model.case import CompareLevel
from conformance.model.decision import Ledger
from conformance.model.verdict import Verdict
from conformance.tracker.adding_rows import AddedRows
from conformance.tracker.deciding import DecisionTerms, undecided
from conformance.verdicts.ledger_check import check_ledger
from tests.comparison.live_runs import case, replay
from tests.miniatures.server import Received, Reply, Service, json_reply
from tests.tracker.days import today

TARGETS: Final = ("one", "two")
MEMBERS: Final[tuple[object, ...]] = (
    1,
    2,
    1.5,
    "1",
    "x",
    None,
    [],
    [1, 2],
    [2, 1],
    [1, 3],
    {"n": 1},
    {"n": None},
    True,
    "",
    "X",
)
ERRORS: Final = ({"error": "x"}, {"error": "y"}, {"code": "X", "message": "no"})
ROUNDS: Final = 12

Answers = Mapping[str, tuple[int, object]]


def random_answers(chance: random.Random, names: str) -> dict[str, Answers]:
    """Return what each runtime answers to each request.

    Few answers are distinct, so that sides have several runtimes.
    """
    found: dict[str, Answers] = {name: {} for name in names}
    for target in TARGETS:
        few = [_answer(chance) for _ in range(3)]
        for name in names:
            found[name] = {**found[name], target: chance.choice(few)}
    return found


def _answer(chance: random.Random) -> tuple[int, object]:
    if chance.random() < 0.2:
        return chance.choice((400, 404, 500)), chance.choice(ERRORS)
    lists = [{"t": chance.choice(MEMBERS)} for _ in range(2)]
    return 200, {"v": chance.choice(MEMBERS), "l": lists if chance.random() < 0.5 else []}


def served(answers: Answers) -> Service:
    """Return a service that gives these answers."""

    def answer(request: Received) -> Reply:
        status, body = answers[request.target.removeprefix("/")]
        return json_reply(body, status)

    return answer


def decided(folder: Path, answers: Mapping[str, Answers], raw: bytes) -> bytes:
    """Run services and decide all they show, by a ledger as text.

    Return the text of the new ledger.
    """
    before = parse_ledger(raw, "decisions.yaml")
    cases = [replace(case(target), compare=CompareLevel.VALUE) for target in TARGETS]
    replay(folder, {name: served(of) for name, of in answers.items()}, *cases, ledger=before)
    found = undecided(folder, before)
    number = 1 + max([int(row.id[2:]) for row in before.decisions], default=0)
    added = AddedRows(
        run=folder, name="decisions.yaml", before=before, raw=raw, first=number, today=today(),
        wanted=dict.fromkeys(found.causes, DecisionTerms(owner="me", reason="so it is")),
        everything=True,
    )  # fmt: skip
    added.add_what_can_be()
    assert added.left == {}, answers
    return added.raw


@pytest.mark.parametrize("seed", [*range(ROUNDS), 144])
def test_every_ledger_holds(tmp_path: Path, seed: int) -> None:
    """After three decisions in a row, each of other answers, all is known.

    The ledger has no two rows in one place.
    """
    chance = random.Random(seed)  # noqa: S311 - the same answers in every run
    names = "abcd"[: chance.randint(2, 4)]
    raw = b"decisions: []\n"
    for at in range(3):
        answers = random_answers(chance, names)
        folder = tmp_path / str(at)
        raw = decided(folder, answers, raw)
        after = parse_ledger(raw, "decisions.yaml")
        check_ledger(after, {f"shop/{target}" for target in TARGETS}, set("abcd"))
        assert _red(folder, after) == [], answers


def _red(folder: Path, ledger: Ledger) -> list[str]:
    report = judge_record(folder, ledger)
    return [
        line.reason for line in report.cases if line.verdict not in {Verdict.KNOWN, Verdict.PASSED}
    ]
