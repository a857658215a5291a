"""The report on a small index under sustained writes: substrates of the Go peer and the reference.

They run one after another.

Run: `python -m tests.peers.substrate_report --seconds 20`, and the same with `--through-matrixd`.
It writes `reports/cutover/vectord_substrates.md` or `matrixd_substrates.md`, and beside it the
record, a JSON file whose figures the ledger and the living document hold to bounds. Every figure is
of that run: compare columns, not days.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conformance.project.stamp import new_stamp
from tests.peers.live_peers import GO, ROOT, started
from tests.peers.sustained_writes import (
    DIM,
    IDS,
    INDEX,
    AtVectord,
    Outcome,
    ThroughMatrixd,
    Way,
    drive,
)

Started = AbstractContextManager[tuple[str, subprocess.Popen[str]]]

THREADS = 4
FOLDER = Path("reports/cutover")
SUBSTRATES = ("bare", "recover", "side-store", "cells")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured: the way to the index, and whom to start under which name."""

    name: str
    title: str
    writes: str
    option: str
    way: Way
    reference: str
    """The runtime of `cases/runtimes.yaml` that the reference is; each of the others is `go`."""
    starts: Mapping[str, Callable[[], Started]]


def go(command: str, substrate: str) -> Callable[[], Started]:
    """Return what starts the Go peer on a substrate."""
    return lambda: started(GO, command, f"-substrate={substrate}")


def reference_vectord() -> Started:
    """Start the vectord of the reference."""
    words = ("-m", "reference_impl", "vectord", "--scratch", "--log-level", "error")
    return started(sys.executable, *words)


@contextmanager
def reference_stack() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the whole reference; yields the URL of its gateway."""
    words = ("-m", "reference_impl", "up", "--scratch", "--free-ports", "--port", "0")
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        heard = (re.match(r"gateway +(http://\S+) ", line) for line in process.stdout)
        listening = next(filter(None, heard))
        try:
            yield listening[1], process
        finally:
            process.terminate()


VECTORD = Plan(
    name="vectord_substrates",
    title="# vectord under sustained writes to a small index",
    writes=f"Upserts, searches and deletes (2 : 1 : 1) on `{INDEX}`, {IDS} ids of {DIM} dimensions",
    option="",
    way=AtVectord(),
    reference="vectord",
    starts={
        **{f"Go, {substrate}": go("vectord", substrate) for substrate in SUBSTRATES},
        "reference": reference_vectord,
    },
)
MATRIXD = Plan(
    name="matrixd_substrates",
    title="# matrixd in front of a small index under sustained writes",
    writes=f"Records, warm searches and deletes (2 : 1 : 1) of {IDS} playbooks, through matrixd",
    option=" --through-matrixd",
    way=ThroughMatrixd(),
    reference="stack",
    starts={
        **{f"Go, {substrate}": go("serve", substrate) for substrate in SUBSTRATES},
        "reference": reference_stack,
    },
)
ORIGINAL = (
    "",
    "This is the path on which the original broke. Its owners report, for 100,000 vectors and 50",
    "users: before the fix 98.8 % of `surge_fill_validate` and 96.8 % of `playbook_record_replay`",
    "failed behind a recover guard; after it, with a side store, none did.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one vectord did."""

    name: str
    outcome: Outcome
    exit_code: int
    first_words: str


def measured(name: str, start: Callable[[], Started], way: Way, seconds: float) -> Row:
    """Start a runtime, drive it, stop it."""
    with start() as (url, process):
        outcome = drive(url, seconds=seconds, threads=THREADS, way=way)
        first_words = ""
        if not outcome.is_alive:
            assert process.stderr is not None
            process.wait(timeout=10)
            first_words = process.stderr.readline().rstrip()
    return Row(name=name, outcome=outcome, exit_code=process.returncode, first_words=first_words)


def report(plan: Plan, rows: Sequence[Row], seconds: float) -> Iterator[str]:
    """Yield the lines of the document."""
    yield from (
        plan.title,
        "",
        f"{plan.writes}, by {THREADS} threads",
        f"for {seconds:g} s or until nobody answers; each runtime alone, over its port, on",
        (
            f"{os.cpu_count()} cores. Then the operator's recovery: the index is deleted, and the "
            "next record makes it again."
        ),
        (
            "The reference has each change on disk before it answers, the Go peer does not. "
            "Figures of one run:"
        ),
        "",
        f"    {_command(plan, seconds)}",
        *(ORIGINAL if plan is MATRIXD else ()),
        "",
        (
            "| runtime | upserts failed | searches failed | deletes failed | operations/s | at the "
            "end | recovery |"
        ),
        "|---|---|---|---|---|---|---|",
    )
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


def _command(plan: Plan, seconds: float) -> str:
    return f"python -m tests.peers.substrate_report --seconds {seconds:g}{plan.option}"


def record(plan: Plan, rows: Sequence[Row], seconds: float, run: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as one JSON object: a runtime's under its name in lower case, no signs."""
    return {
        "format": 1,
        "run": run,
        "seconds": seconds,
        "threads": THREADS,
        **{_key(row.name): _figures(plan, row) for row in rows},
    }


def _key(name: str) -> str:
    return name.lower().replace(", ", "_").replace("-", "_")


def _figures(plan: Plan, row: Row) -> dict[str, Any]:
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
        "runtime": plan.reference if row.name == "reference" else "go",
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
    """Drive all in turn, and write the report and its record."""
    parser = argparse.ArgumentParser(
        description="A small index under sustained writes, on every substrate."
    )
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--through-matrixd", action="store_true")
    given = parser.parse_args()
    plan = MATRIXD if given.through_matrixd else VECTORD
    run: dict[str, Any] = {**new_stamp(), "command": _command(plan, given.seconds)}
    rows = [measured(name, start, plan.way, given.seconds) for name, start in plan.starts.items()]
    text = "\n".join(report(plan, rows, given.seconds)) + "\n"
    figures = record(plan, rows, given.seconds, run)
    printed = json.dumps(figures, indent=2, ensure_ascii=False) + "\n"
    for suffix, content in ((".md", text), (".json", printed)):
        file = given.folder / f"{plan.name}{suffix}"
        file.write_text(content, encoding="utf-8")
        sys.stdout.write(f"wrote {file}\n")


if __name__ == "__main__":
    main()
