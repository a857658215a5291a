"""The version of a runtime's toolchain."""

import subprocess
from pathlib import Path
from typing import Final

from conformance.model.runtime import (
    Runtime,
)

_TOOLCHAIN_TIMEOUT_S: Final = 10


def toolchain_of(runtime: Runtime, directory: Path) -> str:
    """Return the first line that the runtime's toolchain command prints.

    The result is an empty text if there is no command, or it fails.
    """
    if not runtime.toolchain:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - the runtimes file is consent to run it
            runtime.toolchain,
            cwd=directory,
            capture_output=True,
            timeout=_TOOLCHAIN_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return (done.stdout or done.stderr).decode("utf-8", "replace").strip().partition("\n")[0]
