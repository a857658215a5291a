"""The `conformance` command as a separate process without its start-up time.

A warm interpreter forks one process for each call.

All that the calls share is what is imported and the templates that are compiled.  Folder,
environment, arguments, output and exit code are each call's own.
"""

import atexit
import functools
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

from conformance.reporting.html.page import page_template
from conformance.reporting.markdown import markdown_template

_MODULES: Final = (
    "conformance.cli.verbs",
    "conformance.cli.decide",
    "conformance.cli.gate",
    "conformance.cli.next",
    "conformance.cli.record",
    "conformance.cli.report",
    "conformance.cli.run",
    "conformance.cli.schema",
    "conformance.cli.tracker",
    "conformance.cli.tracker.copies",
    "conformance.cli.tracker.document",
    "conformance.cli.tracker.rows",
)


_TEMPLATES: Final = (
    ("conformance.reporting", "report.md.j2"),
    ("conformance.tracker", "changes.md.j2"),
    ("conformance.tracker", "decisions.md.j2"),
    ("conformance.tracker", "status.md.j2"),
    ("conformance.tracker", "trend.md.j2"),
)


_TIMEOUT_S: Final = 120.0
"""No command of a test takes a quarter of this on a busy machine."""


class WarmCommand:
    """The command in a folder; each call is answered by a fresh process."""

    def __init__(self, asked: subprocess.Popen[str]) -> None:
        self._asked = asked

    def __call__(
        self, *words: str, cwd: Path, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command with variables added to the environment."""
        assert self._asked.stdin is not None
        assert self._asked.stdout is not None
        variables = {**os.environ, "NO_COLOR": "1", **environment}
        call = {"words": words, "cwd": str(cwd), "environment": variables}
        self._asked.stdin.write(json.dumps(call) + "\n")
        self._asked.stdin.flush()
        if not select.select([self._asked.stdout], [], [], _TIMEOUT_S)[0]:
            os.killpg(self._asked.pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(words, _TIMEOUT_S)
        answer = json.loads(self._asked.stdout.readline())
        return subprocess.CompletedProcess(
            words, answer["code"], answer["stdout"], answer["stderr"]
        )

    def end(self) -> None:
        """End the interpreter that forks: with its input."""
        self._asked.communicate()


@functools.cache
def warm_command() -> WarmCommand:
    """Start the interpreter that forks; it is there until the tests end."""
    asked = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.warm_command"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    command = WarmCommand(asked)
    atexit.register(command.end)
    return command


def _answer_calls() -> None:
    for name in _MODULES:
        import_module(name)
    for package, name in _TEMPLATES:
        markdown_template(package, name)
    page_template()
    gc.freeze()  # what is there before a fork stays shared
    answers = os.dup(1)
    for line in sys.stdin:
        answer = json.dumps(_answer(json.loads(line)))
        with os.fdopen(os.dup(answers), "w") as pipe:
            pipe.write(answer + "\n")


def _answer(call: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            _become(call, out.fileno(), errors.fileno())
        _, status = os.waitpid(child, 0)
        shown = []
        for stream in (out, errors):
            stream.seek(0)
            shown.append(stream.read().decode())
    return {"code": os.waitstatus_to_exitcode(status), "stdout": shown[0], "stderr": shown[1]}


def _become(call: dict[str, Any], out: int, errors: int) -> NoReturn:
    """Run the command in this process, which ends with it as any other interpreter."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(errors, 2)
    os.chdir(call["cwd"])
    os.environ.clear()
    os.environ.update(call["environment"])
    tempfile.tempdir = None  # found again by this environment
    sys.argv = ["conformance", *call["words"]]
    import_module("conformance.cli").main()
    sys.exit()


if __name__ == "__main__":
    _answer_calls()
