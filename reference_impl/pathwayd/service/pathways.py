"""The life of traces: added, updated, revised, retired, found.

In: drafts and changes. Out: the trace after the change, once it is on the disk. Invariants: a trace
is never among its own predecessors; a retired one does not change; versions of a uid count up by
one; a change is checked and applied in one step, without other changes in between.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from reference_impl.pathwayd.errors import (
    CycleError,
    LongMetadataError,
    RetiredTraceError,
    UnknownPredecessorError,
    UnknownTraceError,
)
from reference_impl.pathwayd.service.lexical_index import LexicalIndex
from reference_impl.pathwayd.store import TraceStore
from reference_impl.pathwayd.wire import Content, Draft, History, Hit, Hits, KeyedDraft, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reference_impl.pathwayd.wire import Change, Search

# A limit of the wire (docs/daemons.md): traces are kept in memory.
_METADATA_BYTES = 16_384


class Pathways:
    """All traces of a daemon; open it inside a running loop."""

    def __init__(self, path: Path, *, now: Callable[[], str], new_uid: Callable[[], str]) -> None:
        """Open the store; `now` returns the time of a version, `new_uid` an unused uid."""
        self._now = now
        self._new_uid = new_uid
        self._index = LexicalIndex()
        self._store = TraceStore(path, self._note)

    def __len__(self) -> int:
        return len(self._store)

    async def settled(self) -> None:
        """Wait until all traces that were read, or that a refusal depends on, are on the disk.

        Raises LogBrokenError.
        """
        await self._store.settled()

    async def add(self, draft: Draft) -> Trace:
        """Add a trace.

        Raises PathwayError.
        """
        self._require_predecessor(draft.predecessor)
        return await self._begin(draft, draft.predecessor, UNSET)

    async def add_once(self, draft: KeyedDraft) -> tuple[Trace, bool]:
        """Add a trace unless its key was used; return the trace now, and whether it is new.

        Raises PathwayError.
        """
        key = _key_of(draft)
        known = self._store.uid_of(key)
        if known is not None:
            trace = self.get(known)
            await self.settled()
            return trace, False
        self._require_predecessor(draft.predecessor)
        return await self._begin(draft, draft.predecessor, key), True

    async def update(self, uid: str, change: Change) -> Trace:
        """Make a new version of a trace.

        Raises PathwayError.
        """
        trace = self._active(uid)
        changed: dict[str, Any] = {
            name: value for name, value in _members(change) if value is not UNSET
        }
        if "predecessor" in changed:
            changed["predecessor"] = (
                UNSET if changed["predecessor"] is None else changed["predecessor"]
            )
            self._require_predecessor(changed["predecessor"])
            if uid in set(self._line_from(changed["predecessor"])):
                raise CycleError
        return await self._change(trace, **changed)

    async def revise(self, uid: str, content: Content) -> Trace:
        """Add a trace with another one as its predecessor.

        Raises PathwayError.
        """
        return await self._begin(content, self._active(uid).uid, UNSET)

    async def retire(self, uid: str) -> Trace:
        """Retire a trace, so that search skips it; a retired one stays unchanged.

        Raises PathwayError.
        """
        trace = self.get(uid)
        if trace.state == "retired":
            await self.settled()
            return trace
        return await self._change(trace, state="retired")

    def get(self, uid: str) -> Trace:
        """Return the newest version of a trace.

        Raises UnknownTraceError.
        """
        versions = self._store.versions(uid)
        if not versions:
            raise UnknownTraceError
        return versions[-1]

    def history(self, uid: str, after: int, limit: int) -> History:
        """Return a page of the versions of a trace, and all its predecessors.

        Raises UnknownTraceError.
        """
        predecessor = self.get(uid).predecessor
        versions = self._store.versions(uid)
        return History(
            uid=uid,
            versions=tuple(versions[after : after + limit]),
            has_more=len(versions) > after + limit,
            predecessors=tuple(self._line_from(predecessor)),
        )

    def search(self, asked: Search) -> Hits:
        """Return active traces with words of the query and all tags, the best first."""
        wanted = set(asked.tags)
        scores = self._index.scores(asked.query)
        fitting = [
            (score, self.get(uid))
            for uid, score in scores.items()
            if wanted <= set(self.get(uid).tags)
        ]
        fitting.sort(key=lambda hit: (-hit[0], hit[1].uid))
        results = tuple(Hit(score=score, trace=trace) for score, trace in fitting[: asked.limit])
        return Hits(results=results, total=len(fitting))

    async def close(self) -> None:
        """Wait for the disk, and close the log."""
        await self._store.close()

    def _active(self, uid: str) -> Trace:
        trace = self.get(uid)
        if trace.state == "retired":
            raise RetiredTraceError
        return trace

    def _require_predecessor(self, predecessor: str | UnsetType) -> None:
        if predecessor is not UNSET and not self._store.versions(str(predecessor)):
            raise UnknownPredecessorError

    def _line_from(self, uid: str | UnsetType) -> Iterator[str]:
        while uid is not UNSET:
            yield str(uid)
            uid = self.get(str(uid)).predecessor

    async def _begin(
        self, content: Content, predecessor: str | UnsetType, key: str | UnsetType
    ) -> Trace:
        now = self._now()
        trace = Trace(
            uid=self._new_uid(),
            version=1,
            state="active",
            title=content.title,
            body=content.body,
            tags=content.tags,
            metadata=_fitting(content.metadata),
            created_at=now,
            updated_at=now,
            predecessor=predecessor,
        )
        await self._store.put(trace, key)
        return trace

    async def _change(self, trace: Trace, **changed: Any) -> Trace:
        _fitting(changed.get("metadata", {}))
        newer: Trace = replace(trace, version=trace.version + 1, updated_at=self._now(), **changed)
        await self._store.put(newer)
        return newer

    def _note(self, trace: Trace) -> None:
        if trace.state == "retired":
            self._index.remove(trace.uid)
        else:
            self._index.put(trace.uid, " ".join((trace.title, trace.body, *trace.tags)))


def _members(change: Change) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(change, name)) for name in change.__struct_fields__)


def _fitting(metadata: dict[str, Any]) -> dict[str, Any]:
    if len(msgspec.json.encode(metadata)) > _METADATA_BYTES:
        raise LongMetadataError
    return metadata


def _key_of(draft: KeyedDraft) -> str:
    """Return the key of a draft: its own, or the digest of its content."""
    if draft.key is not UNSET:
        return f"key:{draft.key}"
    return "sha256:" + hashlib.sha256(msgspec.json.encode(draft, order="deterministic")).hexdigest()
