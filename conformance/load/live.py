"""A live view of a load for a terminal: a table that is redrawn twice a second."""

import contextlib
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from conformance.load.conduct import LoadProgress, Progress
from conformance.load.plan import Pace
from conformance.wording import plural


@contextlib.contextmanager
def live_view(out: TextIO, pace: Pace) -> Iterator[Progress]:
    """Yield a callback that draws the current state; the view is erased at the end."""
    with Live(console=Console(file=out), transient=True, auto_refresh=False) as live:
        yield lambda scene: live.update(view_of(scene, pace), refresh=True)


def view_of(scene: LoadProgress, pace: Pace) -> Table:
    """Return the table of the current state."""
    left_s = max(0.0, pace.duration_s - scene.counted_s)
    rate = scene.tally.counted / scene.counted_s if scene.counted_s else 0.0
    state = f"{scene.counted_s:.0f} s, {left_s:.0f} s left" if scene.counted_s else "warming up"
    title = f"{scene.runtime}: {state}, {plural(pace.users, 'user')}, {rate:.1f} scenarios/s"
    table = Table(title=title, title_justify="left")
    table.add_column("scenario")
    for name in ("scenarios", "failed", "p50 ms", "p90 ms", "p99 ms", "max ms"):
        table.add_column(name, justify="right")
    for each in scene.tally.classes():
        times = (each.times.p50_ms, each.times.p90_ms, each.times.p99_ms, each.times.max_ms)
        style = "red" if each.red else ""
        latencies = (f"{time_ms:.1f}" for time_ms in times)
        table.add_row(each.name, str(each.scenarios), str(each.failed), *latencies, style=style)
    return table
