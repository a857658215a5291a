"""The same 1,000 one-step cases replayed on two runtimes by several tools.

They are this harness, hurl, newman, venom and tavern.

Run: `python -m tests.bench.replay_bench`, with `--only ours,hurl` for some of them.  Tools that are
not there yet are installed below the user's cache folder, which takes minutes the first time; one
that cannot be had is named with the reason.

All tools take turns, three times, and the least of each figure counts.  CPU is user and system time
of the tool and its children; the server is a process of its own, and not in it.  The others know
one runtime: they are started once for each, so that all make the same exchanges.  Start-up is the
CPU of a run of one case; an exchange is what the other 999 add, reading the suite included.  Only
ours compares answers and keeps them.  Its second row has runtimes whose answers never have the same
bytes, its third one an empty cache folder.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from tests.bench.replay_tools import TOOLS, AbsentToolError, Tool
from tests.bench.workload import Exchange, Use, exchanges, fast_server, measured, suite

CASES: Final = 1_000
ROUNDS: Final = 3
OURS: Final = {
    "ours, same bytes": ("one", "one"),
    "ours, other bytes": ("one", "other"),
    "ours, cold": ("one", "one"),
}
Replay = list[list[str]]
"""The commands of one replay, in turn."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--only", help="names joined by commas: ours, hurl, newman, venom, tavern")
    only = options.parse_args().only
    tools = [tool for tool in TOOLS if not only or tool.name in only.split(",")]
    present = [tool for tool in tools if _is_there(tool)]
    with fast_server() as url, tempfile.TemporaryDirectory() as folder:
        one = _replays(Path(folder) / "one", exchanges(1), url, present)
        all_of_them = _replays(Path(folder) / "all", exchanges(CASES), url, present)
        uses: dict[str, list[tuple[Use, Use]]] = {name: [] for name in one}
        for turn in range(ROUNDS):
            for name, seen in uses.items():
                print(f"turn {turn + 1} of {ROUNDS}: {name}", file=sys.stderr)
                seen.append(
                    (
                        _use(one[name], Path(folder) / "one"),
                        _use(all_of_them[name], Path(folder) / "all"),
                    )
                )
        floor = measured(["true"], Path(folder)).peak_mib
    _show(
        {
            name: (_least(first for first, _ in seen), _least(all_ for _, all_ in seen))
            for name, seen in uses.items()
        }
    )
    print(
        f"{CASES} cases, 2 runtimes; peaks below {floor:.0f} MiB cannot be told, as they are the "
        "bench's own"
    )


def _is_there(tool: Tool) -> bool:
    """Have a tool ready and say its release, or say why it is not there."""
    try:
        tool.install()
    except AbsentToolError as error:
        print(f"{tool.name} could not be had: {error}")
        return False
    print(f"{tool.name} {tool.release}")
    return True


def _replays(
    folder: Path, asked: Sequence[Exchange], url: str, tools: Sequence[Tool]
) -> dict[str, Replay]:
    """Write the files of all tools into a folder; returns the commands of each tool by its name."""
    folder.mkdir()
    (folder / "ours.yaml").write_text(suite("bench/replay", asked), encoding="utf-8")
    kept = ("env", f"XDG_CACHE_HOME={folder / 'cache'}")
    command = (*kept, sys.executable, "-m", "conformance", "run", "ours.yaml", "--runs", "runs")
    replays = {
        name: [[*command, "--runtime", f"a={url}/{rooms[0]}", "--runtime", f"b={url}/{rooms[1]}"]]
        for name, rooms in OURS.items()
    }
    replays["ours, cold"].insert(0, ["rm", "-rf", str(folder / "cache")])
    for tool in tools:
        replays[tool.name] = tool.commands(folder, asked, (f"{url}/one", f"{url}/other"))
    return replays


def _use(replay: Replay, folder: Path) -> Use:
    first, *others = (measured(command, folder) for command in replay)
    return sum(others, start=first)


def _least(uses: Iterable[Use]) -> Use:
    """Return the least of each figure."""
    seen = list(uses)
    return Use(
        cpu_s=min(use.cpu_s for use in seen),
        wall_s=min(use.wall_s for use in seen),
        peak_mib=min(use.peak_mib for use in seen),
    )


def _show(uses: dict[str, tuple[Use, Use]]) -> None:
    """Print one row a tool, with its ratios to the first."""
    exchange_us = {
        name: (all_.cpu_s - one.cpu_s) / (2 * CASES - 2) * 1e6 for name, (one, all_) in uses.items()
    }
    first = next(iter(uses))
    reference = uses[first][1]
    print(
        f"{'':<18} start-up CPU   CPU an exchange  ratio    CPU in all  ratio    wall clock  "
        "ratio      peak"
    )
    for name, (one, all_) in uses.items():
        print(
            f"{name:<18} {one.cpu_s * 1e3:9.0f} ms   {exchange_us[name]:12.0f} us "
            f"{exchange_us[name] / exchange_us[first]:6.1f}   {all_.cpu_s:9.2f} s "
            f"{all_.cpu_s / reference.cpu_s:6.1f}   {all_.wall_s:9.2f} s "
            f"{all_.wall_s / reference.wall_s:6.1f}   {all_.peak_mib:4.0f} MiB"
        )


if __name__ == "__main__":
    main()
