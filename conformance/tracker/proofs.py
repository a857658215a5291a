"""The evidence that a comparison row names, and what its cells must be shown by it.

These are two small grammars.  *Verified by* has, in code spans, globs over case ids, ids of ledger
rows that are work, and bounds on figures of committed reports: `reports/load.json scenarios_per_s
>= 438`.  The cell of a runtime ends in a comment with what its evidence must show, separated by
`;`: `<!-- shows: flat -->`.  A cell with a figure ends in a comment with the source of the figure:
`<!-- from: reports/load.json scenarios_per_s scenarios/s -->`.
"""

import enum
import re
from typing import Final

from msgspec import Struct

from conformance.tracker.report_records import RELATIONS, Bound

_RELATION: Final = "|".join(sorted(RELATIONS, key=len, reverse=True))
_CODE: Final = re.compile(r"`([^`]+)`")
_ROW: Final = re.compile(r"D-[0-9]{3,}\Z")
_RECORD: Final = re.compile(r"\S+\.json(?=\s|\Z)")
_BOUND: Final = re.compile(
    rf"(?P<file>\S+\.json) (?P<field>\S+) (?P<relation>{_RELATION}) (?P<wanted>\S.*)\Z"
)
_SHOWS: Final = re.compile(r"(?P<text>.*?) ?<!-- shows: (?P<shows>.*?) ?-->\Z", re.DOTALL)
_FROM: Final = re.compile(
    r"(?P<text>.*?) ?<!-- from: (?P<file>\S+) (?P<field>\S+)(?: (?P<unit>\S.*?))? ?-->\Z", re.DOTALL
)
_COMMENTS: Final = re.compile(r" ?<!-- (?:shows|from): .*? ?-->")


class ShownKind(enum.Enum):
    """The kinds of evidence that a cell can require."""

    PASSES = "passes"
    EVERY_CASE = "every case"
    STATUS = "status N"
    SAME_AS = "same as RUNTIME"
    DIFFERS_FROM = "differs from RUNTIME"
    BOUND = "FIGURE >= N"
    FACT = "a fact of a difference"


_FORMS: Final = (
    (ShownKind.PASSES, re.compile(r"(passes)\Z")),
    (ShownKind.EVERY_CASE, re.compile(r"(every case)\Z")),
    (ShownKind.STATUS, re.compile(r"status ([1-5][0-9]{2})\Z")),
    (ShownKind.SAME_AS, re.compile(r"same as (\S.*)\Z")),
    (ShownKind.DIFFERS_FROM, re.compile(r"differs from (\S.*)\Z")),
    (ShownKind.BOUND, re.compile(rf"(\S+ (?:{_RELATION}) \S.*)\Z")),
    (ShownKind.FACT, re.compile(r"(\S.*)\Z")),
)
"""The forms in the order in which they are tried; the last one matches any words."""


class RequiredEvidence(Struct, frozen=True, kw_only=True):
    """One thing that the evidence must show of the runtimes of a column."""

    kind: ShownKind
    value: str
    written: str

    def __str__(self) -> str:
        return repr(self.written)

    @property
    def bound(self) -> Bound:
        """Return the bound that a figure must meet."""
        field, relation, wanted = self.value.split(" ", 2)
        return Bound(field=field, relation=relation, wanted=wanted)


class RecordBound(Struct, frozen=True, kw_only=True):
    """A bound on a figure in the record of a committed report."""

    file: str
    bound: Bound


class Proofs(Struct, frozen=True, kw_only=True):
    """The evidence that a cell *Verified by* names; `unread` are faulty references to reports."""

    cases: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    bounds: tuple[RecordBound, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Return whether the cell names nothing."""
        named = (*self.cases, *self.rows, *self.bounds, *self.unread)
        return not named


class Figure(Struct, frozen=True, kw_only=True):
    """The source of a cell's figure: a record, the name of the figure in it, and its unit."""

    file: str
    field: str
    unit: str


def proofs_of(cell: str) -> Proofs:
    """Return the evidence that the text of a cell *Verified by* names."""
    spans = _CODE.findall(cell.replace("\\|", "|"))
    records = list(filter(_RECORD.match, spans))
    rows = list(filter(_ROW.match, spans))
    bounds = list(map(_BOUND.match, records))
    others = {*records, *rows}
    return Proofs(
        cases=tuple(span for span in spans if span not in others),
        rows=tuple(rows),
        bounds=tuple(map(_record_bound, filter(None, bounds))),
        unread=tuple(span for span, bound in zip(records, bounds, strict=True) if bound is None),
    )


def _record_bound(written: re.Match[str]) -> RecordBound:
    bound = Bound(
        field=written["field"],
        relation=written["relation"],
        wanted=written["wanted"].strip(),
    )
    return RecordBound(file=written["file"], bound=bound)


def shown_by(cell: str) -> tuple[RequiredEvidence, ...]:
    """Return what a cell says that its evidence must show."""
    comment = _SHOWS.match(cell.replace("\\|", "|"))
    if comment is None:
        return ()
    written = map(str.strip, comment["shows"].split(";"))
    return tuple(map(_shown, filter(None, written)))


def _shown(written: str) -> RequiredEvidence:
    for kind, form in _FORMS:
        if match := form.match(written):
            return RequiredEvidence(kind=kind, value=match[1], written=written)
    raise ValueError(written)  # the last form matches any words


def figure_of(cell: str) -> tuple[str, Figure] | None:
    """Return the text of a cell before its comment, and the source of the figure.

    The result is None for a cell without a figure.
    """
    found = _FROM.match(cell)
    if found is None:
        return None
    return found["text"], Figure(file=found["file"], field=found["field"], unit=found["unit"] or "")


def figure_cell(text: str, figure: Figure) -> str:
    """Return the text of a cell with a figure and the comment about its source."""
    unit = f" {figure.unit}" if figure.unit else ""
    return f"{text} <!-- from: {figure.file} {figure.field}{unit} -->"


def without_comments(text: str) -> str:
    """Return a line or a cell without the comments about evidence."""
    return _COMMENTS.sub("", text)
