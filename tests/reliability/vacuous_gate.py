"""R21: a gate that has looked at nothing is never green."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.reliability.row import Figure

_SUITE: Final = """\
suite: s
cases:
  - {name: one, request: {GET: /}, tags: [fast]}
  - {name: two, request: {GET: /}, requires: [flight]}
"""
_STALE: Final = """\
decisions:
  - id: D-001
    title: n is text in b
    state: open
    kind: intentional
    cause: number-as-string
    at: ["$.n"]
    where: [s/one]
    sides: {number: [a], string: [b]}
    owner: x
    reason: y
    opened: "2026-11-29"
"""
_UNSUPPORTED: Final = ("--supports", "a=walking", "--supports", "b=walking")
_SILENT: Final = ("--runtime", "a=http://127.0.0.1:9", "--runtime", "b=http://127.0.0.1:9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A way to look at nothing, and the exit code that it must have."""

    name: str
    wanted: int
    code: Callable[[Path, tuple[str, ...]], int]


def _run(*words: str, ledger: str | None = None) -> Callable[[Path, tuple[str, ...]], int]:
    def code(folder: Path, runtimes: tuple[str, ...]) -> int:
        if ledger is not None:
            (folder / "decisions.yaml").write_text(ledger)
        return conformance("run", "s.yaml", *words, *runtimes, cwd=folder).returncode

    return code


def _without_runtimes(folder: Path, _: tuple[str, ...]) -> int:
    return conformance("run", "s.yaml", cwd=folder).returncode


def _all_down(folder: Path, _: tuple[str, ...]) -> int:
    return conformance("run", "s.yaml", *_SILENT, cwd=folder).returncode


def _both_fault(folder: Path, _: tuple[str, ...]) -> int:
    """Let both runtimes close each connection in the middle of an answer."""
    from tests.miniatures import faulty  # noqa: PLC0415 - a server of its own
    from tests.miniatures.server import serve_script  # noqa: PLC0415

    with serve_script(faulty.truncates_body) as first, serve_script(faulty.truncates_body) as other:
        words = ("--runtime", f"a={first}", "--runtime", f"b={other}")
        return conformance("run", "s.yaml", *words, cwd=folder).returncode


def _incomplete(folder: Path, runtimes: tuple[str, ...]) -> int:
    """Judge a record that ends before its footer."""
    conformance("run", "s.yaml", *runtimes, cwd=folder)
    record = folder / "reports/runs/latest/run.ndjson"
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:-1]))
    return conformance("gate", cwd=folder).returncode


SITUATIONS: Final = (
    Situation(name="no case is selected", wanted=5, code=_run("--tag", "slow")),
    Situation(name="fewer cases than wanted", wanted=5, code=_run("--min-cases", "3")),
    Situation(name="no runtime", wanted=2, code=_without_runtimes),
    Situation(name="no runtime can be reached", wanted=4, code=_all_down),
    Situation(name="every case is skipped", wanted=5, code=_run("--case", "s/two", *_UNSUPPORTED)),
    Situation(name="a stale decision", wanted=1, code=_run(ledger=_STALE)),
    Situation(name="both runtimes fault alike", wanted=1, code=_both_fault),
    Situation(name="the run did not finish", wanted=1, code=_incomplete),
)


def refused() -> Figure:
    """Run each situation, and the near miss, which is green."""
    with serve(always({"n": 1})) as first, serve(always({"n": 2})) as other:
        runtimes = ("--runtime", f"a={first}", "--runtime", f"b={other}")
        codes = {each.name: _code(each, runtimes) for each in SITUATIONS}
        sound = _code(Situation(name="sound", wanted=0, code=_run()), runtimes)
    wrong = [each.name for each in SITUATIONS if codes[each.name] != each.wanted]
    return Figure(
        text=(
            f"{len(codes) - len(wrong)} of {len(codes)} ways to look at nothing have their exit code; two "
            f"runtimes that agree exit with {sound}"
        ),
        is_met=not wrong and sound == os.EX_OK,
        numbers={"codes": codes},
    )


def _code(situation: Situation, runtimes: tuple[str, ...]) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "s.yaml").write_text(_SUITE)
        return situation.code(folder, runtimes)
