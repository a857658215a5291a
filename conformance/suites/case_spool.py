"""The cases of a run, in order, which can be iterated as often as needed.

The first cases are kept in memory, the rest in a file.

All cases are read before the first is sent, because nothing may be sent if any file is bad.  The
file has no name, so that it disappears with the process.  It is written and read in packs; at most
one pack is in memory.
"""

import itertools
import os
import pickle
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conformance.atomic_file import naming
from conformance.model.case import Case

# A case is a few KB: so many take some MB, and more are packed
KEPT_IN_MEMORY: Final = 2_000
# Large enough to pack well, small enough to unpack while cases run
CASES_A_PACK: Final = 250


class CaseSpool:
    """A list of cases that is filled first and iterated afterwards.

    No case may be added once iteration has started.
    """

    def __init__(self, kept_in_memory: int = KEPT_IN_MEMORY) -> None:
        self._room = kept_in_memory
        self._first: list[Case] = []
        self._pack: list[Case] = []
        self._packs: list[tuple[int, int]] = []
        self._file = tempfile.SpooledTemporaryFile(max_size=1)  # noqa: SIM115 - on the disk once there is a pack
        weakref.finalize(self, self._file.close)

    def add(self, case: Case) -> None:
        """Add a case at the end."""
        if len(self._first) < self._room:
            self._first.append(case)
            return
        self._pack.append(case)
        if len(self._pack) == CASES_A_PACK:
            packed = pickle.dumps(self._pack, pickle.HIGHEST_PROTOCOL)
            self._packs.append((self._file.tell(), len(packed)))
            with naming(Path(tempfile.gettempdir())):
                self._file.write(packed)
                self._file.flush()
            self._pack = []

    def __len__(self) -> int:
        return len(self._first) + len(self._packs) * CASES_A_PACK + len(self._pack)

    def __iter__(self) -> Iterator[Case]:
        packs = itertools.starmap(self._read_pack, self._packs)
        return itertools.chain(self._first, itertools.chain.from_iterable(packs), self._pack)

    def _read_pack(self, start: int, size: int) -> list[Case]:
        # A fork of this process shares the file, and would move its read position
        raw = os.pread(self._file.fileno(), size, start)
        pack: list[Case] = pickle.loads(raw)  # noqa: S301 - written above, no other process can write it
        return pack
