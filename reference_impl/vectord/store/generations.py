"""Generations: the saves of one index in its folder, and the segments of its log.

In: vectors that do not change meanwhile. Out: files `<what>.<number>`, and vectors read from them.
A generation exists once its manifest does. The manifest is written last and has the size and sha256
of the other files: a file with other bytes is never loaded, since hnswlib loads anything and then
reads out of bounds. If the newest generation is damaged, the previous one is used. `log.<number>`
has the changes since generation `number`, from 0. The graph is a cache: the rows are enough without
it.
"""

from __future__ import annotations

import hashlib
import os
from typing import IO, TYPE_CHECKING

import msgspec
import numpy as np

from reference_impl.kit.atomic_file import UNFINISHED_SUFFIX, replace_file, replacing, sync_folder
from reference_impl.kit.log import logger
from reference_impl.vectord.store.graph import Graph, GraphFileError
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from reference_impl.vectord.wire import IndexSettings

_FIRST_FORMAT = 1


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The size and the digest of a file as it was written."""

    size_bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One generation: the number of rows, how many are in the graph, and the seal of each file."""

    format: int = _FIRST_FORMAT
    rows: int
    graphed: int
    graph_dead: int
    files: dict[str, Seal]


class _RowTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The data of rows other than vectors, also of dead rows."""

    ids: list[str]
    metadata: list[bytes]
    live: bytes


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The rows at one moment; the graph of that moment, if any, is already in its file."""

    vectors: NDArray[np.float32]
    ids: list[str]
    metadata: list[bytes]
    live: bytes
    graphed: int
    graph_dead: int


class DamagedError(Exception):
    """The files of a generation are not as they were written."""


def take_snapshot(vectors: Vectors, folder: Path, number: int) -> Snapshot:
    """Return the rows and write the graph to its file; the caller holds the lock.

    Writing a graph blocks the interpreter (some 2 ms per megabyte): hnswlib has no other way.
    """
    rows, graph = vectors.rows, vectors.graph
    if graph is not None:
        graph.save(_unfinished(folder, number))
    return Snapshot(
        vectors=rows.vectors[: rows.count],
        ids=rows.ids[: rows.count],
        metadata=rows.metadata[: rows.count],
        live=rows.live[: rows.count].tobytes(),
        graphed=vectors.graphed,
        graph_dead=0 if graph is None else graph.dead,
    )


def write_generation(folder: Path, number: int, snapshot: Snapshot) -> None:
    """Write a generation; it is on the disk when this returns."""
    texts = _RowTexts(ids=snapshot.ids, metadata=snapshot.metadata, live=snapshot.live)
    seals = {
        "vectors": _write(folder / f"vectors.{number}", _bytes_of(snapshot.vectors)),
        "texts": _write(folder / f"texts.{number}", memoryview(msgspec.msgpack.encode(texts))),
    }
    if snapshot.graphed:
        seals["graph"] = _adopt(_unfinished(folder, number), folder / f"graph.{number}")
    manifest = Manifest(
        rows=len(snapshot.ids),
        graphed=snapshot.graphed,
        graph_dead=snapshot.graph_dead,
        files=seals,
    )
    replace_file(folder / f"manifest.{number}", msgspec.json.encode(manifest))


def read_generation(folder: Path, number: int, settings: IndexSettings) -> Vectors:
    """Return the vectors of a generation, without its graph if that is damaged.

    Raises DamagedError.
    """
    try:
        manifest = msgspec.json.decode((folder / f"manifest.{number}").read_bytes(), type=Manifest)
        _require(folder, number, manifest, "vectors")
        _require(folder, number, manifest, "texts")
        texts = msgspec.msgpack.decode((folder / f"texts.{number}").read_bytes(), type=_RowTexts)
    except (OSError, msgspec.MsgspecError) as error:
        raise DamagedError(str(error)) from None
    vectors = Vectors(rows=_rows(folder / f"vectors.{number}", manifest, texts, settings.dim))
    if manifest.graphed:
        vectors.graph = _graph(folder, number, manifest, settings)
    return vectors


def generations_in(folder: Path) -> list[int]:
    """Return the numbers of the generations of a folder, the newest first."""
    return sorted(numbers_in(folder, "manifest"), reverse=True)


def numbers_in(folder: Path, what: str) -> Iterator[int]:
    """Yield the numbers of the files of one kind."""
    for file in folder.glob(f"{what}.*"):
        number = file.name.partition(".")[2]
        if number.isdecimal():
            yield int(number)


def forget_before(folder: Path, oldest: int) -> None:
    """Delete the files of generations before `oldest`, and unfinished files."""
    for file in folder.iterdir():
        _, _, number = file.name.rpartition(".")
        if file.name.endswith(UNFINISHED_SUFFIX) or (number.isdecimal() and int(number) < oldest):
            file.unlink()
    sync_folder(folder)


def _rows(file: Path, manifest: Manifest, texts: _RowTexts, dim: int) -> Rows:
    count = manifest.rows
    live = np.frombuffer(texts.live, np.bool_)
    rows = Rows(dim, count + count // 8)
    room = _bytes_of(rows.vectors[:count])
    if (
        not count == len(live) == len(texts.ids) == len(texts.metadata)
        or file.stat().st_size != room.nbytes
    ):
        raise DamagedError(f"{file}: it has not as many rows as the manifest")
    with file.open("rb") as content:
        content.readinto(room)
    rows.live[:count] = live
    rows.ids, rows.metadata, rows.count = texts.ids, texts.metadata, count
    rows.row_of = {texts.ids[row]: row for row in np.flatnonzero(live).tolist()}
    rows.live_count = len(rows.row_of)
    return rows


def _bytes_of(vectors: NDArray[np.float32]) -> memoryview:
    """Return the memory of whole rows, in the byte order of this machine."""
    return vectors.reshape(-1).view(np.uint8).data


def _graph(folder: Path, number: int, manifest: Manifest, settings: IndexSettings) -> Graph | None:
    try:
        _require(folder, number, manifest, "graph")
        return Graph.load(
            folder / f"graph.{number}", settings, count=manifest.graphed, dead=manifest.graph_dead
        )
    except (DamagedError, GraphFileError, OSError) as error:
        logger.warning(
            "a graph is built again",
            extra={"members": {"folder": folder.name, "reason": str(error)}},
        )
        return None


def _require(folder: Path, number: int, manifest: Manifest, what: str) -> None:
    file = folder / f"{what}.{number}"
    with file.open("rb") as content:
        if what not in manifest.files or _seal(content) != manifest.files[what]:
            raise DamagedError(f"{file}: it is not what was written")


def _write(target: Path, content: memoryview) -> Seal:
    with replacing(target) as out:
        out.write(content)
    return Seal(size_bytes=content.nbytes, sha256=hashlib.sha256(content).hexdigest())


def _adopt(unfinished: Path, target: Path) -> Seal:
    """Flush a file that hnswlib wrote to the disk, and rename it to its place."""
    with unfinished.open("rb") as content:
        os.fsync(content.fileno())
        seal = _seal(content)
    unfinished.replace(target)
    return seal


def _seal(content: IO[bytes]) -> Seal:
    digest = hashlib.file_digest(content, "sha256")  # type: ignore[arg-type]
    return Seal(size_bytes=content.tell(), sha256=digest.hexdigest())


def _unfinished(folder: Path, number: int) -> Path:
    return folder / f"graph.{number}{UNFINISHED_SUFFIX}"
