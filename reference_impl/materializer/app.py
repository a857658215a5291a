"""A whole run: every source is read once, day files and skips are replaced, the receipt is last.

In: arguments. Out: an exit code, 0 when the work is done, 1 when a file could not be read or
written, 2 for a wrong command line; a summary on standard output.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.kit.clock import utc_time
from reference_impl.kit.settings import SettingsError
from reference_impl.materializer.config import Options, options_from
from reference_impl.materializer.errors import RowError, StorageError
from reference_impl.materializer.service.members import check_members
from reference_impl.materializer.service.row import read_row, signature
from reference_impl.materializer.service.transforms import TRANSFORMS, Transform
from reference_impl.materializer.store import (
    WRITTEN_TO,
    DayFile,
    SourceReader,
    append_skips,
    is_there,
    known_skips,
    open_day,
    remove_unfinished,
    source_file,
    telling_which_file,
    write_receipt,
)
from reference_impl.materializer.wire import (
    RECEIPT_SCHEMA,
    SCHEMA_VERSION,
    EvidenceRecord,
    OutputEntry,
    Provenance,
    Receipt,
    Skip,
    SourceEntry,
    line_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# Rare enough to cost nothing compared with the rows.
_PROGRESS_ROWS = 50_000


def main(arguments: Sequence[str]) -> int:
    """Run the materializer and return its exit code."""
    try:
        with telling_which_file():
            options = options_from(arguments)
            receipt = materialize(options)
        _print(line_of(receipt) if options.as_json else _summary(receipt))
    except SettingsError as error:
        return _fail(error, 2)
    except StorageError as error:
        return _fail(error, 1)
    return 0


def materialize(options: Options) -> Receipt:
    """Do the work, and return the receipt."""
    if not options.dry_run:
        for folder in WRITTEN_TO:
            remove_unfinished(options.root / folder)
    skips = _Skips(*known_skips(options.root))
    sources: list[SourceEntry] = []
    outputs: list[OutputEntry] = []
    for name in options.sources:
        if is_there(options.root / source_file(name)):
            work = _SourceWork(options, TRANSFORMS[name], skips)
            sources.append(work.read())
            outputs.extend(work.write())
    if skips.new and not options.dry_run:
        append_skips(options.root, skips.there, skips.new)
    receipt = _receipt(options, sources, sorted(outputs, key=lambda entry: entry.file))
    if not options.dry_run:
        write_receipt(options.root, options.run_id, line_of(receipt))
    return receipt


@dataclass(slots=True)
class _Skips:
    """The lines that were skipped before, and those that are now."""

    known: set[tuple[str, str]]
    there: bytes
    new: list[bytes] = field(default_factory=list)

    def add(self, skip: Skip) -> None:
        identity = skip.source, skip.line_hash
        if identity not in self.known:
            self.known.add(identity)
            self.new.append(line_of(skip))


@dataclass(slots=True)
class _SourceWork:
    """One source, its transform, and the day files that its rows go to."""

    options: Options
    transform: Transform
    skips: _Skips
    days: dict[str, DayFile] = field(default_factory=dict)

    def read(self) -> SourceEntry:
        """Read every row, and return the counts of the source."""
        name = self.transform.source
        reader = SourceReader(self.options.root / source_file(name))
        read = written = skipped = 0
        for offset, line in enumerate(reader):
            if not line.strip(b" \t\r"):
                continue
            read += 1
            try:
                written += self._take(offset, line)
            except RowError as error:
                skipped += 1
                self._skip(offset, line, str(error))
            if read % _PROGRESS_ROWS == 0:
                _tell(f"{name}: {read} rows")
        return SourceEntry(
            source=name,
            file=source_file(name),
            sha256=reader.sha256,
            bytes=reader.size_bytes,
            read=read,
            written=written,
            deduplicated=read - written - skipped,
            skipped=skipped,
            torn=reader.torn,
        )

    def _take(self, offset: int, line: bytes) -> bool:
        """Turn a row into a record of its day; return whether that is new."""
        row = read_row(line)
        check_members(row, self.transform.members)
        sig_hash = signature(row, line)
        timestamp: Any = utc_time(row[self.transform.time])
        day = self._day(timestamp[:10])
        if bytes.fromhex(sig_hash) in day.known:
            return False
        day.add(sig_hash, line_of(self._record(row, timestamp, offset, sig_hash)))
        return True

    def _record(
        self, row: dict[str, Any], timestamp: str, offset: int, sig_hash: str
    ) -> EvidenceRecord:
        name, run_id = self.transform.source, row.get("run_id")
        return EvidenceRecord(
            run_id=run_id if type(run_id) is str and run_id else f"{name}:{sig_hash[:16]}",
            timestamp=timestamp,
            schema_version=SCHEMA_VERSION,
            provenance=Provenance(
                source_file=source_file(name),
                line_offset=offset,
                sig_hash=sig_hash,
                recorded_at=self.options.now,
            ),
            **self.transform.build(row),
        )

    def _day(self, date: str) -> DayFile:
        if date not in self.days:
            path = f"data/evidence/{date.replace('-', '/')}/{self.transform.source}.jsonl"
            self.days[date] = open_day(self.options.root / path)
        return self.days[date]

    def _skip(self, offset: int, line: bytes, reason: str) -> None:
        self.skips.add(
            Skip(
                source=self.transform.source,
                line_offset=offset,
                line_hash=hashlib.sha256(line).hexdigest(),
                reason=reason,
                recorded_at=self.options.now,
            )
        )

    def write(self) -> list[OutputEntry]:
        """Replace the day files with new records; in a dry run, only return which these are."""
        return [self._output(day) for _, day in sorted(self.days.items()) if day.written]

    def _output(self, day: DayFile) -> OutputEntry:
        sha256 = day.digest() if self.options.dry_run else day.replace()
        file = day.path.relative_to(self.options.root).as_posix()
        return OutputEntry(
            file=file, sha256=sha256, records=day.before + day.written, written=day.written
        )


def _receipt(options: Options, sources: list[SourceEntry], outputs: list[OutputEntry]) -> Receipt:
    written = sum(entry.written for entry in sources)
    claim = msgspec.json.encode({"outputs": outputs, "sources": sources}, order="sorted")
    return Receipt(
        schema=RECEIPT_SCHEMA,
        run_id=options.run_id,
        recorded_at=options.now,
        sources=tuple(sources),
        outputs=tuple(outputs),
        read=sum(entry.read for entry in sources),
        written=written,
        deduplicated=sum(entry.deduplicated for entry in sources),
        skipped=sum(entry.skipped for entry in sources),
        exit="ok" if written else "nothing_new",
        digest=hashlib.sha256(claim).hexdigest(),
    )


def _summary(receipt: Receipt) -> bytes:
    lines = [
        f"{entry.source}: {entry.read} read, {entry.written} written, {entry.deduplicated} "
        "deduplicated,"
        f" {entry.skipped} skipped{', last line torn' if entry.torn else ''}"
        for entry in receipt.sources
    ]
    last = (
        f"{receipt.written} records in {len(receipt.outputs)} files"
        if receipt.written
        else "nothing new"
    )
    return "".join(f"{line}\n" for line in (*lines, last)).encode()


def _print(output: bytes) -> None:
    """Write to standard output without a buffer, which could fail after the exit code is chosen."""
    with telling_which_file(Path("standard output")):
        while output:
            output = output[os.write(sys.stdout.fileno(), output) :]


def _tell(progress: str) -> None:
    """Show progress on a terminal; a script gets no progress."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{progress}")


def _fail(error: Exception, code: int) -> int:
    sys.stderr.write(f"materializer: {error}\n")
    return code
