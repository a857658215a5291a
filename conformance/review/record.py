"""The record of a review: NDJSON with a header, lines for bundles and replies, and a footer.

Replies are written as they come, so a review that dies leaves those that it had. A saved review is
tallied without new requests. A review without a footer is incomplete, and reports say so.
"""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from conformance.errors import UNREADABLE_JSON, Place, RunRecordError
from conformance.records.lines import RecordLines
from conformance.review.bundles import Bundle
from conformance.review.claims import Reply

FORMAT: Final = 1
FILE_NAME: Final = "review.ndjson"


class ReviewHeader(Struct, frozen=True, kw_only=True):
    """The place, time and subject of a review.

    `secrets` is the number of secret values removed before any prompt was sent. `text_is_read` says
    that some reviewer reads the text of the bundles, and not only the files in them.
    """

    review_id: str
    started: str
    command: str
    version: str
    machine: str
    base: str
    head: str
    prompt: str
    secrets: int
    text_is_read: bool = True


class ReviewRecord(Struct, frozen=True, kw_only=True):
    """A saved review, complete or not."""

    header: ReviewHeader
    bundles: tuple[Bundle, ...]
    replies: tuple[Reply, ...]
    complete: bool


class ReviewWriter(RecordLines):
    """Writes the record of a review; use as a context manager."""

    def __init__(self, folder: Path, header: ReviewHeader) -> None:
        super().__init__(folder / FILE_NAME, "xb")
        self.row({"line": "header", "format": FORMAT, "review": header})

    def bundle(self, bundle: Bundle) -> None:
        """Write a bundle as reviewers get it."""
        self.row({"line": "bundle", "bundle": bundle})

    def reply(self, reply: Reply) -> None:
        """Write the reply of one reviewer to one bundle."""
        self.row({"line": "reply", "reply": reply})

    def end(self) -> None:
        """Write the footer: all replies have come."""
        self.row({"line": "footer"})


def read_review_record(folder: Path) -> ReviewRecord:
    """Return a saved review; raises RunRecordError if the folder has none.

    A torn last line is skipped.
    """
    file = folder / FILE_NAME
    try:
        lines = [
            line for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")
        ]
    except OSError as error:
        raise RunRecordError(
            f"{file}: {error.strerror}", hint="`conformance review` writes one"
        ) from error
    header: ReviewHeader | None = None
    bundles: list[Bundle] = []
    replies: list[Reply] = []
    complete = False
    for number, line in enumerate(lines, start=1):
        try:
            row = msgspec.json.decode(line)
            if row["line"] == "header":
                header = msgspec.convert(row["review"], ReviewHeader)
            elif row["line"] == "bundle":
                bundles.append(msgspec.convert(row["bundle"], Bundle, strict=False))
            elif row["line"] == "reply":
                replies.append(msgspec.convert(row["reply"], Reply))
            else:
                complete = row["line"] == "footer"
        except UNREADABLE_JSON as error:
            raise RunRecordError(
                f"no line of a review: {error}", place=Place(str(file), number, 1)
            ) from error
    if header is None:
        raise RunRecordError(
            f"{file}: its first line is no header", hint="`conformance review` writes one"
        )
    return ReviewRecord(
        header=header, bundles=tuple(bundles), replies=tuple(replies), complete=complete
    )
