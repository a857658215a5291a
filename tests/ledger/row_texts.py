"""Rows of a ledger as texts, and the file read that has them."""

from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.ledger.file import read_ledger
from conformance.model.decision import (
    Ledger,
)

ROW = {
    "id": "D-001",
    "title": "Go is flat",
    "state": "open",
    "kind": "must_match",
    "cause": "externally-tagged-enum",
    "at": '["$.a"]',
    "where": "[a/b/c]",
    "sides": "{flat: [go], tagged: [python, rust]}",
    "reason": "why",
    "owner": "team",
    "opened": '"2026-11-23"',
}
VALUES = {"cause": "value", "sides": "{a: [go], b: [python, rust]}"}
WORK = {
    "kind": "work",
    "loc_estimate": "40",
    **dict.fromkeys(("cause", "at", "where", "sides"), ""),
}


def read(folder: Path, *rows: dict[str, str]) -> Ledger:
    """Write a ledger; a field whose text is empty is left out."""
    written = "".join(
        "  -" + "   ".join(f" {name}: {value}\n" for name, value in row.items() if value)
        for row in rows
    )
    file = folder / "decisions.yaml"
    file.write_text("decisions:\n" + (written or "  []\n"))
    return read_ledger(file)


def problems(folder: Path, *rows: dict[str, str]) -> list[str]:
    with pytest.raises(BadFileError) as caught:
        read(folder, *rows)
    return [
        str(problem).removeprefix(f"{folder}/decisions.yaml:") for problem in caught.value.problems
    ]
