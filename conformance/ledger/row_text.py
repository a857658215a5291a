"""Ledger rows as YAML, as `decide` writes them and reports show them.

The reader of the ledger accepts this YAML without a change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from conformance.model.decision import Decision, RowCoverage, WorkEvidence
from conformance.model.pin import Pin, PinnedPlace, PinnedValues
from conformance.model.yaml_text import YamlValue, yaml_text, yaml_value
from conformance.safe_text import visible

# More names on one line make a diff in review hard to read
_ON_ONE_LINE: Final = 3
_LINE_CHARACTERS: Final = 110


def row_fields(row: Decision) -> dict[str, YamlValue]:
    """Return the fields of a row in the order of the grammar, without those that are empty."""
    fields: dict[str, YamlValue | None] = {
        "id": row.id,
        "title": visible(row.title),
        "state": row.state.value,
        "kind": row.kind.value,
        "cause": row.cause,
        "code": row.code,
        **covers_fields(row.covers),
        "sides": sides_value(row),
        "fix": row.fix,
        "pin": pin_value(row.pin) if row.pin else None,
        "grows": row.grows or None,
        "evidence": [_evidence_value(evidence) for evidence in row.evidence],
        "options": row.options,
        "reason": row.reason,
        "owner": row.owner,
        "opened": str(row.opened),
        "review_by": str(row.review_by) if row.review_by else None,
        "loc_estimate": row.loc_estimate,
        "commit": row.commit,
    }
    # An estimate of 0 lines is information; an empty text or list is not
    return {name: value for name, value in fields.items() if value or value == 0}


def covers_fields(covers: Sequence[RowCoverage]) -> dict[str, YamlValue]:
    """Return `at` and `where` as two lists, or `where` as places by case if these vary."""
    if len(covers) == 1:
        return {"at": covers[0].places, "where": covers[0].cases}
    by_case: dict[str, YamlValue] = {}
    for covered in covers:
        by_case.update(dict.fromkeys(covered.cases, covered.places))
    return {"where": by_case}


def sides_value(row: Decision) -> YamlValue:
    """Return the sides of a row: runtimes by the name of the side."""
    return {side.name: side.runtimes for side in row.sides}


def pin_value(pin: Pin) -> YamlValue:
    """Return a pin in the form of the grammar."""
    if pin.by_place:
        return {"values": _by_case(pin.by_place)}
    if pin.values:
        return {"values": _combinations(pin.values)}
    if pin.matches is not None:
        return {"matches": pin.matches}
    if pin.order:
        return {"order": True}
    if pin.any:
        return {"any": True}
    bounds = {"absolute": pin.absolute, "relative": pin.relative}
    return {"within": {name: bound for name, bound in bounds.items() if bound is not None}}


def _by_case(places: Iterable[PinnedPlace]) -> dict[str, dict[str, YamlValue]]:
    """Return the combinations by case and place, the same form as that of `where`."""
    by_case: dict[str, dict[str, YamlValue]] = defaultdict(dict)
    for each in places:
        by_case[each.case][each.place] = _combinations(each.values)
    return by_case


def _combinations(values: Iterable[PinnedValues]) -> list[YamlValue]:
    return list(map(_combination, values))


def _combination(values: PinnedValues) -> dict[str, YamlValue]:
    """Return what each side sent: one text, or a list of several."""
    return {side: _sent(texts) for side, texts in values}


def _sent(texts: tuple[str, ...]) -> YamlValue:
    if len(texts) == 1:
        return texts[0]
    return texts


def _evidence_value(evidence: WorkEvidence) -> YamlValue:
    fields: dict[str, YamlValue] = {
        "cases": evidence.cases,
        "runtimes": evidence.runtimes,
        "report": evidence.report,
        "claims": dict(evidence.claims),
        "commit": evidence.commit,
    }
    return {name: value for name, value in fields.items() if value}


def row_lines(fields: Mapping[str, YamlValue]) -> Iterator[str]:
    """Yield the lines of a row as one item of the list `decisions:`."""
    start = "- "
    for name, value in fields.items():
        yield from _member_lines(name, value, start, "  ")
        start = "  "


def _member_lines(name: str, value: YamlValue, start: str, indent: str) -> Iterator[str]:
    """Yield a member on one line; a long one, or one with many parts, has its parts below."""
    key = f"{start}{yaml_text(name)}:"
    line = f"{key} {yaml_value(value)}"
    if isinstance(value, str | int | Decimal) or _short(value, line):
        yield line
        return
    yield key
    below = f"{indent}  "
    if isinstance(value, Mapping):
        for inner, part in value.items():
            yield from _member_lines(inner, part, below, below)
        return
    for item in value:
        yield f"{below}- {yaml_value(item)}"


def _short(value: Sequence[YamlValue] | Mapping[str, YamlValue], line: str) -> bool:
    return len(value) <= _ON_ONE_LINE and len(line) <= _LINE_CHARACTERS
