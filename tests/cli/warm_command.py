"""The `conformance` command as a separate process without its start-up time.

A warm interpreter forks one process for each call.

All that the calls share is what is imported and the templates that are compiled.  Folder,
environment, arguments, output and exit code are each call's own.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

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
        self._asked.stdin.write(
            json.dumps({"words": words, "cwd": str(cwd), "environment": environment}) + "\n"
        )
        self._asked.stdin.flush()
        answer = json.loads(self._asked.stdout.readline())
        return subprocess.CompletedProcess(
            words, answer["code"], answer["stdout"], answer["stderr"]
        )


@contextlib.contextmanager
def warm_command() -> Iterator[WarmCommand]:
    """Start the interpreter that forks; it ends with its input."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.cli.warm_command"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as asked:
        yield WarmCommand(asked)
        assert asked.stdin is not None
        asked.stdin.close()


def _answer_calls() -> None:
    for name in _MODULES:
        import_module(name)
    for package, name in _TEMPLATES:
        markdown_template(package, name)
    page_template()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


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


def _become(call: dict[str, Any], out: int, errors: int) -> None:
    """Run the command in this process, which ends with it."""
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(errors, 2)
        os.chdir(call["cwd"])
        os.environ.update(call["environment"])
        sys.argv = ["conformance", *call["words"]]
        import_module("conformance.cli").main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _answer_calls()
