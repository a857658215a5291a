"""The report on vectord under sustained writes: the substrates of the Go peer and the reference.

They run one after another.

Run: `python -m tests.peers.substrate_report --seconds 20`. It writes
`reports/cutover/vectord_substrates.md`, and beside it the record `vectord_substrates.json`, whose
figures the ledger and the living document hold to bounds. Every figure is of that run: compare
columns, not days.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conformance.project.stamp import new_stamp
from tests.peers.live_peers import GO, started
from tests.peers.sustained_writes import DIM, IDS, INDEX, Outcome, drive

RUNTIMES = {"reference": "vectord"}
"""The runtime of `cases/runtimes.yaml` that a vectord is; each of the others is the Go peer."""
THREADS = 4
FOLDER = Path("reports/cutover")
NAME = "vectord_substrates"
VECTORDS = {
    "Go, bare": (GO, "vectord", "-substrate=bare"),
    "Go, recover": (GO, "vectord", "-substrate=recover"),
    "Go, side-store": (GO, "vectord", "-substrate=side-store"),
    "reference": (
        sys.executable,
        "-m",
        "reference_impl",
        "vectord",
        "--scratch",
        "--log-level",
        "error",
    ),
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
        (
            f"Upserts, searches and deletes (2 : 1 : 1) on `{INDEX}`, {IDS} ids of {DIM} "
            f"dimensions, by {THREADS} threads"
        ),
        (
            f"for {seconds:g} s or until nobody answers; each vectord alone, over its port, on "
            f"{os.cpu_count()} cores."
        ),
        (
            "Then the operator's recovery: the index is deleted, and the next record makes it "
            "again. The reference has each"
        ),
        "change on disk before it answers, the Go peer does not. Figures of one run:",
        "",
        f"    python -m tests.peers.substrate_report --seconds {seconds:g}",
        "",
    )
    yield (
        "| vectord | upserts failed | searches failed | deletes failed | operations/s | at the "
        "end | recovery |"
    )
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
    shares = [
        f"{tally.failed:,} of {tally.asked:,} ({tally.failed / max(1, tally.asked):.1%})"
        for tally in tallies
    ]
    pace = sum(tally.asked for tally in tallies) / row.outcome.seconds
    end = (
        f"{'answers' if row.outcome.is_alive else f'dead after {row.outcome.seconds:.2f} s'}, "
        f"exit {row.exit_code}"
    )
    recovery = "works" if row.outcome.recovered else "nobody to ask"
    return f"| {' | '.join([row.name, *shares, f'{pace:,.0f}', end, recovery])} |"


def _first_words(row: Row) -> Iterator[str]:
    if not row.outcome.is_alive:
        yield f"- {row.name}: `{row.first_words}`"
        return
    for kind, tally in row.outcome.operations.items():
        if tally.failed:
            yield f"- {row.name}, {kind}: `{tally.first_failure}`"


def record(rows: Sequence[Row], seconds: float, run: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as one JSON object: a vectord's under its name in lower case, no signs."""
    return {
        "format": 1,
        "run": run,
        "seconds": seconds,
        "threads": THREADS,
        **{_key(row.name): _figures(row) for row in rows},
    }


def _key(name: str) -> str:
    return name.lower().replace(", ", "_").replace("-", "_")


def _figures(row: Row) -> dict[str, Any]:
    tallies = row.outcome.operations
    asked = sum(tally.asked for tally in tallies.values())
    figures = {
        kind: {
            **asdict(tally),
            "failed_percent": round(100 * tally.failed / max(1, tally.asked), 2),
        }
        for kind, tally in tallies.items()
    }
    return {
        "runtime": RUNTIMES.get(row.name, "go"),
        "failed": row.outcome.failed,
        "operations_per_s": round(asked / row.outcome.seconds, 1),
        "seconds": round(row.outcome.seconds, 3),
        "alive": row.outcome.is_alive,
        "recovered": row.outcome.recovered,
        "exit_code": row.exit_code,
        "first_words": row.first_words,
        **figures,
    }


def main() -> None:
    """Drive all four and write the report and its record."""
    parser = argparse.ArgumentParser(
        description="vectord under sustained writes, on every substrate."
    )
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    command = f"python -m tests.peers.substrate_report --seconds {given.seconds:g}"
    run: dict[str, Any] = {**new_stamp(), "command": command}
    rows = [measured(name, argv, given.seconds) for name, argv in VECTORDS.items()]
    text = "\n".join(report(rows, given.seconds)) + "\n"
    figures = json.dumps(record(rows, given.seconds, run), indent=2, ensure_ascii=False) + "\n"
    for suffix, content in ((".md", text), (".json", figures)):
        file = given.folder / f"{NAME}{suffix}"
        file.write_text(content, encoding="utf-8")
        sys.stdout.write(f"wrote {file}\n")


if __name__ == "__main__":
    main()
