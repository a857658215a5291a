"""The type of arguments and options that are paths."""

from pathlib import Path
from typing import Any, Final

import click


class NamedPath(click.Path):
    """A path that is not empty: an empty text, as of an unset variable, would be this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a path; fail for an empty text."""
        if value == "":
            self.fail("wanted a path, got an empty text; `.` is the current folder", param, ctx)
        return super().convert(value, param, ctx)


PATH: Final = NamedPath(path_type=Path)
