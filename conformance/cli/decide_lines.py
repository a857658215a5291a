"""The lines that `conformance decide` prints about the rows that it wrote."""

from collections.abc import Iterable

import click

from conformance.safe_text import visible
from conformance.tracker.decided_again import LedgerChange
from conformance.wording import plural


def tell(changes: Iterable[LedgerChange], name: str) -> None:
    """Print which rows were written, and which existing rows were changed."""
    for change in changes:
        for words, rows in (("is decided again", change.rewritten), ("is open", change.new)):
            for row in rows:
                cases = plural(len(row.where), "case")
                click.echo(f"{row.id} {words} in {name}: {visible(row.title)}, in {cases}")
        for sentence in change.sentences():
            click.echo(visible(sentence))
