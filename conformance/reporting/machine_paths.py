"""Texts without paths of this machine: a line of a toolchain often names where it is installed."""

import re
from pathlib import Path
from typing import Final

_PATH: Final = re.compile(r"(?<![\w.:/\\-])(?:~|[A-Za-z]:)?(?:[/\\]+[^\s/\\,;:()'\"`]+)+[/\\]?")
"""A path from the root, the home or a drive; `linux/amd64` and a URL are none."""
_BETWEEN: Final = re.compile(r"[/\\]+")


def without_paths(text: str) -> str:
    """Return a text with the last name of each path: `/opt/jdk/bin/java 21` is `java 21`.

    A working folder or a home is left out whole, blanks in its name and all.
    """
    for folder in (Path.cwd(), Path.home()):
        if folder != Path("/"):
            text = text.replace(f"{folder}/", "/").replace(str(folder), "~")
    return _PATH.sub(_last_name, text)


def _last_name(found: re.Match[str]) -> str:
    return _BETWEEN.split(found[0].rstrip("/\\"))[-1]
