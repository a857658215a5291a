"""Progress of a long run, with the time it will take; shown on a terminal only."""

import contextlib
from collections.abc import Iterator
from typing import TextIO

from conformance.model.verdict import Judgement
from conformance.pipeline import Progress


@contextlib.contextmanager
def progress_on(out: TextIO) -> Iterator[Progress]:
    """Yield a callback that draws a bar while cases are replayed, or does nothing where nobody watches."""
    if not out.isatty():
        yield lambda _done, _of, _judgement: None
        return
    from rich.console import Console  # noqa: PLC0415 - not loaded where nothing is drawn
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[red]} red"), TimeRemainingColumn())
    with Bar(*columns, console=Console(file=out), transient=True) as bar:
        task = bar.add_task("cases", total=None, red=0)
        red = 0

        def show(done: int, of: int, judgement: Judgement) -> None:
            nonlocal red
            red += judgement.verdict.red
            bar.update(task, completed=done, total=of, red=red)

        yield show
