"""Removal of this machine's paths from texts: toolchain lines often contain a path."""

import re
from pathlib import Path
from typing import Final

_PATH: Final = re.compile(r"(?<![\w.:/\\-])(?:~|[A-Za-z]:)?(?:[/\\]+[^\s/\\,;:()'\"`]+)+[/\\]?")
"""An absolute path, also from the home or a drive; `linux/amd64` and URLs do not match."""
_BETWEEN: Final = re.compile(r"[/\\]+")


def without_paths(text: str) -> str:
    """Return a text with only the last name of each path: `/opt/jdk/bin/java 21` → `java 21`.

    The paths of the working folder and of the home may contain blanks and are removed first.
    """
    for folder in (Path.cwd(), Path.home()):
        if folder != Path("/"):
            text = text.replace(f"{folder}/", "/").replace(str(folder), "~")
    return _PATH.sub(_last_name, text)


def _last_name(found: re.Match[str]) -> str:
    return _BETWEEN.split(found[0].rstrip("/\\"))[-1]
