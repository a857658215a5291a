"""The roster: the workers that artifacts may name.

In: roster entries, from a request or from the configured file. Out: `Roster`, which finds a worker
by id; the first entry with an id counts. A configured file is read once, at the start, strictly; a
bad file prevents the start of the daemon.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl.kit.settings import SettingsError
from reference_impl.kit.strict_json import JsonError, MisfitError, fit, parse
from reference_impl.validatord.wire import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Roster:
    """Workers by id."""

    def __init__(self, entries: Iterable[Worker] = ()) -> None:
        self._by_id: dict[str, Worker] = {}
        for worker in entries:
            self._by_id.setdefault(worker.worker_id, worker)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Worker]:
        return iter(self._by_id.values())

    def find(self, worker_id: str) -> Worker | None:
        """Return the worker with an id, or None."""
        return self._by_id.get(worker_id)


def load_roster(file_name: str | None) -> Roster:
    """Return the configured roster: a JSON list of workers; no file is an empty roster.

    Raises SettingsError.
    """
    if file_name is None:
        return Roster()
    try:
        return Roster(fit(parse(Path(file_name).read_bytes()), tuple[Worker, ...]))
    except OSError as error:
        raise SettingsError(f"roster {file_name}: {error.strerror}") from None
    except (JsonError, MisfitError) as error:
        raise SettingsError(f"roster {file_name}: {error}") from None
