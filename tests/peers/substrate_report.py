"""The report on vectord under sustained writes: the substrates of the Go peer and the reference, one after another.

Run: `python -m tests.peers.substrate_report --seconds 20 > reports/cutover/vectord_substrates.md`. Every figure is of
that run: compare columns, not days.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.peers.live_peers import GO, started
from tests.peers.sustained_writes import DIM, IDS, INDEX, Outcome, drive

THREADS = 4
VECTORDS = {
    "Go, bare": (GO, "vectord", "-substrate=bare"),
    "Go, recover": (GO, "vectord", "-substrate=recover"),
    "Go, side-store": (GO, "vectord", "-substrate=side-store"),
    "reference": (sys.executable, "-m", "reference_impl", "vectord", "--scratch", "--log-level", "error"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one vectord did."""

    name: str
    outcome: Outcome
    exit_code: int
    first_words: str


def measured(name: str, argv: Sequence[str], seconds: float) -> Row:
    """Start a vectord, drive it, stop it."""
    with started(*argv) as (url, process):
        outcome = drive(url, seconds=seconds, threads=THREADS)
        assert process.stderr is not None
        first_words = ""
        if not outcome.is_alive:
            process.wait(timeout=10)
            first_words = process.stderr.readline().rstrip()
    return Row(name=name, outcome=outcome, exit_code=process.returncode, first_words=first_words)


def report(rows: Sequence[Row], seconds: float) -> Iterator[str]:
    """Yield the lines of the document."""
    yield from (
        "# vectord under sustained writes to a small index",
        "",
        f"Upserts, searches and deletes (2 : 1 : 1) on `{INDEX}`, {IDS} ids of {DIM} dimensions, by {THREADS} threads",
        f"for {seconds:g} s or until nobody answers; each vectord alone, over its port, on {os.cpu_count()} cores.",
        "Then the operator's recovery: the index is deleted, and the next record makes it anew. The reference has each",
        "change on disk before it answers, the Go peer does not. Figures of one run:",
        "",
        f"    python -m tests.peers.substrate_report --seconds {seconds:g} > reports/cutover/vectord_substrates.md",
        "",
    )
    yield "| vectord | upserts failed | searches failed | deletes failed | operations/s | at the end | recovery |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        yield _line(row)
    yield ""
    yield "What each said first when it failed:"
    yield ""
    for row in rows:
        yield from _first_words(row)


def _line(row: Row) -> str:
    tallies = row.outcome.operations.values()
    shares = [f"{tally.failed:,} of {tally.asked:,} ({tally.failed / max(1, tally.asked):.1%})" for tally in tallies]
    pace = sum(tally.asked for tally in tallies) / row.outcome.seconds
    end = f"{'answers' if row.outcome.is_alive else f'dead after {row.outcome.seconds:.2f} s'}, exit {row.exit_code}"
    recovery = "works" if row.outcome.recovered else "nobody to ask"
    return f"| {' | '.join([row.name, *shares, f'{pace:,.0f}', end, recovery])} |"


def _first_words(row: Row) -> Iterator[str]:
    if not row.outcome.is_alive:
        yield f"- {row.name}: `{row.first_words}`"
        return
    for kind, tally in row.outcome.operations.items():
        if tally.failed:
            yield f"- {row.name}, {kind}: `{tally.first_failure}`"


def main() -> None:
    """Drive all four and print the document."""
    parser = argparse.ArgumentParser(description="vectord under sustained writes, on every substrate.")
    parser.add_argument("--seconds", type=float, default=20)
    seconds = parser.parse_args().seconds
    rows = [measured(name, argv, seconds) for name, argv in VECTORDS.items()]
    sys.stdout.write("\n".join(report(rows, seconds)) + "\n")


if __name__ == "__main__":
    main()
