"""Every row of the rules page, and the rules' order.

There are artifacts that fail by one rule, and artifacts just inside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.validatord_artifacts import PASSES, Row
from tests.reference_impl.validatord_fill_rows import FILL_ROWS
from tests.reference_impl.validatord_message_rows import MESSAGE_ROWS
from tests.reference_impl.validatord_playbook_rows import PLAYBOOK_ROWS

if TYPE_CHECKING:
    from tests.reference_impl.conftest import LiveDaemon


def ask(
    validatord: LiveDaemon, kind: str, artifact: dict[str, Any], context: dict[str, Any]
) -> tuple[int, Any]:
    """Ask for a verdict."""
    answer = validatord.post({"kind": kind, "artifact": artifact, "context": context})
    assert answer.header("content-type") == "application/json"
    return answer.status, answer.json()


@pytest.mark.parametrize("row", [*MESSAGE_ROWS, *FILL_ROWS, *PLAYBOOK_ROWS], ids=lambda row: row[0])
def test_the_first_failing_rule_is_the_answer(validatord: LiveDaemon, row: Row) -> None:
    """An artifact that fails is answered with the rule's own sentence and nothing else."""
    _, kind, artifact, context, expected = row

    assert ask(validatord, kind, artifact, context) == (422, expected)


@pytest.mark.parametrize("row", PASSES, ids=lambda row: row[0])
def test_a_passing_verdict_tells_what_it_did_not_look_at(validatord: LiveDaemon, row: Any) -> None:
    """An artifact just inside the rules passes, with the findings of what was not checked."""
    _, kind, artifact, context, findings = row

    status, verdict = ask(validatord, kind, artifact, context)

    assert (status, verdict["findings"]) == (200, findings)
    assert set(verdict) == {"findings", "elapsed_ms"}
    assert type(verdict["elapsed_ms"]) is int
    assert verdict["elapsed_ms"] >= 0
