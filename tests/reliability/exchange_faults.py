"""R2 and R3: servers that misbehave are named in time, and none of it goes unnoticed."""

import contextlib
import subprocess
import sys
import time

from tests.miniatures import faulty
from tests.miniatures.server import serve_script
from tests.reliability.row import Figure
from tests.runner.asking import BUDGET_MS
from tests.runner.http.test_faults import (
    FAULTS,
    NOTED,
    NOTHING_ODD,
    TOLERANCE_S,
    notes_of,
    seen_of,
)
from tests.runner.test_memory import ASKER, GREEDY, GROWTH_KIB


def named_in_time(step: int) -> Figure:
    """Ask every `step`-th faulty server, and each greedy one for the memory that it costs."""
    wrong, slowest_s = [], 0.0
    rows = FAULTS[::step]
    for name, kind, phase in rows:
        started_s = time.monotonic()
        with contextlib.suppress(AssertionError):
            seen = seen_of(name)
            if (getattr(seen, "kind", None), getattr(seen, "phase", None)) == (kind, phase):
                slowest_s = max(slowest_s, time.monotonic() - started_s)
                continue
        wrong.append(name)
    grown_kib = _growth_kib()
    bound_s = BUDGET_MS / 1000 + TOLERANCE_S
    return Figure(
        text=(
            f"{len(rows) - len(wrong)} of {len(rows)} faults named, the slowest in "
            f"{slowest_s:.2f} s (budget {BUDGET_MS / 1000} s); memory grows by at most "
            f"{max(grown_kib.values()) / 1024:.1f} MiB"
        ),
        is_met=not wrong and slowest_s < bound_s and max(grown_kib.values()) <= GROWTH_KIB,
        numbers={"wrong": wrong, "slowest_s": round(slowest_s, 3), "grown_kib": grown_kib},
    )


def _growth_kib() -> dict[str, int]:
    """Return how much the peak of a process that asks each greedy server grows, in KiB."""
    with contextlib.ExitStack() as servers:
        urls = [servers.enter_context(serve_script(getattr(faulty, name))) for name in GREEDY]
        done = subprocess.run(
            [sys.executable, "-c", ASKER, *urls], capture_output=True, text=True, check=True
        )
    numbers = [int(line.split()[1]) for line in done.stdout.splitlines()]
    return dict(zip(GREEDY, numbers, strict=True))


def nothing_silent(step: int) -> Figure:
    """Ask every `step`-th server whose answer can be read although something is odd about it."""
    noted = NOTED[::step]
    silent = [name for name, note in noted if _notes(name) != (note,)]
    loud = [name for name in NOTHING_ODD if _notes(name) != ()]
    named = len(FAULTS) + len(NOTED)
    return Figure(
        text=(
            f"{len(noted) - len(silent)} of {len(noted)} oddities noted; of "
            f"{named + len(NOTHING_ODD)} ways to misbehave {named} have a name or a note, "
            f"{len(NOTHING_ODD)} are answers like any other"
        ),
        is_met=not silent and not loud,
        numbers={"silent": silent, "loud": loud, "legitimate": list(NOTHING_ODD)},
    )


def _notes(name: str) -> tuple[str, ...] | None:
    try:
        return notes_of(name)
    except AssertionError:
        return None
