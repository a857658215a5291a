"""Claims: the rows of comparison tables that say which cases verify them, and the cells that say when they last did.

A table with a column *Last verified* has a column *Verified by*, in which a person writes case globs as code; without
any, no run verifies the row.  *Last verified*, and *Measured* where there is one, are output: such a cell carries a
checksum of its text, so that one that somebody wrote in is told from one that was generated.  *Fresh for*, where there
is one, is for how many days a claim stays good.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from conformance.errors import Place, Problem
from conformance.safe_text import markdown
from conformance.tracker.evidence import ClaimEvidence
from conformance.tracker.markdown_file import Cell, MarkdownFile, Table, cells_of, checksum, with_cell
from conformance.wording import plural

VERIFIED: Final = "last verified"
VERIFIED_BY: Final = "verified by"
MEASURED: Final = "measured"
FRESH_FOR: Final = "fresh for"
NOT_VERIFIED: Final = "not verified"

_STAMP: Final = re.compile(r"(?P<text>.*?) ?<!-- sha=(?P<sha>[0-9a-f]{12}) -->\Z", re.DOTALL)
_STAMP_ANYWHERE: Final = re.compile(r" ?<!-- sha=[0-9a-f]{12} -->")
_CODE: Final = re.compile(r"`([^`]+)`")
_DAYS: Final = re.compile(r"([0-9]{1,4}) days?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One row: its line, the globs of the cases that verify it, for how long, and its generated cells by column."""

    index: int
    place: Place
    cases: tuple[str, ...]
    fresh_days: int | None
    cells: Mapping[str, Cell]


def claims_of(file: MarkdownFile) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    """Return the claims of a document, and what is wrong with its tables."""
    claims: list[Claim] = []
    problems: list[Problem] = []
    for table in file.tables:
        columns = [text.lower() for text in table.header]
        if VERIFIED not in columns:
            continue
        if VERIFIED_BY not in columns:
            what = "a table with a column 'Last verified' needs one 'Verified by', with case globs in code"
            problems.append(Problem(file.place(table.begin), what))
            continue
        for found in _claims(file, table, columns):
            (claims if isinstance(found, Claim) else problems).append(found)  # type: ignore[arg-type]
    return tuple(claims), tuple(problems)


def _claims(file: MarkdownFile, table: Table, columns: list[str]) -> Iterator[Claim | Problem]:
    for index in table.rows:
        place, cells = file.place(index), cells_of(file.lines[index])
        if len(cells) != len(columns):
            advice = "write a bar in a cell as \\|, in code too"
            yield Problem(
                place, f"wanted {plural(len(columns), 'cell')}, as the header has; got {len(cells)}: {advice}"
            )
            continue
        by_column = dict(zip(columns, cells, strict=True))
        fresh = by_column[FRESH_FOR].text if FRESH_FOR in by_column else ""
        days = _DAYS.match(fresh)
        if fresh not in {"", "-", "—"} and days is None:
            yield Problem(place, f"wanted days such as '30 days' in 'Fresh for', got {fresh!r}")
            continue
        yield Claim(
            index=index,
            place=place,
            cases=tuple(_CODE.findall(by_column[VERIFIED_BY].text.replace("\\|", "|"))),
            fresh_days=int(days[1]) if days else None,
            cells={name: cell for name, cell in by_column.items() if name in {VERIFIED, MEASURED}},
        )


def edited_cells(claim: Claim) -> Iterable[str]:
    """Return the columns whose cell somebody has written in since it was generated."""
    return [name for name, cell in claim.cells.items() if not _generated(cell.text)]


def _generated(text: str) -> bool:
    if text in {"", "-", "—"}:
        return True
    found = _STAMP.match(text)
    return found is not None and checksum(found["text"]) == found["sha"]


def rendered_row(line: str, claim: Claim, evidence: ClaimEvidence | None) -> str:
    """Return the line of a claim with its generated cells as the evidence has them."""
    texts = {VERIFIED: verified_text(evidence), MEASURED: evidence.measured if evidence else ""}
    for name, cell in sorted(claim.cells.items(), key=lambda entry: entry[1].start, reverse=True):
        shown = markdown(texts[name])
        line = with_cell(line, cell, f"{shown} <!-- sha={checksum(shown)} -->".lstrip())
    return line


def without_stamps(line: str) -> str:
    """Return a line without the checksums of its cells."""
    return _STAMP_ANYWHERE.sub("", line)


def verified_text(evidence: ClaimEvidence | None) -> str:
    """Return what the cell *Last verified* says."""
    if evidence is None:
        return NOT_VERIFIED
    verified = str(evidence.verified or NOT_VERIFIED)
    return f"{verified}, red since {evidence.red_since}" if evidence.red_since else verified
