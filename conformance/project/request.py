"""The options of a command that select files, cases and runtimes."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.model.shard import Shard

DEFAULT_PATH: Final = Path("cases")


class RunRequest(Struct, frozen=True, kw_only=True):
    """The options that select files, cases and runtimes, as given."""

    paths: tuple[Path, ...]
    runtime_options: tuple[str, ...] = ()
    runtimes_file: Path | None = None
    ledger_file: Path | None = None
    supports_options: tuple[str, ...] = ()
    secret_hosts: tuple[str, ...] = ()
    language_options: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    last_failed: bool = False
    shard: Shard | None = None
    jobs: int = 1
    runs: Path

    def suite_paths(self) -> tuple[Path, ...]:
        """Return the given paths, or the folder `cases`."""
        return self.paths or (DEFAULT_PATH,)
