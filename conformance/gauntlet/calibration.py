"""The current speed of this machine, measured with a fixed work before and after a load.

One process per core does the work: JSON in and out, and digests, as services do. The rate of a load
divided by the rate of this work is nearly the same on a slow and on a fast machine, so it can be
compared with that of another day and machine.

|    python -m conformance.gauntlet.calibration 0.7     prints the rates of one process: a second, a
|                                                       second of CPU time
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Final

from conformance.errors import HarnessError
from conformance.gauntlet.verdict import Round

# Three rounds have a median, and show whether the speed of the machine changes
_ROUNDS: Final = 3
_ROUND_S: Final = 0.7
"""Long compared with a time slice of the scheduler (milliseconds), short compared with a load."""
# A round takes less than a second: this only ends one that hangs
_TIMEOUT_S: Final = 60
_ROW: Final = {"id": "w-1", "name": "A. Worker", "score": 1 / 7, "tags": ["a", "b"]}
_DOCUMENT: Final = {"rows": [_ROW] * 40}


def calibrate() -> tuple[Round, ...]:
    """Return the current speed of this machine, round by round."""
    return tuple(_round() for _ in range(_ROUNDS))


def _round() -> Round:
    argv = [sys.executable, "-P", "-m", __name__, str(_ROUND_S)]
    workers = [subprocess.Popen(argv, stdout=subprocess.PIPE) for _ in range(os.cpu_count() or 1)]  # noqa: S603 - our own
    try:
        rates = [json.loads(worker.communicate(timeout=_TIMEOUT_S)[0]) for worker in workers]
    except (ValueError, subprocess.TimeoutExpired) as error:
        raise HarnessError("the calibration of this machine did not end") from error
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    per_s, per_cpu_s = zip(*rates, strict=True)
    return Round(per_s=round(sum(per_s), 1), per_cpu_s=round(statistics.mean(per_cpu_s), 1))


def work_rates(seconds: float) -> tuple[float, float]:
    """Return the units of work of this process per second, and per second of CPU time."""
    units, began_s, cpu_s = 0, time.perf_counter(), time.process_time()
    while (took_s := time.perf_counter() - began_s) < seconds:
        raw = json.dumps(_DOCUMENT).encode()
        hashlib.sha256(raw).hexdigest()
        json.loads(raw)
        units += 1
    return units / took_s, units / (time.process_time() - cpu_s)


if __name__ == "__main__":
    print(json.dumps(work_rates(float(sys.argv[1]))))  # noqa: T201 - the parent reads it
