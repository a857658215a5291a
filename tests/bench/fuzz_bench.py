"""How many planted differences `conformance fuzz` finds.

They are planted one at a time and all at once, and the shop is also compared with itself, where
none must be found.

`python -m tests.bench.fuzz_bench [--one] [--all] [--self] [--for SECONDS] [--seed N] [--plant
NAME]…`

A plant that is alone counts as found when the first cause is reported.  All at once, a plant counts
as found if a case that was written is red with that plant alone, and as a cause of its own if each
such plant can be given another cause.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from tests.bench.fuzz_shop_document import PLANTS

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure what is asked for, and print tables."""
    parser = argparse.ArgumentParser()
    for mode in ("one", "all", "self"):
        parser.add_argument(f"--{mode}", action="store_true")
    parser.add_argument("--for", dest="seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", action="append", default=[])
    given = parser.parse_args()
    every = not (given.one or given.all or given.self)
    with tempfile.TemporaryDirectory() as folder:
        if given.self or every:
            _itself(Path(folder), given.seed)
        if given.one or every:
            _one_by_one(Path(folder), given.plant or list(PLANTS), given.seconds, given.seed)
        if given.all or every:
            _all_at_once(Path(folder), given.plant or list(PLANTS), given.seconds, given.seed)


def _runtimes(folder: Path, plants: str) -> None:
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
    """Fuzz the shop against itself until it is dry."""
    _runtimes(folder, "")
    done = subprocess.run(
        _command("fuzz", "--seed", str(seed)),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"against itself: exit {done.returncode}; {done.stdout.strip().splitlines()[-1]}")


def _one_by_one(folder: Path, plants: list[str], seconds: int, seed: int) -> None:
    """Fuzz with one plant at a time, each until its first cause."""
    found: dict[str, float] = {}
    for plant in plants:
        _runtimes(folder, plant)
        started = time.monotonic()
        if _first_cause(folder, seconds, seed):
            found[plant] = time.monotonic() - started
        print(
            f"  {plant:<28} {f'{found[plant]:.1f} s' if plant in found else 'not found'}",
            flush=True,
        )
    times = sorted(found.values())
    middle = f", half of them within {times[len(times) // 2]:.1f} s" if times else ""
    print(
        f"one at a time: {len(found)} of {len(plants)} found "
        f"({len(found) / len(plants):.0%}){middle}"
    )


def _first_cause(folder: Path, seconds: int, seed: int) -> bool:
    words = _command("fuzz", "--seed", str(seed), "--for", f"{seconds}s")
    with subprocess.Popen(
        words, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stderr is not None
        found = any(line.startswith("found: ") for line in process.stderr)
        if found:
            process.send_signal(signal.SIGTERM)
            process.stderr.read()
    return found


def _all_at_once(folder: Path, plants: list[str], seconds: int, seed: int) -> None:
    """Fuzz with all plants, then replay what was written with each of them alone."""
    _runtimes(folder, ",".join(plants))
    words = _command("fuzz", "--seed", str(seed), "--for", f"{seconds}s", "--output", "found.yaml")
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    print(done.stdout.strip().splitlines()[-2])
    groups = json.loads((folder / "reports/runs/latest/report.json").read_bytes())["groups"]
    causes = {group["key"]: {each["case_id"] for each in group["examples"]} for group in groups}
    shown: dict[str, set[str]] = {}
    found, always = 0, _red(folder, "")
    print(f"red without any plant: {len(always)} cases", flush=True)
    for plant in plants:
        red = _red(folder, plant) - always
        shown[plant] = {key for key, cases in causes.items() if cases & red}
        found += bool(red)
        if not red:
            print(f"  not found: {plant}", flush=True)
    separate = _matched(shown)
    print(
        f"all at once: {found} of {len(plants)} found ({found / len(plants):.0%}), {separate} as "
        "causes of their own "
        f"({separate / len(plants):.0%}); {len(causes)} causes, {len(causes) / max(1, found):.2f} "
        "a plant"
    )


def _red(folder: Path, plant: str) -> set[str]:
    """Return the cases that are red with one plant alone."""
    _runtimes(folder, plant)
    subprocess.run(_command("run", "found.yaml"), cwd=folder, capture_output=True, check=False)
    lines = map(json.loads, (folder / "reports/runs/latest/run.ndjson").read_text().splitlines())
    return {
        line["case"]
        for line in lines
        if line["line"] == "case" and not re.match("passed|known", line["verdict"])
    }


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
