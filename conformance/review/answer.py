"""The grammar of an answer of a reviewer: text in, claims out, or None for a malformed answer.

An entry has `WHERE: path:line`, `SEVERITY:` and `CLAIM:`; the same three may come as JSON.
`RETRACT: path:line` marks an entry retracted, and so does a claim that withdraws itself in words.
`NO FINDINGS` is a valid answer. Any other text without an entry is malformed, which is never the
same as no findings. Markdown around the words is ignored. A program that reads files may end its
answer with `READ: 120 bytes`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from conformance.review.claims import ReviewClaim, Severity

_DECORATION: Final = r"[\s>*#`_-]{0,12}"
_ENTRY: Final = re.compile(
    rf"{_DECORATION}WHERE[`*_]{{0,3}}\s*:[`*_]{{0,3}}(?P<where>.*)\Z", re.IGNORECASE
)
_RETRACT: Final = re.compile(
    rf"{_DECORATION}RETRACT(?:ED)?[`*_]{{0,3}}\s*:[`*_]{{0,3}}(?P<where>.*)\Z", re.IGNORECASE
)
_MEMBER: Final = re.compile(
    rf"{_DECORATION}(?P<name>SEVERITY|CLAIM)[`*_]{{0,3}}\s*:[`*_]{{0,3}}(?P<rest>.*)\Z",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(rf"{_DECORATION}NO FINDINGS[.`*_]{{0,3}}\s*\Z", re.IGNORECASE)
_READ: Final = re.compile(r"^READ: (?P<bytes>[0-9]{1,15}) bytes?$", re.MULTILINE)
_LOCATION: Final = re.compile(r"(?P<path>.+?):L?(?P<line>[0-9]{1,9})(?:\W.*)?\Z")
_FENCED: Final = re.compile(r"```(?:json)?\n(.*?)```", re.DOTALL)
_TAKEN_BACK: Final = re.compile(
    r"(?i)\b(?:i (?:retract|withdraw)|retracting|scratch that|never ?mind|false (?:alarm|positive)"
    r"|on (?:re-?reading|second (?:look|thought|reading))[^.]{0,80}?"
    r"\b(?:fine|correct|safe|ok|okay|no (?:bug|defect|issue|problem))"
    r"|not (?:actually )?an? (?:real )?(?:bug|defect|issue|problem) after all)\b"
)


class _JsonEntry(Struct, frozen=True):
    """One entry of a JSON answer."""

    where: str
    severity: str
    claim: str


class ReviewAnswer(Struct, frozen=True, kw_only=True):
    """A parsed reply: its claims, and the number of malformed entries."""

    claims: tuple[ReviewClaim, ...]
    malformed: int = 0


def read_answer(text: str) -> ReviewAnswer | None:
    """Return a reply, parsed; None if it does not follow the grammar."""
    answer = _from_json(text) or _from_text(text)
    if answer is None:
        return None
    return replace(answer, claims=tuple(map(_judged, answer.claims)))


def read_bytes(text: str) -> int | None:
    """Return the number of bytes that a reply says were read from files; None if it says none."""
    found = _READ.search(text)
    return int(found["bytes"]) if found else None


def _judged(claim: ReviewClaim) -> ReviewClaim:
    """Return the claim, marked as retracted if its own words withdraw it."""
    return replace(claim, retracted=True) if _TAKEN_BACK.search(claim.text) else claim


def _from_text(text: str) -> ReviewAnswer | None:
    entries = list(_entries(text))
    claims = list(filter(None, map(_claim_of_entry, entries)))
    lines = text.splitlines()
    if not claims and not any(map(_NOTHING.match, lines)):
        return None
    retractions = filter(None, map(_RETRACT.match, lines))
    taken_back = {_location(retraction["where"]) for retraction in retractions}
    kept = [
        replace(claim, retracted=True) if (claim.path, claim.line) in taken_back else claim
        for claim in claims
    ]
    return ReviewAnswer(claims=tuple(kept), malformed=len(entries) - len(claims))


def _claim_of_entry(entry: Mapping[str, str]) -> ReviewClaim | None:
    return _claim(entry.get("where", ""), entry.get("severity", ""), entry.get("claim", ""))


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Yield the members of each entry by lower-case name.

    A claim goes on until the next entry, retraction or blank line.
    """
    entry: dict[str, str] | None = None
    open_claim = False
    for line in text.splitlines():
        if found := _ENTRY.match(line):
            if entry is not None:
                yield entry
            entry, open_claim = {"where": found["where"]}, False
        elif entry is not None and (member := _MEMBER.match(line)):
            name = member["name"].lower()
            entry[name], open_claim = member["rest"].strip(), name == "claim"
        elif not line.strip() or _RETRACT.match(line):
            open_claim = False
        elif entry is not None and open_claim:
            entry["claim"] += " " + line.strip()
    if entry is not None:
        yield entry


def _from_json(text: str) -> ReviewAnswer | None:
    candidates = map(_rows_of_json, (text, *_FENCED.findall(text)))
    rows = next((rows for rows in candidates if rows is not None), None)
    if rows is None:
        return None
    claims = tuple(filter(None, map(_claim_of_row, rows)))
    if rows and not claims:
        return None  # rows of another grammar, which is not the same as no findings
    return ReviewAnswer(claims=claims, malformed=len(rows) - len(claims))


def _rows_of_json(text: str) -> list[Any] | None:
    """Return the list `findings` of a JSON object; None for any other text."""
    try:
        rows = json.loads(text)["findings"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return rows if isinstance(rows, list) else None


def _claim_of_row(row: Any) -> ReviewClaim | None:
    try:
        entry = msgspec.convert(row, _JsonEntry)
    except msgspec.ValidationError:
        return None
    return _claim(entry.where, entry.severity, entry.claim)


def _claim(where: str, severity: str, text: str) -> ReviewClaim | None:
    location = _location(where)
    grade = severity.strip(" *`_.[]").upper()
    words = text.split()
    if location is None or not words or grade not in Severity.__members__:
        return None
    path, line = location
    return ReviewClaim(path=path, line=line, severity=Severity[grade], text=" ".join(words))


def _location(written: str) -> tuple[str, int] | None:
    found = _LOCATION.match(written.strip(" \t*`_"))
    return (found["path"].strip("` "), int(found["line"])) if found else None
