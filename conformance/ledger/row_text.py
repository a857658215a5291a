"""Ledger rows as YAML, as `explain` and `run --propose` show them; the ledger's reader takes them as they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from conformance.model.decision import Decision
from conformance.model.yaml_text import YamlValue, yaml_value
from conformance.safe_text import visible

_ON_ONE_LINE: Final = 3


def row_fields(row: Decision) -> dict[str, YamlValue]:
    """Return the fields of a row in the order of the grammar; optional ones only where they say something."""
    optional: dict[str, YamlValue | None] = {
        "review_by": str(row.review_by) if row.review_by else None,
        "loc_estimate": row.loc_estimate,
        "commit": row.commit,
    }
    return {
        "id": row.id,
        "title": visible(row.title),
        "state": row.state.value,
        "kind": row.kind.value,
        "where": row.where,
        "signature": str(row.signature),
        "odd": row.odd,
        "rest": row.rest,
        "reason": row.reason,
        "owner": row.owner,
        "opened": str(row.opened),
        **{name: value for name, value in optional.items() if value is not None},
    }


def row_lines(fields: Mapping[str, YamlValue]) -> Iterator[str]:
    """Yield the fields of a row line by line, as an item of the list `decisions:`."""
    for number, (name, value) in enumerate(fields.items()):
        start = f"{'- ' if not number else '  '}{name}:"
        if isinstance(value, str | int) or len(value) <= _ON_ONE_LINE:
            yield f"{start} {yaml_value(value)}"
        else:
            yield start
            yield from (f"    - {yaml_value(item)}" for item in value)


def proposal_text(rows: Iterable[Decision]) -> str:
    """Return a ledger file of proposed rows; a difference that YAML cannot name is a comment."""
    lines = [
        "# Rows for the differences of this run that are undecided. Move those that you decide on into the",
        "# ledger, and write what stands at TODO.",
    ]
    written: list[str] = []
    for row in rows:
        try:
            written += [f"  {line}" for line in row_lines(row_fields(row))]
        except ValueError as error:
            lines.append(f"# {row.id} is left out: {visible(str(row.signature))}: {error}")
    lines += ["decisions:", *written] if written else ["decisions: []"]
    return "\n".join(lines) + "\n"
