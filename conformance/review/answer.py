"""The grammar of an answer: text in, claims out, or the word that it is none.

An entry is `WHERE: path:line`, `SEVERITY:` and `CLAIM:`; the same three may come as JSON.
`RETRACT: path:line`, or a claim that takes itself back in words, marks an entry retracted.  `NO
FINDINGS` is an answer; anything else without an entry is nonsense, and never the same as no
findings.  Markdown around the words is passed over.  A program that reads files may end its answer
with `READ: 120 bytes`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.review.claims import Claim, Severity

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


class Answer(Struct, frozen=True, kw_only=True):
    """What a reply says: its claims, and how many entries could not be read."""

    claims: tuple[Claim, ...]
    malformed: int = 0


def read_answer(text: str) -> Answer | None:
    """Return what a reply says, or None where it keeps to no form of the grammar."""
    found = _from_json(text) or _from_text(text)
    if found is None:
        return None
    return replace(found, claims=tuple(map(_judged, found.claims)))


def read_bytes(text: str) -> int | None:
    """Return how many bytes of files a reply says that it read, or None where it does not say."""
    found = _READ.search(text)
    return int(found["bytes"]) if found else None


def _judged(claim: Claim) -> Claim:
    """Mark a claim retracted that takes itself back in its own words."""
    return replace(claim, retracted=True) if _TAKEN_BACK.search(claim.text) else claim


def _from_text(text: str) -> Answer | None:
    claims: list[Claim] = []
    malformed = 0
    for entry in _entries(text):
        claim = _claim(entry.get("where", ""), entry.get("severity", ""), entry.get("claim", ""))
        if claim is None:
            malformed += 1
        else:
            claims.append(claim)
    taken_back = {
        location
        for line in text.splitlines()
        if (found := _RETRACT.match(line)) and (location := _location(found["where"]))
    }
    kept = (
        replace(claim, retracted=True) if (claim.path, claim.line) in taken_back else claim
        for claim in claims
    )
    if not claims and not any(_NOTHING.match(line) for line in text.splitlines()):
        return None
    return Answer(claims=tuple(kept), malformed=malformed)


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Yield the members of each entry.

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


def _from_json(text: str) -> Answer | None:
    for candidate in (text, *_FENCED.findall(text)):
        try:
            document = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        rows = document.get("findings") if isinstance(document, dict) else None
        if isinstance(rows, list):
            claims = [_claim_of_row(row) for row in rows]
            known = tuple(claim for claim in claims if claim is not None)
            return (
                Answer(claims=known, malformed=len(claims) - len(known))
                if known or not rows
                else None
            )
    return None


def _claim_of_row(row: Any) -> Claim | None:
    if not isinstance(row, dict):
        return None
    where, severity, claim = (row.get(name) for name in ("where", "severity", "claim"))
    if not (isinstance(where, str) and isinstance(severity, str) and isinstance(claim, str)):
        return None
    return _claim(where, severity, claim)


def _claim(where: str, severity: str, text: str) -> Claim | None:
    location = _location(where)
    grade = severity.strip(" *`_.[]").upper()
    if location is None or not text.strip() or grade not in Severity.__members__:
        return None
    return Claim(
        path=location[0], line=location[1], severity=Severity[grade], text=" ".join(text.split())
    )


def _location(written: str) -> tuple[str, int] | None:
    found = _LOCATION.match(written.strip(" \t*`_"))
    return (found["path"].strip("` "), int(found["line"])) if found else None
