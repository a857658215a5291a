"""Ledger rows as YAML, as `explain` and `run --propose` show them; the ledger's reader takes them as they are."""

from collections.abc import Iterable, Iterator

from conformance.model.decision import Decision
from conformance.model.yaml_text import yaml_text
from conformance.reporting.safe_text import visible


def row_lines(row: Decision) -> Iterator[str]:
    """Yield a row line by line, as an item of the list `decisions:`; optional fields only where they say something."""
    yield f"- id: {row.id}"
    yield f"  title: {yaml_text(visible(row.title))}"
    yield f"  state: {row.state.value}"
    yield f"  kind: {row.kind.value}"
    if len(row.where) == 1:
        yield f"  where: [{yaml_text(row.where[0])}]"
    else:
        yield "  where:"
        yield from (f"    - {yaml_text(glob)}" for glob in row.where)
    yield f"  signature: {yaml_text(str(row.signature))}"
    yield f"  odd: {_names(row.odd)}"
    yield f"  rest: {_names(row.rest)}"
    yield f"  reason: {yaml_text(row.reason)}"
    yield f"  owner: {yaml_text(row.owner)}"
    yield f'  opened: "{row.opened}"'
    if row.review_by is not None:
        yield f'  review_by: "{row.review_by}"'
    if row.loc_estimate is not None:
        yield f"  loc_estimate: {row.loc_estimate}"
    if row.commit is not None:
        yield f"  commit: {yaml_text(row.commit)}"


def _names(runtimes: Iterable[str]) -> str:
    """Return names of runtimes as a list; one such as `1` or `no` is quoted."""
    return f"[{', '.join(map(yaml_text, runtimes))}]"


def proposal_text(rows: Iterable[Decision]) -> str:
    """Return a ledger file of proposed rows; a difference that YAML cannot name is a comment."""
    lines = [
        "# Rows for the differences of this run that are in no decision. Move those that you decide on into the",
        "# ledger, and write what stands at TODO.",
    ]
    written: list[str] = []
    for row in rows:
        try:
            written += [f"  {line}" for line in row_lines(row)]
        except ValueError as error:
            lines.append(f"# {row.id} is left out: {visible(str(row.signature))}: {error}")
    lines += ["decisions:", *written] if written else ["decisions: []"]
    return "\n".join(lines) + "\n"
