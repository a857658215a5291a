"""What two bodies cost that have nothing in common.

It measures CPU time against parsing them, memory, and the size of the reports.

Run: `python -m tests.bench.limits_bench`

Each body is an object of 50,000 members, and no name is in both.  The limits are 1 s of CPU, 100
MiB and 1 MiB of reports.  Memory is how much the peak of the process grew.  Objects of 600,000 such
members come last; they are to be compared in 2 s of CPU.
"""

import gc
import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from conformance.model.observation import Answer
from tests.bench.body_kinds_bench import AS_THE_COMMAND
from tests.reporting.judged_reports import unlike_members, write_reports

MEMBERS: Final = 50_000
MANY_MEMBERS: Final = 600_000
MIB: Final = 1 << 20
_T = TypeVar("_T")


def main() -> None:
    """Measure and print."""
    small = unlike_members(10)
    with tempfile.TemporaryDirectory() as folder:
        write_reports(small, Path(folder))  # what is loaded once is not the cost of a case
    before_mib = _peak_mib()
    comparing_s, case = _timed(lambda: unlike_members(MEMBERS))
    bodies = [
        seen.body for cell in case.cells for seen in cell.observations if isinstance(seen, Answer)
    ]
    parsing_s, _ = _timed(lambda: [json.loads(body) for body in bodies])
    with tempfile.TemporaryDirectory() as folder:
        reporting_s, sizes = _timed(lambda: write_reports(case, Path(folder)))
    print(
        f"two objects of {MEMBERS} unlike members, {sum(map(len, bodies)) / MIB:.1f} MiB together"
    )
    print(f"json.loads of both  {parsing_s:6.2f} s")
    print(
        f"comparing           {comparing_s:6.2f} s  {comparing_s / parsing_s:5.0f} times parsing, "
        "made bodies included"
    )
    print(f"reports             {reporting_s:6.2f} s  {reporting_s / parsing_s:5.0f} times parsing")
    print(f"memory              {_peak_mib() - before_mib:6.0f} MiB more at the peak")
    print(f"size of reports     {sum(sizes.values()) / MIB:6.2f} MiB: {sizes}")
    _show_many()


def _show_many() -> None:
    """Print what two objects cost that have too many unlike members to look for a cause."""
    gc.set_threshold(*AS_THE_COMMAND)
    names = [f"member_{number}" for number in range(MANY_MEMBERS)]
    making_s, _ = _timed(lambda: [json.dumps(dict.fromkeys(names, 1)) for _ in "ab"])
    both_s, case = _timed(lambda: unlike_members(MANY_MEMBERS))
    print(
        f"comparing two objects of {MANY_MEMBERS} unlike members: {both_s - making_s:.2f} s without "
        f"making them, {case.comparison.more_findings} more differences"
    )


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    started = time.process_time()
    done = work()
    return time.process_time() - started, done


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
