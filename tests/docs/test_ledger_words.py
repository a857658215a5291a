"""The states and kinds of a ledger row are explained where a reader meets them."""

from pathlib import Path

import pytest

from conformance.ledger.row_fields import DECISION
from conformance.model.decision import DecisionKind, DecisionState

ROOT = Path(__file__).parents[2]
STATES = [state.value for state in DecisionState]
KINDS = [kind.value for kind in DecisionKind]


@pytest.mark.parametrize("word", STATES + KINDS)
def test_the_page_on_rows_has_a_line_for_each(word: str) -> None:
    """The tables below "Decisions" have it in their first column."""
    page = (ROOT / "docs/suites.md").read_text().partition("## Decisions")[2]
    assert f"\n| `{word}` | " in page


@pytest.mark.parametrize(("field", "words"), [("state", STATES), ("kind", KINDS)])
def test_the_schema_explains_each(field: str, words: list[str]) -> None:
    """An editor shows what each word means."""
    says = DECISION.fields[field].says
    assert [word for word in words if f"{word}:" not in says] == []


def test_the_help_explains_each_kind_of_a_difference() -> None:
    """The option `--kind` of `conformance decide` does; the command says that the row is open."""
    section = (ROOT / "docs/cli.md").read_text().partition("Usage: conformance decide")[2]
    says, _, options = section.partition("Options:")
    of_kind = options.partition("--kind [")[2].partition("--fix SIDE")[0]
    kinds = [kind.value for kind in DecisionKind if kind is not DecisionKind.WORK]
    assert [kind for kind in kinds if f"{kind}:" not in of_kind] == []
    assert "A new row is open" in says
