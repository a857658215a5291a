"""The six steps of `conformance demo`: two shops, from the first red run to a green one.

Every printed line is the output of a command that really ran; the shops are real servers on free
ports.
"""

import difflib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from conformance.atomic_file import replace_file
from conformance.errors import HarnessError

_NEWER: Final = "shops/newer.py"
_CRASH: Final = "server-error-vs-refusal"
_NULL: Final = "null-vs-absent"
_FIXES: Final = (
    ('"total": "19.90"', '"total": 19.90'),
    ('"total": "5.00"', '"total": 5.00'),
    (
        'self.answer(500, {"error": "internal error"})',
        'self.answer(404, {"error": "no such order"})',
    ),
)


class DemoWalk:
    """The steps of the demo, in a folder of their own; `say` prints a line."""

    def __init__(self, folder: Path, say: Callable[[str], object]) -> None:
        self._folder = folder
        self._say = say
        self._step = 0

    def take(self) -> None:
        """Run all steps; raises HarnessError if a command ends with another code than expected."""
        self._start("two implementations of one service")
        self._write_files()
        self._say(
            f"  An older shop and a newer one, with five requests for both, are in {self._folder}/."
        )

        self._start("the same requests to both")
        self._run("run", code=1)

        self._start("one cause in full, with a curl command for each side")
        self._run("explain", self._key(_CRASH))

        self._start("one difference can wait: write down the decision")
        reason = "the next version of the newer shop makes an empty note like the older one's"
        self._run("decide", self._key(_NULL), "--owner", "the demo", "--reason", reason)

        self._start("the others are defects of the newer shop: fix them")
        self._fix()

        self._start("the same requests again")
        self._run("run")
        self._say(
            f"\nThe report is {self._folder / 'reports/runs/latest/report.html'}; open it in a "
            "browser."
        )
        self._say("Next, your own two services:")
        self._say(
            "  conformance init --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002"
        )

    def _start(self, title: str) -> None:
        self._step += 1
        self._say(f"\n== Step {self._step} of 6: {title}")

    def _write_files(self) -> None:
        with as_file(files("conformance.demo") / "files") as written:
            shutil.copytree(written, self._folder, ignore=shutil.ignore_patterns("__pycache__"))

    def _run(self, *words: str, code: int = 0) -> None:
        """Print a command and run it; `code` is the exit code that it must have."""
        self._say(
            "$ conformance " + " ".join(f'"{word}"' if " " in word else word for word in words)
        )
        command = [sys.executable, "-m", "conformance", *words]
        done = subprocess.run(command, cwd=self._folder, check=False)  # noqa: S603 - our own command
        if done.returncode != code:
            raise HarnessError(
                f"`conformance {words[0]}` ended with {done.returncode}, wanted {code}"
            )

    def _key(self, idiom: str) -> str:
        """Return the first letters of the key of a cause in the latest run."""
        report = json.loads((self._folder / "reports/runs/latest/report.json").read_bytes())
        return next(str(group["key"])[:4] for group in report["groups"] if group["idiom"] == idiom)

    def _fix(self) -> None:
        """Fix the newer shop and print the changed lines."""
        file = self._folder / _NEWER
        before = after = file.read_text(encoding="utf-8")
        for wrong, right in _FIXES:
            after = after.replace(wrong, right)
        replace_file(file, after.encode())
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
            if not line.startswith(("---", "+++", "@@")):
                self._say(f"  {line}")
