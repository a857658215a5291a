"""Datasets by name, as the catalog has them when a statement runs.

In: the names in a statement. Out: files for those that are datasets, kept until the block ends. The
catalog is asked each time, so that a dataset can be queried as soon as it is registered.
"""

from __future__ import annotations

import re
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference_impl.kit.problem import ProblemError
from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.wire import Manifest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from reference_impl.kit.client import DaemonClient
    from reference_impl.queryd.store.object_cache import ObjectCache

_NAME = re.compile(r"[a-z_][a-z0-9_.-]{0,127}")
_ABSENT = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasets:
    """All datasets of the catalog."""

    catalogd: DaemonClient
    cache: ObjectCache

    @asynccontextmanager
    async def hold(self, names: Iterable[str]) -> AsyncIterator[dict[str, tuple[str, ...]]]:
        """Yield the files of the datasets among some names, in lower case as in SQL.

        Raises StatementError, DatasetBrokenError, and CallError when a daemon does not answer.
        """
        async with AsyncExitStack() as held:
            files = {}
            for name in sorted({name.lower() for name in names if _NAME.fullmatch(name.lower())}):
                manifest = await self._find(name)
                if manifest is None:
                    continue
                if not manifest.objects:
                    raise StatementError(f"the dataset {name} has no objects yet")
                files[name] = await held.enter_async_context(
                    self.cache.hold(name, manifest.objects)
                )
            yield files

    async def _find(self, name: str) -> Manifest | None:
        try:
            return await self.catalogd.ask("GET", f"/catalog/datasets/{name}", Manifest)
        except ProblemError as error:
            if error.status == _ABSENT:
                return None
            raise
