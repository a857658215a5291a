"""Whether the evidence of a runtime shows what the cell of this runtime says.

Each cell of a runtime names what its evidence must show.  If two cells say different things and
each would also be true under the header of the other, both are refused: the evidence must separate
them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, combinations, filterfalse
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.tracker.claims import NOTHING_SAID, Columns, DocumentClaim, RuntimeCell
from conformance.tracker.evidence import ClaimEvidence, ShownByRuntime
from conformance.tracker.page import Basis
from conformance.tracker.proofs import RequiredEvidence, ShownKind
from conformance.tracker.rendered_text import plain, rendered
from conformance.tracker.report_records import ReportRecord
from conformance.wording import plural

_OTHERWISE: Final = re.compile(
    r"(?:\b(?:not|no|never|neither|different(?:ly)?|differs?|unlike|otherwise)\b|n't\b)",
    re.IGNORECASE,
)
"""Words that contradict `same as`; other ways to say so are not detected."""
_RUNTIME: Final = attrgetter("runtime")
_NO_OTHER: Final = "{} was compared with no other runtime of that name"
_EXAMPLE: Final = "end it with <!-- shows: … -->, such as <!-- shows: passes -->"


def cell_problems(claim: DocumentClaim, basis: Basis, columns: Columns) -> tuple[str, ...]:
    """Return the problems of the cells of runtimes in a row."""
    row = _row_of(claim, basis, columns)
    problems: list[str] = []
    for cell in claim.runtimes:
        problems += _unbound(cell)
        problems += row.unshown(cell, cell.header)
    # Wrong cells need no test under the header of another cell
    if problems:
        return tuple(problems)
    return tuple(_exchangeable(claim.runtimes, row))


def _row_of(claim: DocumentClaim, basis: Basis, columns: Columns) -> "_Row":
    evidence = basis.shown(claim) or ClaimEvidence(cases=())
    records = {name: basis.records.record(name) for name in basis.records_of(claim)}
    return _Row(
        evidence=evidence.runtimes,
        count=evidence.count,
        records=records,
        columns=columns,
        rests_on_cases=bool(basis.cases(claim)),
    )


def _unbound(cell: RuntimeCell) -> Iterator[str]:
    """Yield a problem if a cell names no evidence, or its words contradict its evidence."""
    # The comment of a figure names its report, and a dash says nothing
    says_something = cell.figure is None and cell.text not in NOTHING_SAID
    if says_something and not cell.shows:
        yield f"the cell of {cell.header} does not say what its evidence must show: {_EXAMPLE}"
    for wanted in cell.shows:
        if wanted.kind in _AGAINST_WORDS:
            yield from _AGAINST_WORDS[wanted.kind](cell, wanted)


def _denied(cell: RuntimeCell, wanted: RequiredEvidence) -> Iterator[str]:
    denial = _OTHERWISE.search(rendered(cell.text))
    if denial:
        yield f"the cell of {cell.header} shows {wanted}, and its words say {denial[0]!r}"


def _unwritten(cell: RuntimeCell, wanted: RequiredEvidence) -> Iterator[str]:
    # A reader sees the words, not the comment after them
    is_written = plain(wanted.value).lower() in plain(cell.text).lower()
    if cell.text and not is_written:
        yield (
            f"the cell of {cell.header} shows {wanted}, and its words do not: write "
            f"{wanted.value!r} there, too"
        )


_AGAINST_WORDS: Final = {ShownKind.SAME_AS: _denied, ShownKind.FACT: _unwritten}
"""How the words of a cell are compared with what it must show, by kind."""


def _exchangeable(cells: Sequence[RuntimeCell], row: "_Row") -> Iterator[str]:
    """Yield the pairs of cells that say different things and would pass under swapped headers."""
    # No runtime has answered yet, so any header would pass
    if row.rests_on_cases and not row.evidence:
        return
    for cell, other in combinations(cells, 2):
        is_same = (cell.text, cell.figure) == (other.text, other.figure)
        if is_same:
            continue
        is_told_apart = row.unshown(cell, other.header) or row.unshown(other, cell.header)
        if is_told_apart:
            continue
        yield (
            f"the cells of {cell.header} and {other.header} say different things, and "
            "exchanged they would pass "
            "too: add to `shows` what tells them apart"
        )


class _Row(Struct, frozen=True, kw_only=True):
    """The evidence of a row: by runtime, from `count` cases, and the report records by name."""

    evidence: Sequence[ShownByRuntime]
    count: int
    records: Mapping[str, ReportRecord]
    columns: Columns
    rests_on_cases: bool

    def named(self, header: str) -> list[ShownByRuntime]:
        """Return the runtimes of the evidence that a header stands for."""
        stands_for = partial(self.columns.stands_for, header)
        return [each for each in self.evidence if stands_for(each.runtime, each.language)]

    def unshown(self, cell: RuntimeCell, header: str) -> tuple[str, ...]:
        """Return what a cell says that the evidence of the header's runtimes does not show."""
        if cell.figure is None:
            unshown = (self._of_cell(wanted, header) for wanted in cell.shows)
            return tuple(chain.from_iterable(unshown))
        record = self.records.get(cell.figure.file)
        # A missing record is reported once for the row
        if record is None:
            return ()
        wrong = self._another_runtimes(record, cell.figure.field, header)
        if not wrong:
            return ()
        return (f"the cell of {header}: {wrong}",)

    def _of_cell(self, wanted: RequiredEvidence, header: str) -> Iterator[str]:
        if wanted.kind is ShownKind.BOUND:
            yield from self._unbounded(wanted, header)
            return
        says = f"the cell of {header} says {wanted}"
        # A header may stand for a runtime, or for all of a language
        own = self.named(header)
        if not self.rests_on_cases:
            yield f"{says}: that is shown by cases, and 'Verified by' names none"
        elif self.evidence and not own:
            answered = ", ".join(map(_RUNTIME, self.evidence))
            yield f"{says}: no such runtime answered these cases; {answered} did"
        rule = _HOLDS[wanted.kind]
        for runtime in own:
            wrong = rule(self, wanted.value, runtime)
            if wrong:
                yield f"{says}: {wrong}"

    def _unbounded(self, wanted: RequiredEvidence, header: str) -> Iterator[str]:
        """Yield a problem if a figure breaks its bound, is another runtime's, or is in no report.

        Only the reports that the row names count.
        """
        bound = wanted.bound
        holding = self._records_with(bound.field)
        if not holding:
            where = " and ".join(self.records) or "no report that 'Verified by' names"
            yield f"the cell of {header} says {bound}: {where} has no such figure"
        for record in holding:
            wrong = record.wrong(bound) or self._another_runtimes(record, bound.field, header)
            if wrong:
                yield f"the cell of {header}: {wrong}"

    def _records_with(self, field: str) -> list[ReportRecord]:
        """Return the records of the row that have a figure."""
        return [record for record in self.records.values() if record.figure(field) is not None]

    def _another_runtimes(self, record: ReportRecord, field: str, header: str) -> str:
        """Return that a figure is not of the header's runtimes; an empty text if it is."""
        runtime = record.runtime_of(field)
        if not runtime:
            return (
                f"{record.name} does not say whose figure {field} is: its record needs a "
                "member `runtime`"
            )
        language = self.columns.languages.get(runtime)
        if self.columns.stands_for(header, runtime, language):
            return ""
        return f"{record.name}: {field} is a figure of {runtime}, not of {header}"


