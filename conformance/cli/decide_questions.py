"""`conformance decide --interactive`: shows each cause and asks for an answer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from conformance.cli.decide_lines import tell
from conformance.cli.tracker.ledger_edits import replace_ledger
from conformance.errors import TrackerError
from conformance.reporting.cause_lines import CauseLines
from conformance.reporting.terminal import View
from conformance.safe_text import visible
from conformance.tracker.adding_rows import AddedRows
from conformance.tracker.deciding import DecisionTerms, Undecided, UndecidedCause
from conformance.wording import plural

_QUESTION: Final = "decide it? y, y: WORDS (its reason), n, or q to stop"
_AGAIN: Final = "wanted y, y: and the reason in words, n, or q; got {!r}"
_UNANSWERED: Final = "not answered"
_YES: Final = frozenset({"y", "yes"})
_NO: Final = frozenset({"n", "no"})
_STOP: Final = frozenset({"q", "quit"})


def ask(
    causes: Sequence[UndecidedCause],
    found: Undecided,
    terms: DecisionTerms,
    added: AddedRows,
    ledger: Path,
) -> None:
    """Ask about each cause, shown with an example.

    A decision is written before the next question.
    """
    lines = CauseLines(found.report, View(everything=True))
    for at, cause in enumerate(causes):
        for line, _ in lines.in_full(found.report.groups.index(cause.group), explained=True):
            click.echo(line)
        answer, reason = _answer()
        if answer in _STOP:
            added.left.update((left.group.key, _UNANSWERED) for left in causes[at:])
            left_out = plural(len(causes) - at, "cause")
            click.echo(f"stopped: {left_out} not decided; all before is written")
            return
        if answer in _NO:
            added.left[cause.group.key] = "the answer was no"
            continue
        _decide_one(cause, replace(terms, reason=reason or terms.reason), added, ledger)


def _decide_one(
    cause: UndecidedCause, terms: DecisionTerms, added: AddedRows, ledger: Path
) -> None:
    """Write the rows of a cause at once, or print why there are none."""
    before, changes = added.raw, len(added.changes)
    try:
        added.add_one(cause, terms)
    except TrackerError as error:
        why = f"{error.message}: {error.hint}" if error.hint else error.message
        added.left[cause.group.key] = why
        click.echo(visible(f"not decided: {why}"))
    replace_ledger(ledger, added.raw, before)
    tell(added.changes[changes:], added.name)


def _answer() -> tuple[str, str]:
    """Return the answer of a person and the reason, or an empty text; the input's end is `q`."""
    while True:
        word, colon, reason = _typed().partition(":")
        answer = word.strip().lower()
        if answer in _YES and (reason.strip() or not colon):
            return answer, reason.strip()
        if answer in _NO | _STOP and not colon:
            return answer, ""
        click.echo(visible(_AGAIN.format(f"{word}{colon}{reason}")))


def _typed() -> str:
    try:
        typed: str = click.prompt(_QUESTION, default="n", show_default=True)
    except click.Abort as stop:
        if isinstance(stop.__context__, EOFError):
            click.echo()
            return "q"
        raise
    return typed.strip()
