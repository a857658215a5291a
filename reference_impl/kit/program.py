"""Runs a reference program; if a package is missing, one line says what to install.

In: a function that imports what it needs and runs. Out: its exit code, or 2 if a package is
missing.
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
"""The packages that the distribution depends on, by their import names."""


def run_program(main: Callable[[], int]) -> int:
    """Run a program and return its exit code."""
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
