"""Kills and breaks the materializers at every system call that changes a file.

It then looks at what is left.

    python -m tests.batch.crash_points                   every point; prints a table for
                                                         docs/reliability.md
    python -m tests.batch.crash_points --runtime NAME    of one runtime; may be repeated
    python -m tests.batch.crash_points --stride N        only every N-th point

A root that a first run has filled gets new rows, and a second run is struck.  After that every file
that has its final name is as it was or as an undisturbed run leaves it, receipts tell the truth,
and an error was told in one line with exit code 1.  A third run, left alone, exits with 0 and
leaves what an undisturbed run would have, and nothing unfinished.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from tests.batch.claims import RECEIPTS, Tree, is_unfinished, tree, untruths, without_receipts
from tests.batch.injection import FAULTS, Ending, Point, Program, reasons

ROOT: Final = Path(__file__).parents[2]
_CLOCK: Final = "2026-11-25T12:00:00Z"
# So calls keep their numbers: Python writes no bytecode, Bun reads its modules in the one thread
# that works, and Go,
# which has leave to run more threads than it needs, has little cause to give the work from one to
# another.
_CALM: Final = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "BUN_FEATURE_FLAG_DISABLE_ASYNC_TRANSPILER": "1",
    "GOMAXPROCS": "16",
    "GOGC": "off",
}
# Threads count their calls each for itself, and Go has the work done now by one, now by another.
_ATTEMPTS: Final = 20
_STRUCK, _AFTERWARDS = "struck", "afterwards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A materializer: how it is started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]

    def on(self, folder: Path, run_id: str) -> Program:
        """Give its run on the root in a folder, with scratch space of its own there."""
        words = ("materializer", "--root", str(folder / "root"), "--run-id", run_id)
        ours = {"TMPDIR": str(folder / "tmp"), "CONFORMANCE_CLOCK": _CLOCK, **_CALM}
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return Program(
            command=(*self.command, *words),
            environment={**inherited, **self.environment, **ours},
            folder=folder,
        )


def declared_tools() -> list[Tool]:
    """Read how each runtime's batch tools are started."""
    runtimes = yaml.safe_load((ROOT / "cases" / "runtimes.yaml").read_text())["runtimes"]
    return [
        Tool(
            name=name,
            command=[_filled(word) for word in runtime["batch"]],
            environment={
                key: _filled(text) for key, text in runtime.get("environment", {}).items()
            },
        )
        for name, runtime in runtimes.items()
        if "batch" in runtime
    ]


