"""The datasets: in memory by name, and in a log of changes on the disk.

In: manifests, and names to delete. Out: manifests. Changes are applied at once, in the order of the
log; `put` and `remove` return when the change and all earlier ones are on the disk. A dataset that
is found may not be on the disk yet: a handler that answers with it waits for `settled` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec

from reference_impl.catalogd.errors import NoSuchDatasetError
from reference_impl.catalogd.wire import Manifest  # noqa: TC001  # the decoder resolves it
from reference_impl.kit.append_log import AppendLog

if TYPE_CHECKING:
    from pathlib import Path

_WORTH_REWRITING = 1000  # changes in the log beyond what its datasets need


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log: a dataset from here on, or None after its deletion."""

    name: str
    manifest: Manifest | None


class Catalog:
    """All datasets; open it with `Catalog.open`."""

    def __init__(self) -> None:
        self._by_name: dict[str, Manifest] = {}
        self._log: AppendLog[Change]

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """Read all changes, and rewrite a log that has many outdated ones.

        Raises StartError.
        """
        catalog = cls()
        changes = 0

        def take(change: Change) -> None:
            nonlocal changes
            changes += 1
            catalog._apply(change)  # a method of this class

        catalog._log = AppendLog.open(folder / "datasets.jsonl", Change, take)
        if changes > len(catalog) + _WORTH_REWRITING:
            kept = [Change(name=manifest.name, manifest=manifest) for manifest in catalog.all()]
            await catalog._log.rewrite(kept)
        return catalog

    async def close(self) -> None:
        """Wait for the disk and close the log."""
        await self._log.close()

    def __len__(self) -> int:
        return len(self._by_name)

    def all(self) -> tuple[Manifest, ...]:
        """Return all datasets in the order of their names."""
        return tuple(self._by_name[name] for name in sorted(self._by_name))

    def find(self, name: str) -> Manifest | None:
        """Return the dataset with a name, or None."""
        return self._by_name.get(name)

    async def put(self, manifest: Manifest) -> None:
        """Add a dataset, or replace the one with its name.

        Raises LogBrokenError.
        """
        await self._change(Change(name=manifest.name, manifest=manifest))

    async def remove(self, name: str) -> None:
        """Delete a dataset.

        Raises NoSuchDatasetError and LogBrokenError.
        """
        if name not in self._by_name:
            raise NoSuchDatasetError
        await self._change(Change(name=name, manifest=None))

    async def settled(self) -> None:
        """Wait until all changes so far are on the disk.

        Raises LogBrokenError.
        """
        await self._log.settled()

    async def _change(self, change: Change) -> None:
        done = self._log.append(change)
        self._apply(change)
        await done

    def _apply(self, change: Change) -> None:
        if change.manifest is None:
            self._by_name.pop(change.name, None)
        else:
            self._by_name[change.name] = change.manifest
