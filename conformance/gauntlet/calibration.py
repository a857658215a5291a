"""The current speed of this machine: a fixed work, done before and after a load.

One process a core does the work.

A rate of a load divided by this one is nearly the same on a slow and on a fast machine, so that it
can be held against a rate of another day and machine. The work is what services do all day: JSON in
and out, and digests.

    python -m conformance.gauntlet.calibration 0.7     prints the rates of one process: a second, a
                                                       second of CPU time
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

# Three have a median, and show whether the machine drifts
_ROUNDS: Final = 3
_ROUND_S: Final = 0.7
"""Long beside a slice of the scheduler (milliseconds), short beside the load that is measured."""
# A round takes below a second: this only ends one that hangs
_TIMEOUT_S: Final = 60
_ROW: Final = {"id": "w-1", "name": "A. Worker", "score": 1 / 7, "tags": ["a", "b"]}
_DOCUMENT: Final = {"rows": [_ROW] * 40}


def calibrate() -> tuple[Round, ...]:
    """Return how fast this machine is right now, round by round."""
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
    """Return how many units of work this process does in a second, and in a second of CPU time."""
    units, began_s, cpu_s = 0, time.perf_counter(), time.process_time()
    while (took_s := time.perf_counter() - began_s) < seconds:
        raw = json.dumps(_DOCUMENT).encode()
        hashlib.sha256(raw).hexdigest()
        json.loads(raw)
        units += 1
    return units / took_s, units / (time.process_time() - cpu_s)


if __name__ == "__main__":
    print(json.dumps(work_rates(float(sys.argv[1]))))  # noqa: T201 - the parent reads it