def _filled(word: str) -> str:
    return word.replace("${python}", sys.executable).replace("${directory}", str(ROOT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one point."""

    point: Point
    missed: bool
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A tool, where its runs start, and the root before and after an undisturbed run."""

    tool: Tool
    start: Path
    before: Tree
    after: Tree
    points: Sequence[Point]

    def find(self, point: Point) -> Finding:
        """Strike one point, and look at what is left and at the run after it."""
        for _ in range(_ATTEMPTS):
            with tempfile.TemporaryDirectory(prefix="crash-") as scratch:
                folder = Path(scratch) / "case"
                shutil.copytree(self.start, folder)
                ending = self.tool.on(folder, _STRUCK).disturbed(point)
                if ending.struck:
                    violations = (*self._left(point, folder, ending), *self._mended(folder))
                    return Finding(point=point, missed=False, violations=violations)
        return Finding(point=point, missed=True, violations=())

    def _left(self, point: Point, folder: Path, ending: Ending) -> Iterator[str]:
        left = tree(folder / "root")
        for file, content in left.items():
            if not is_unfinished(file) and content not in (
                self.before.get(file),
                self.after.get(file),
            ):
                yield f"{file} is neither as it was nor as it should become"
        yield from (f"{file} is gone" for file in self.before.keys() - left.keys())
        yield from untruths(left, _STRUCK)
        if point.fault != "SIGKILL":
            yield from self._told(point, folder, ending, left)

    def _told(self, point: Point, folder: Path, ending: Ending, left: Tree) -> Iterator[str]:
        """Yield what is wrong with how a run handled an error.

        It must do without, or report the error and leave no unfinished file.
        """
        if ending.code == 0 and left != self.after:
            yield "it exits with 0, and its work is not done"
        if ending.code not in {0, 1}:
            yield f"it ends with {ending.code}"
        yield from (f"{file} is left over" for file in left if is_unfinished(file))
        said = ending.errors
        if ending.code == 1 and not (said.startswith("materializer: ") and said.count("\n") == 1):
            yield f"it does not tell the error in one line: {said[:300]!r}"
        elif ending.code == 1 and not any(
            reason in said.lower() for reason in reasons(point.fault)
        ):
            yield f"its error has no reason: {said!r}"
        elif ending.code == 1 and str(folder) not in said:
            yield f"its error names no file: {said!r}"

    def _mended(self, folder: Path) -> Iterator[str]:
        """Yield what is wrong after another run that nothing disturbs."""
        ending = self.tool.on(folder, _AFTERWARDS).run()
        left = tree(folder / "root")
        if ending.code != 0:
            yield f"the next run ends with {ending.code}: {ending.errors[:300]!r}"
        if f"{RECEIPTS}/{_AFTERWARDS}/receipt.json" not in left:
            yield "the next run writes no receipt"
        yield from (
            f"{file} is left over after the next run" for file in left if is_unfinished(file)
        )
        settled, wanted = without_receipts(left), without_receipts(self.after)
        unlike = sorted(
            file for file in settled.keys() | wanted.keys() if settled.get(file) != wanted.get(file)
        )
        yield from (
            f"{file} is not what an undisturbed run leaves"
            for file in unlike
            if not is_unfinished(file)
        )
        for run_id in (_STRUCK, _AFTERWARDS):
            yield from (f"after the next run {untruth}" for untruth in untruths(left, run_id))


def staged(tool: Tool, scratch: Path) -> Stage:
    """Fill a root by a first run, add rows, and see what an undisturbed second run does."""
    start = scratch / "start"
    (start / "tmp").mkdir(parents=True)
    _add_rows(start / "root", days=(22, 23), size=10)
    _settle(tool.on(start, "first"))
    _add_rows(start / "root", days=(23, 24), size=2_000)
    before = tree(start / "root")
    points, after = _watched(tool, start, scratch)
    if f"{RECEIPTS}/{_STRUCK}/receipt.json" not in after:
        raise RuntimeError(
            f"{tool.name}: a run under strace that nothing disturbs writes no receipt"
        )
    return Stage(tool=tool, start=start, before=before, after=after, points=points)


def _watched(tool: Tool, start: Path, scratch: Path) -> tuple[list[Point], Tree]:
    """Give the points of a run that nothing disturbs, and what it leaves.

    The most where threads share the work.
    """
    best: list[Point] = []
    after: Tree = {}
    for attempt in range(_ATTEMPTS):
        folder = scratch / f"watched-{attempt}"
        shutil.copytree(start, folder)
        points, is_one_threads = tool.on(folder, _STRUCK).points()
        after = tree(folder / "root")
        best = points if is_one_threads else max(best, points, key=len)
        if is_one_threads:
            break
    return best, after


def _settle(program: Program) -> None:
    ending = program.run()
    if ending.code != 0:
        raise RuntimeError(
            f"{' '.join(program.command)}: a run that nothing disturbs ends with {ending.code}: "
            f"{ending.errors}"
        )


def _add_rows(root: Path, days: Sequence[int], size: int) -> None:
    """Append rows to two sources, and a line that is not a row.

    Where `size` is large, there are more rows than a tool holds in memory.
    """
    folder = root / "data" / "_kb"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "audits.jsonl").open("a") as audits,
        (folder / "outcomes.jsonl").open("a") as outcomes,
    ):
        for day in days:
            time = f"2026-11-{day}T10:00:00Z"
            row = {
                "audit_id": f"{day}-{size}",
                "created_at": time,
                "check": "c",
                "severity": "warn",
                "evidence": "e",
            }
            audits.write(json.dumps(row) + "\n")
        audits.write(f"no JSON {size}\n")
        for number in range(40):
            finished = {
                "task_id": f"{size}-{number}",
                "finished_at": f"2026-11-{days[1]}T10:00:00Z",
                "ok": True,
            }
            outcomes.write(json.dumps({**finished, "text": "t" * size}) + "\n")


def findings(tool: Tool, stride: int = 1) -> list[Finding]:
    """Strike a tool at each of its points, or at every `stride`-th of them."""
    with (
        tempfile.TemporaryDirectory(prefix="crash-") as scratch,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        stage = staged(tool, Path(scratch))
        return list(pool.map(stage.find, stage.points[::stride]))


def rows(tool: Tool, found: Sequence[Finding]) -> Iterator[str]:
    """Yield the rows of a Markdown table: the count of points and the results by fault."""
    for fault in FAULTS:
        ours = [one for one in found if one.point.fault == fault]
        calls = Counter(one.point.call for one in ours)
        told = ", ".join(f"{count} {call}" for call, count in sorted(calls.items()))
        missed, wrong = sum(one.missed for one in ours), sum(bool(one.violations) for one in ours)
        yield f"| {tool.name} | {fault} | {len(ours)} | {told} | {missed} | {wrong} |"


def main() -> int:
    """Strike the tools that are asked for, and print what came of it."""
    parser = argparse.ArgumentParser(
        description="kill and break the materializers at every call that changes a file"
    )
    parser.add_argument(
        "--runtime", metavar="NAME", action="append", help="one of them; may be repeated"
    )
    parser.add_argument("--stride", metavar="N", type=int, default=1, help="only every N-th point")
    chosen = parser.parse_args()
    tools = [tool for tool in declared_tools() if tool.name in (chosen.runtime or [tool.name])]
    print("| runtime | fault | points | calls | missed | violations |\n|---|---|---|---|---|---|")
    is_sound = bool(tools)
    for tool in tools:
        found = findings(tool, chosen.stride)
        print("\n".join(rows(tool, found)), flush=True)
        for one in found:
            for violation in one.violations:
                print(
                    f"{tool.name}: {one.point.fault} at {one.point.call} {one.point.ordinal}: "
                    f"{violation}",
                    file=sys.stderr,
                )
        is_sound = is_sound and bool(found) and not any(one.violations for one in found)
    return 0 if is_sound else 1


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
