"""All indexes: created, found, deleted, and saved in the background.

In: settings and names. Out: durable indexes. The folder of an index is named by the digest of its
name, so that no name becomes a path. An index exists exactly while its folder has `settings.json`,
whatever else a crash left there.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from reference_impl.kit.atomic_file import replace_file, sync_folder
from reference_impl.kit.settings import StartError
from reference_impl.vectord.errors import IndexConflictError, SaveFailedError, UnknownIndexError
from reference_impl.vectord.service.durable_index import DurableIndex, open_index
from reference_impl.vectord.wire import IndexSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SETTINGS = "settings.json"
# A log grows slowly in this time, so that a save is hardly late.
_ROUND_S = 2.0


class Indexes:
    """The indexes of one data directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_name: dict[str, DurableIndex] = {}
        self._changing = asyncio.Lock()

    def __iter__(self) -> Iterator[DurableIndex]:
        return iter(index for _, index in sorted(self._by_name.items()))

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, name: str) -> DurableIndex:
        """Return the index with a name.

        Raises UnknownIndexError.
        """
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownIndexError(name) from None

    async def open(self) -> None:
        """Read all indexes of the folder.

        Raises StartError.
        """
        self._folder.mkdir(exist_ok=True)
        for folder in sorted(self._folder.iterdir()):
            settings = _settings_in(folder)
            if settings is None:
                shutil.rmtree(folder)
            else:
                self._by_name[settings.name] = await open_index(folder, settings)

    async def make(self, settings: IndexSettings) -> tuple[DurableIndex, bool]:
        """Return the index with these settings, created if needed, and whether it is new.

        Raises IndexConflictError when one of this name has other settings.
        """
        async with self._changing:
            existing = self._by_name.get(settings.name)
            if existing is None:
                folder = self._folder_of(settings.name)
                await asyncio.to_thread(_make_folder, folder, settings)
                index = self._by_name[settings.name] = await open_index(folder, settings)
                return index, True
        if existing.settings != settings:
            raise IndexConflictError(
                f"index {settings.name} exists with other settings; GET it, or DELETE it first"
            )
        return existing, False

    async def delete(self, name: str) -> None:
        """Delete an index with all its items.

        Raises UnknownIndexError.
        """
        async with self._changing:
            index, folder = self.find(name), self._folder_of(name)
            await asyncio.to_thread(_give_up_folder, folder)
            del self._by_name[
                name
            ]  # only now: an index that is not found must stay deleted after a crash
            await index.close(is_saved=False)
            await asyncio.to_thread(shutil.rmtree, folder)

    async def save_when_due(self) -> None:
        """Save all indexes whose save is due, in an endless loop."""
        while True:
            await asyncio.sleep(_ROUND_S)
            for index in [index for index in self if index.is_save_due()]:
                with suppress(SaveFailedError):  # already logged; the next round tries again
                    await index.save()

    async def close(self) -> None:
        """Save and close all indexes."""
        for index in self:
            await index.close(is_saved=True)

    def _folder_of(self, name: str) -> Path:
        return self._folder / hashlib.sha256(name.encode()).hexdigest()[:32]


def _make_folder(folder: Path, settings: IndexSettings) -> None:
    folder.mkdir()
    replace_file(folder / _SETTINGS, msgspec.json.encode(settings))
    sync_folder(folder.parent)


def _give_up_folder(folder: Path) -> None:
    """Mark a folder as deleted.

    The rest of it is removed at the next start at the latest.
    """
    (folder / _SETTINGS).unlink()
    sync_folder(folder)


def _settings_in(folder: Path) -> IndexSettings | None:
    """Return the settings of an index.

    The result is None for a folder whose index was never complete, or was deleted.
    """
    file = folder / _SETTINGS
    try:
        return msgspec.json.decode(file.read_bytes(), type=IndexSettings)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise StartError(f"{file}: {error}") from None
