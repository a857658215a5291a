"""How many planted differences `conformance fuzz` finds.

They are planted one at a time and all at once, and the shop is also compared with itself, where
none must be found.

`python -m tests.bench.fuzz_bench [--one] [--all] [--self] [--requests N | --for SECONDS] [--seed
N] [--plant NAME]…`

A plant that is alone counts as found when the first cause is reported.  All at once, a plant counts
as found if a case that was written is red with that plant alone, and as a cause of its own if each
such plant can be given another cause.  The budget is a number of requests, which a busy machine
does not change, or with `--for` a time.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from conformance.comparison.causes import causes_of
from conformance.comparison.grouping import leading_findings
from conformance.judging import judged_cases
from conformance.wording import plural
from tests.bench.fuzz_shop_document import PLANTS
from tests.bench.fuzz_shop_process import ROOT, served

REQUESTS = 90_000
"""What 60 s are at 1,500 exchanges a second."""
_REQUESTS = re.compile(r"([0-9,]+) requests? in")


def main() -> None:
    """Measure what is asked for, and print tables."""
    parser = argparse.ArgumentParser()
    for mode in ("one", "all", "self"):
        parser.add_argument(f"--{mode}", action="store_true")
    parser.add_argument("--for", dest="seconds", type=int)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", action="append", default=[])
    given = parser.parse_args()
    plants = given.plant or list(PLANTS)
    ends = ("--for", f"{given.seconds}s") if given.seconds else ("--requests", str(given.requests))
    budget = ("--seed", str(given.seed), *ends)
    every = not (given.one or given.all or given.self)
    with tempfile.TemporaryDirectory() as folder:
        if given.self or every:
            _itself(Path(folder), given.seed)
        if given.one or every:
            _one_by_one(Path(folder), plants, budget)
        if given.all or every:
            _all_at_once(Path(folder), plants, budget)


def declare_runtimes(folder: Path, plants: str) -> None:
    def declared(words: list[str]) -> dict[str, Any]:
        command = ["${python}", "-m", "tests.bench.fuzz_shop_server", "${port}", *words]
        return {
            "command": command,
            "directory": str(ROOT),
            "reset": {"request": {"POST": "/__reset"}},
        }

    both = {"a": declared([]), "b": declared([plants] if plants else [])}
    (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": both}))


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "conformance", *words]


def _itself(folder: Path, seed: int) -> None:
    """Fuzz the shop against itself until it is dry, and say what the harness alone takes."""
    with served() as first, served() as second:
        both = {
            name: {
                "url": f"http://127.0.0.1:{port}",
                "disposable": True,
                "reset": {"request": {"POST": "/__reset"}},
            }
            for name, port in (("a", first), ("b", second))
        }
        (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": both}))
        with (folder / "out").open("w+") as out, (folder / "err").open("w") as err:
            process = subprocess.Popen(
                _command("fuzz", "--seed", str(seed)), cwd=folder, stdout=out, stderr=err
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            text = out.read()
    requests = int(_REQUESTS.findall(text)[-1].replace(",", ""))
    cpu = used.ru_utime + used.ru_stime
    print(f"against itself: exit {process.returncode}; {text.strip().splitlines()[-1]}")
    print(
        f"  {cpu:.1f} s CPU of the harness, its start included: {requests / cpu:,.0f} exchanges per "
        f"second of it; peak memory {used.ru_maxrss // 1024} MiB",
        flush=True,
    )


def _one_by_one(folder: Path, plants: list[str], budget: Sequence[str]) -> None:
    """Fuzz with one plant at a time, each until its first cause."""
    found: dict[str, int] = {}
    for plant in plants:
        declare_runtimes(folder, plant)
        started = time.monotonic()
        requests = _until_first_cause(folder, budget)
        shown = "not found"
        if requests is not None:
            found[plant] = requests
            shown = f"{requests:,} requests, {time.monotonic() - started:.1f} s"
        print(f"  {plant:<28} {shown}", flush=True)
    counts = sorted(found.values())
    middle = f", half of them within {counts[len(counts) // 2]:,} requests" if counts else ""
    print(
        f"one at a time: {len(found)} of {len(plants)} found "
        f"({len(found) / len(plants):.0%}){middle}"
    )


def _until_first_cause(folder: Path, budget: Sequence[str]) -> int | None:
    """Fuzz until the first cause; return how many requests it took, None where there is none."""
    with subprocess.Popen(
        _command("fuzz", *budget),
        cwd=folder,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        if not any(line.startswith("found: ") for line in process.stderr):
            return None
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
        counts = _REQUESTS.findall(process.stdout.read())
    return int(counts[-1].replace(",", "")) if counts else 0


def _all_at_once(folder: Path, plants: list[str], budget: Sequence[str]) -> None:
    """Fuzz with all plants, then replay what was written with each of them alone."""
    declare_runtimes(folder, ",".join(plants))
    words = _command("fuzz", *budget, "--output", "found.yaml")
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    print(done.stdout.strip().splitlines()[-2])
    causes, shown = _causes(folder), {}
    always = set().union(*_causes_of_plant(folder, "").values())
    for plant in plants:
        alone = _causes_of_plant(folder, plant)
        red = set().union(*alone.values()) - always
        # A cause may be another one where a plant is alone: then its cases say which it is
        own = {key for key in alone if key in causes}
        shown[plant] = own or {key for key, cases in causes.items() if cases & red}
        if not alone:
            print(f"  not found: {plant}", flush=True)
    found, separate = sum(map(bool, shown.values())), _matched(shown)
    print(
        f"all at once: {found} of {len(plants)} found ({found / len(plants):.0%}), {separate} as "
        "causes of their own "
        f"({separate / len(plants):.0%}); {len(causes)} causes, {len(causes) / max(1, found):.2f} "
        f"a plant; {plural(len(always), 'case')} red without any plant"
    )


def _causes_of_plant(folder: Path, plant: str) -> dict[str, set[str]]:
    """Return the causes that the written cases show with one plant alone."""
    declare_runtimes(folder, plant)
    subprocess.run(_command("run", "found.yaml"), cwd=folder, capture_output=True, check=False)
    return _causes(folder)


def _causes(folder: Path) -> dict[str, set[str]]:
    """Return the causes of the last run, each with the cases that show it.

    What follows from another difference of its case is left out.
    """
    causes: dict[str, set[str]] = {}
    for result, judgement in judged_cases(folder / "reports/runs/latest"):
        if not judgement.verdict.red:
            continue
        findings = result.comparison.findings
        together = [(finding, ()) for finding in findings]
        if not findings:
            causes.setdefault("demands", set()).add(result.case_id)
        for finding in findings:
            leader, *_ = leading_findings(finding, together, decided=False)
            request = result.requests[finding.step]
            for cause in causes_of(finding, request) if leader is finding else ():
                causes.setdefault(cause.key, set()).add(result.case_id)
    return causes


def _matched(shown: dict[str, set[str]]) -> int:
    """Return how many plants can be given a cause that no other one is given."""
    owner: dict[str, str] = {}

    def place(plant: str, tried: set[str]) -> bool:
        for cause in sorted(shown[plant] - tried):
            tried.add(cause)
            if cause not in owner or place(owner[cause], tried):
                owner[cause] = plant
                return True
        return False

    return sum(place(plant, set()) for plant in shown)


if __name__ == "__main__":
    main()
