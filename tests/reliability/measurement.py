"""A row measured in a process of its own, within its limit; and the figures that are kept.

The figures are JSON beside the page: an object for each row, by its id.
"""

import datetime as dt
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.reliability.row import SEED, Figure, Form, Row

ROOT: Final = Path(__file__).parents[2]
_LAST_WORDS: Final = 200
"""Characters of an error that the table shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The figure of a row, and how, when, where and of what it was measured."""

    form: Form
    text: str
    is_met: bool
    command: str
    seed: int
    date: str
    commit: str
    machine: str
    took_s: float
    numbers: dict[str, Any] = field(default_factory=dict)


def measured(row: Row, form: Form, program: tuple[str, ...]) -> Measurement:
    """Measure a row by a program that prints its figure as JSON on the last line.

    All processes that it started are ended with it.
    """
    started_s = time.monotonic()
    figure = _measured(row, form, program)
    return Measurement(
        form=form,
        text=figure.text,
        is_met=figure.is_met,
        command=f"python -m tests.reliability {'--quick ' if form is Form.QUICK else ''}{row.id}",
        seed=SEED,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        commit=commit(),
        machine=machine(),
        took_s=round(time.monotonic() - started_s, 1),
        numbers=dict(figure.numbers),
    )


def _measured(row: Row, form: Form, program: tuple[str, ...]) -> Figure:
    with subprocess.Popen(
        [sys.executable, *program, row.id, form.value],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=row.limit_s(form))
            return _figure(output.decode(errors="replace"), process.returncode)
        except subprocess.TimeoutExpired:
            return Figure(text=f"not done after {row.limit_s(form)} s", is_met=False)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _figure(output: str, code: int) -> Figure:
    """Read the last line; a program that failed or printed no figure has missed its bound."""
    *_, last = ["", *output.strip().splitlines()]
    try:
        found = Figure(**json.loads(last))
    except (ValueError, TypeError):
        return Figure(text=f"no figure, exit code {code}: {last[:_LAST_WORDS]}", is_met=False)
    return found


def machine() -> str:
    """Return what a figure depends on: the system, the processors and the Python."""
    processors = len(os.sched_getaffinity(0))
    return (
        f"{platform.system()} {platform.machine()}, {processors} CPUs, "
        f"Python {platform.python_version()}"
    )


def commit() -> str:
    """Return the commit, with a plus sign where files differ from it."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    own = ["docs/reliability.md", "docs/reliability.json", "docs/faults.md"]
    changed = git("status", "--porcelain", "--", ".", *(f":!{file}" for file in own))
    return (git("rev-parse", "--short=10", "HEAD") or "none") + ("+" if changed else "")


def read_figures(file: Path) -> dict[str, Measurement]:
    """Return the figures that are kept, by row; none where there is no file."""
    if not file.exists():
        return {}
    kept = json.loads(file.read_text())
    return {row: Measurement(**{**one, "form": Form(one["form"])}) for row, one in kept.items()}


def kept_with(
    kept: dict[str, Measurement], row: str, measurement: Measurement
) -> dict[str, Measurement]:
    """Add a measurement; a quick one that meets its bound does not replace a full one that did."""
    before = kept.get(row)
    is_better_kept = (
        before is not None
        and before.form is Form.FULL
        and before.is_met
        and measurement.form is Form.QUICK
        and measurement.is_met
    )
    return kept if is_better_kept else {**kept, row: measurement}


def figures_text(kept: dict[str, Measurement], order: Iterable[str]) -> str:
    """Return the text of the file of figures."""
    rows = {row: asdict(kept[row]) for row in order if row in kept}
    return json.dumps(rows, indent=1, sort_keys=False, ensure_ascii=False) + "\n"
