"""Running a reference program whose packages may be missing: one line on what to install.

In: a function that loads what it needs and runs it. Out: its exit code, or 2 where a package is not
there.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DISTRIBUTION = "conformance-reference"
PACKAGES = frozenset(
    {
        *("duckdb", "hnswlib", "httptools", "httpx", "jiter", "msgspec"),
        *("numpy", "starlette", "threadpoolctl", "uvicorn", "uvloop"),
    }
)
"""What the distribution depends on, by the names that are imported."""


def run_program(main: Callable[[], int]) -> int:
    """Run a program and give its exit code."""
    try:
        return main()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        sys.stderr.write(
            f"lakehouse: {package} is not installed; the reference needs it: "
            f"pip install {DISTRIBUTION}\n"
        )
        return 2
