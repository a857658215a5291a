"""Each red cause of a run can be decided by its own key, in any order, until the run is green."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from conformance.judging import judge_record
from conformance.ledger.file import parse_ledger
from conformance.model.case import CompareLevel
from conformance.model.verdict import Verdict
from conformance.tracker.adding_rows import AddedRows
from conformance.tracker.deciding import DecisionTerms, undecided
from tests.comparison.live_runs import case, replay
from tests.comparison.test_situations import SITUATIONS
from tests.miniatures.server import Reply, Service
from tests.tracker.days import today

MOST_DECISIONS: Final = 8
"""A cause that rows decide in part may be decided again."""
NO_ROWS: Final = b"decisions: []\n"
ANOTHER_ORDER: Final = {
    "numbers": ("[1,2,3]", "[3,2,1]", "[4,5,6]"),
    "objects": ('[{"id":1},{"id":2}]', '[{"id":2},{"id":1}]', '[{"id":3},{"id":4}]'),
}
"""Lists of which two have the same elements in a different order, and a third has other elements."""
OF_LISTS: Final = {
    str(row.id): tuple(row.values[0])
    for row in SITUATIONS
    if all(isinstance(each, str) and "[" in each for each in row.values[0]) and not row.values[1]
}
TRIED: Final = ANOTHER_ORDER | OF_LISTS


def says(body: str) -> Service:
    """Return a service that answers with a body of JSON."""
    answer = Reply(body=body.encode())
    return lambda _: answer


def _keys(folder: Path, raw: bytes) -> list[str]:
    """Return the keys of the red causes of a run, as its report prints them."""
    report = judge_record(folder, parse_ledger(raw, "decisions.yaml"))
    return [group.key for group in report.groups if group.undecided and not group.by_itself]


def _decided(folder: Path, raw: bytes, key: str) -> bytes:
    """Decide one cause by its key, and return the text of the ledger."""
    before = parse_ledger(raw, "decisions.yaml")
    found = undecided(folder, before)
    added = AddedRows(
        run=folder, name="decisions.yaml", before=before, raw=raw,
        first=1 + len(before.decisions), today=today(),
        wanted=dict.fromkeys(found.named(key), DecisionTerms(owner="me", reason="so it is")),
    )  # fmt: skip
    added.add()
    return added.raw


@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.parametrize("bodies", TRIED.values(), ids=TRIED)
def test_each_key_decides_its_cause(
    tmp_path: Path, bodies: Sequence[str], last_first: bool
) -> None:
    """No two causes wait for each other: the first that is asked for can be decided."""
    services = {name: says(body) for name, body in zip("abcde", bodies, strict=False)}
    replay(tmp_path, services, replace(case(), compare=CompareLevel.VALUE))
    raw = NO_ROWS
    for _ in range(MOST_DECISIONS):
        if keys := _keys(tmp_path, raw):
            raw = _decided(tmp_path, raw, keys[-1 if last_first else 0])
    report = judge_record(tmp_path, parse_ledger(raw, "decisions.yaml"))
    assert {line.verdict for line in report.cases} <= {Verdict.KNOWN, Verdict.PASSED}
