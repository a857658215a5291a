"""A folder with one suite of one case and a ledger, for tests of what later runs say of a row."""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Script, Service, serve, serve_script

CASE: Final = "suite: shop\ncompare: value\n{rules}cases:\n  - {{name: one, request: {{GET: /}}}}\n"
GIVEN: Final = ("--owner", "me", "--reason", "so it is")
LEDGER: Final = "cases/decisions.yaml"


@dataclass(frozen=True, slots=True)
class SmallShop:
    """The folder, and the command in it."""

    folder: Path
    command: WarmCommand

    def write(self, suite: str = CASE.format(rules="")) -> None:
        """Write the suite."""
        (self.folder / "cases").mkdir(exist_ok=True)
        (self.folder / "cases/shop.yaml").write_text(suite)
        if not (self.folder / LEDGER).exists():
            (self.folder / LEDGER).write_text("decisions: []\n")

    def run(self, *words: str, **services: Service) -> tuple[int, str]:
        """Run the suite against services; return the exit code and all that was said."""
        return self._run(words, {name: serve(each) for name, each in services.items()})

    def run_script(self, script: Script, **services: Service) -> tuple[int, str]:
        """Run against services, and `c` as a script."""
        served = {name: serve(each) for name, each in services.items()}
        return self._run((), {**served, "c": serve_script(script)})

    def _run(
        self, words: tuple[str, ...], served: dict[str, contextlib.AbstractContextManager[str]]
    ) -> tuple[int, str]:
        with contextlib.ExitStack() as stack:
            named = [f"{name}={stack.enter_context(each)}" for name, each in served.items()]
            runtimes = [word for each in named for word in ("--runtime", each)]
            done = self.command("run", "cases", *runtimes, *words, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr

    def decide(self, *words: str) -> tuple[int, str]:
        """Decide what the last run shows."""
        done = self.command("decide", *words, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr

    def done(self, commit: str) -> tuple[int, str]:
        """Say that the first row is fixed in a commit."""
        done = self.command("tracker", "done", "D-001", commit, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr

    def ledger(self) -> str:
        """Return the text of the ledger."""
        return (self.folder / LEDGER).read_text()


def row_line(said: str, row: str = "D-001") -> str:
    """Return what a run says of a row, on one line."""
    return " ".join(re.findall(rf"^{row} .*(?:\n  .*)*", said, re.MULTILINE)).replace("\n", " ")
