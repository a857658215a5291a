"""Console blocks of the documents: commands after `$ `.

Each command has lines that its output must hold, in order.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEREDOC = re.compile(r"<<'(\w+)'$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command, with its here-document if it has one, and the output that the document shows."""

    text: str
    shown: tuple[str, ...]


def commands(document: Path) -> Iterator[Command]:
    """Yield the commands of a document's console blocks."""
    for block in re.findall(
        r"^```console\n(.*?)^```$", document.read_text(), re.DOTALL | re.MULTILINE
    ):
        lines = iter(block.splitlines())
        text, shown = "", []
        for line in lines:
            if not line.startswith("$ "):
                shown.append(line)
                continue
            if text:
                yield Command(text=text, shown=tuple(shown))
            text, shown = line.removeprefix("$ "), []
            if found := _HEREDOC.search(text):
                for inside in lines:
                    text += f"\n{inside}"
                    if inside == found[1]:
                        break
        yield Command(text=text, shown=tuple(shown))


def check_commands(document: Path, folder: Path, environment: dict[str, str]) -> None:
    """Run a document's commands one after the other, and see that each says what is shown of it."""
    for command in commands(document):
        done = subprocess.run(
            ["bash", "-c", command.text],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = iter(done.stdout.splitlines())
        missing = [
            line for line in command.shown if not any(heard.startswith(line) for heard in said)
        ]
        assert not missing, (command.text, missing, done.stdout, done.stderr)
        assert done.returncode in {0, 1}, (command.text, done.stdout, done.stderr)
