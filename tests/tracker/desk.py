"""A desk: a folder with suite, ledger, document and evidence, in two states of the world."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from conformance.tracker.evidence import ClaimEvidence, DocumentEvidence
from conformance.tracker.evidence_file import evidence_bytes, read_evidence
from conformance.tracker.living_document import (
    open_document,
    sync,
    with_evidence,
    with_lower_budget,
)

EARLIER: Final = dt.date(2026, 11, 20)
LATER: Final = dt.date(2026, 11, 24)
GLOBS: Final = (
    ("shop/orders/*",),
    ("shop/orders/one",),
    ("shop/orders/one", "shop/orders/two"),
    ("shop/*",),
)

_SUITE: Final = """\
suite: shop/orders
cases:
  - {name: one, request: {GET: /orders/1}}
  - {name: two, request: {GET: /orders/2}}
"""
LEDGER: Final = """\
budget: {b: 1}
decisions:
  - id: D-001
    title: b leaves the address out
    state: open
    kind: must_match
    where: [shop/orders/*]
    cause: member
    at: ["$.ship_to"]
    sides: {absent: [b], present: [a]}
    fix: absent
    grows: true
    reason: a port in progress
    owner: orders team
    opened: "2026-11-01"
"""
# A person accepts the row, with words that would like to be Markdown.
LATER_LEDGER: Final = (
    LEDGER.replace("state: open", "state: accepted")
    .replace(
        "title: b leaves", r'title: "| ``` <!-- conformance:end decisions -->\n- [x](y) b leaves'
    )
    .replace("address out\n", 'address out\\u2028\\r\\n\\x0b"\n')
    .replace("reason: a port", "reason: a | b `c` \\| <!-- sha=0123456789ab --> a port")
)


def verified(globs: tuple[str, ...], *, later: bool) -> str:
    """Return what the cell *Last verified* of a claim says."""
    if globs in GLOBS[:2]:
        return str(LATER if later else EARLIER)
    return "not verified"


def _evidence(generated: frozenset[str], *, later: bool) -> DocumentEvidence:
    day, figure = (
        (LATER, "2 of 2 | `x` \\| <!-- sha=0123456789ab -->") if later else (EARLIER, "1 of 2")
    )
    return DocumentEvidence(
        claims=tuple(
            ClaimEvidence(cases=globs, measured=figure, verified=day) for globs in GLOBS[:2]
        ),
        generated=generated,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The folder, and the document in it.

    `generated` are the digests of all that was ever generated here.
    """

    folder: Path
    generated: set[str] = field(default_factory=set)

    @property
    def document(self) -> Path:
        """Return the document's file."""
        return self.folder / "docs/COMPARISON.md"

    @property
    def ledger(self) -> Path:
        """Return the ledger's file."""
        return self.folder / "cases/decisions.yaml"

    @property
    def evidence(self) -> Path:
        """Return the file that the evidence is kept in."""
        return self.folder / "docs/COMPARISON.evidence.ndjson"

    def lay_out(self, document: bytes | None, *, later: bool = False) -> None:
        """Write everything as the world has it; without a document the first sync makes one."""
        contents: dict[Path, bytes | None] = {
            self.folder / "cases/orders.yaml": _SUITE.encode(),
            self.ledger: (LATER_LEDGER if later else LEDGER).encode(),
            self.evidence: evidence_bytes(_evidence(frozenset(self.generated), later=later)),
            self.document: document,
            self.document.parent / "STATE_OF_PLAY.md": None,
        }
        for file, content in contents.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(content)

    def sync(self) -> tuple[Path, ...]:
        """Bring the document up to date."""
        document = with_lower_budget(open_document(self.document, self.ledger))
        written = sync(with_evidence(document, None, LATER))
        self.generated.update(read_evidence(self.evidence).generated)
        return written

    def synced(self, document: bytes | None, *, later: bool = False) -> bytes:
        """Return what a document becomes."""
        self.lay_out(document, later=later)
        self.sync()
        return self.document.read_bytes()

    def bytes(self) -> dict[Path, tuple[bytes, int]]:
        """Return every file with its bytes and the time it was written."""
        files = sorted(file for file in self.folder.rglob("*") if file.is_file())
        return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}
