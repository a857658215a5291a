"""The progress of a run on standard error: a bar on a terminal, occasional lines elsewhere.

With --verbose, it is one line per case.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Final, TextIO

from conformance.pipeline import Progress
from conformance.replay.replayed import Replayed
from conformance.wording import plural

# Often enough to see that a run goes on, rare enough for a log
EVERY_S: Final = 10.0


@contextlib.contextmanager
def progress_on(out: TextIO, *, quiet: bool = False, verbose: bool = False) -> Iterator[Progress]:
    """Yield a callback that shows how many cases are done and how long the rest will take."""
    if quiet:
        yield lambda _done, _of, _case: None
    elif verbose:
        yield lambda _done, _of, case: print(case_line(case), file=out)
    elif out.isatty():
        with _bar(out) as show:
            yield show
    else:
        yield now_and_then(out, time.monotonic)


def case_line(case: Replayed) -> str:
    """Return the line of a judged case."""
    return f"{case.judgement.verdict.value:<9} {case.case_id}  ({case.place})"


def now_and_then(out: TextIO, clock: Callable[[], float]) -> Progress:
    """Return a callback that prints a line every ten seconds; a short run prints none."""
    started = printed = clock()
    red = 0

    def show(done: int, total: int, case: Replayed) -> None:
        nonlocal printed, red
        red += case.judgement.verdict.red
        if (now := clock()) - printed >= EVERY_S and done < total:
            left_s = (now - started) / done * (total - done)
            print(
                f"{done} of {plural(total, 'case')}, {red} red, about {left_s:.0f} s left",
                file=out,
                flush=True,
            )
            printed = now

    return show


@contextlib.contextmanager
def _bar(out: TextIO) -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - not loaded where nothing is drawn
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[red]} red"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(file=out), transient=True) as bar:
        task = bar.add_task("cases", total=None, red=0)
        red = 0

        def show(done: int, total: int, case: Replayed) -> None:
            nonlocal red
            red += case.judgement.verdict.red
            bar.update(task, completed=done, total=total, red=red)

        yield show