_Rule = Callable[[_Row, str, ShownByRuntime], str]
"""Returns why a runtime does not show what a cell requires; an empty text if it does."""


def _passes(_row: _Row, _wanted: str, runtime: ShownByRuntime) -> str:
    if runtime.passed:
        return ""
    return f"not every case of {runtime.runtime} passed in the last run"


def _every_case(row: _Row, _wanted: str, runtime: ShownByRuntime) -> str:
    if runtime.cases == row.count:
        return ""
    return f"{runtime.runtime} was asked {runtime.cases} of {plural(row.count, 'case')}"


def _status(_row: _Row, wanted: str, runtime: ShownByRuntime) -> str:
    if runtime.statuses == (int(wanted),):
        return ""
    answered = ", ".join(map(str, runtime.statuses)) or "nothing"
    return f"{runtime.runtime} answered {answered}"


def _same(row: _Row, wanted: str, runtime: ShownByRuntime) -> str:
    others = _others(row, wanted, runtime)
    if not others:
        return _NO_OTHER.format(runtime.runtime)
    # It is unknown whether a pair that was not compared is the same
    apart = list(filterfalse(runtime.same_as.__contains__, others))
    if not apart:
        return ""
    return f"{runtime.runtime} differs from {', '.join(apart)}, or was not compared with it"


def _different(row: _Row, wanted: str, runtime: ShownByRuntime) -> str:
    others = _others(row, wanted, runtime)
    if not others:
        return _NO_OTHER.format(runtime.runtime)
    alike = list(filterfalse(runtime.differs_from.__contains__, others))
    if not alike:
        return ""
    return f"{runtime.runtime} does not differ from {', '.join(alike)}"


def _others(row: _Row, wanted: str, runtime: ShownByRuntime) -> list[str]:
    """Return the runtimes that a name stands for, except the given one."""
    named = map(_RUNTIME, row.named(wanted))
    return [name for name in named if name != runtime.runtime]


def _fact(row: _Row, wanted: str, runtime: ShownByRuntime) -> str:
    if wanted in runtime.facts:
        return ""
    facts = ", ".join(map(repr, runtime.facts)) or "no fact of a difference"
    says = f"{runtime.runtime} showed {facts}"
    showing = [each.runtime for each in row.evidence if wanted in each.facts]
    if not showing:
        return says
    return f"{says}; {', '.join(showing)} showed it: are the cells exchanged?"


_HOLDS: Final[dict[ShownKind, _Rule]] = {
    ShownKind.PASSES: _passes,
    ShownKind.EVERY_CASE: _every_case,
    ShownKind.STATUS: _status,
    ShownKind.SAME_AS: _same,
    ShownKind.DIFFERS_FROM: _different,
    ShownKind.FACT: _fact,
}
