"""The report of the changes between two runs: for a terminal, as Markdown, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

import msgspec

from conformance.changes.change import CaseChange, ChangeCause, ChangeKind, RunChanges
from conformance.grouped import grouped
from conformance.model.verdict import Verdict
from conformance.reporting import phrases
from conformance.reporting.cause_lines import sent_lines
from conformance.reporting.json_report import printed_json
from conformance.reporting.markdown import markdown_template
from conformance.reporting.terminal import Line, Style, View
from conformance.safe_text import visible

FORMAT: Final = 1
# About what a terminal shows at once
SHOWN_CASES: Final = 20
# GitHub refuses a comment of more than 65,536 characters; the action writes a line before it
_COMMENT_BYTES: Final = 60_000
# More would hardly fit a comment; both are halved until it does
_MARKDOWN_CASES: Final = 200
_MARKDOWN_CAUSES: Final = 100
_STYLES: Final[dict[ChangeKind, Style]] = {
    ChangeKind.REGRESSED: "bold red",
    ChangeKind.REOPENED: "bold red",
    ChangeKind.NEW: "bold yellow",
    ChangeKind.FIXED: "bold green",
    ChangeKind.GONE: "dim",
}


def changes_lines(changes: RunChanges) -> Iterator[Line]:
    """Yield the changes line by line: the worst kind first, grouped by cause within a kind."""
    yield f"from {changes.base.run_id} · commit {changes.base.commit or 'unknown'}", "dim"
    yield f"to   {changes.head.run_id} · commit {changes.head.commit or 'unknown'}", "dim"
    yield f"the newer run: {visible(changes.verdict)}", ""
    for failure in changes.guard_failures:
        yield visible(failure), "bold red"
    causes = grouped(changes.causes, lambda cause: cause.kind)
    bare = grouped(changes.bare, lambda change: change.kind)
    for kind, count in changes.occurring.items():
        yield "", ""
        yield f"{kind.value}: {phrases.plural(count, 'case')}", _STYLES[kind]
        yield from chain.from_iterable(map(_cause_lines, causes.get(kind, ())))
        yield from _case_lines(bare.get(kind, []))
    yield "", ""
    for warning in changes.warnings:
        yield f"warning: {visible(warning)}", "yellow"
    yield totals(changes), ""
    yield outcome(changes), "bold red" if changes.red else "bold green"


def _cause_lines(cause: ChangeCause) -> Iterator[Line]:
    group, example = cause.group, cause.group.examples[0]
    yield f"  {visible(group.title)} — in {phrases.plural(group.cases, 'case')}{decided(cause)}", ""
    yield f"    {visible(phrases.sides(group))}", ""
    places = dict.fromkeys(signature.path for signature in group.signatures)
    yield f"    at {', '.join(map(visible, list(places)[:5]))}", ""
    yield f"    for example {example.case_id}", ""
    yield from sent_lines(example.finding, "      ", View(everything=True))


def decided(cause: ChangeCause) -> str:
    """Return the decisions about a cause as the end of a sentence; empty if there are none."""
    if not cause.group.decisions:
        return ""
    names = phrases.names(cause.group.decisions)
    if cause.kind is ChangeKind.REOPENED:
        return f": it reopens {names}"
    return f", decided in {names}"


def _case_lines(bare: Sequence[CaseChange]) -> Iterator[Line]:
    """Yield a line for each change without a finding, and the number of those left out."""
    for change in bare[:SHOWN_CASES]:
        why = f": {visible(change.reason)}" if change.reason else ""
        yield f"  {change.case_id}  {became(change)}{why}", ""
    if len(bare) > SHOWN_CASES:
        yield f"  … and {len(bare) - SHOWN_CASES} more; --json holds them", "dim"


def became(change: CaseChange) -> str:
    """Return the verdicts of a case in the two runs, as `passed → failed`."""
    return f"{_named(change.was)} → {_named(change.now)}"


def _named(verdict: Verdict | None) -> str:
    return verdict.value if verdict else "not there"


def totals(changes: RunChanges) -> str:
    """Return the number of changes of each kind and of unchanged cases, as one line."""
    unchanged = f"{phrases.plural(changes.unchanged, 'case')} unchanged"
    return " · ".join([*_counted(changes.occurring), unchanged])


def outcome(changes: RunChanges) -> str:
    """Return the last line: whether anything is worse, and what."""
    if not changes.red:
        return "NOTHING REGRESSED"
    worse = _counted(changes.worse)
    if changes.guard_failures:
        worse.append(f"{phrases.plural(len(changes.guard_failures), 'guarded thing')} changed")
    if not changes.finished:
        worse.append("the newer run did not finish")
    return f"WORSE: {', '.join(worse)}"


def _counted(counts: Mapping[ChangeKind, int]) -> list[str]:
    return [f"{count} {kind.value}" for kind, count in counts.items()]


def changes_markdown(changes: RunChanges) -> str:
    """Return the changes as Markdown for a pull request.

    The verdict of the newer run comes first. The lists are cut until the text fits into a comment,
    and the text says how much is left out.
    """
    causes, bare = _MARKDOWN_CAUSES, _MARKDOWN_CASES
    while True:
        text = _changes_markdown(changes, causes, bare)
        if len(text.encode()) <= _COMMENT_BYTES or not causes + bare:
            return text
        causes, bare = causes // 2, bare // 2


def _changes_markdown(changes: RunChanges, most_causes: int, most_bare: int) -> str:
    return markdown_template("conformance.changes", "changes.md.j2").render(
        changes=changes,
        kinds=list(changes.occurring),
        outcome=outcome(changes),
        totals=totals(changes),
        guard_failures=changes.guard_failures[:SHOWN_CASES],
        more_guard_failures=len(changes.guard_failures[SHOWN_CASES:]),
        causes=changes.causes[:most_causes],
        more_causes=len(changes.causes[most_causes:]),
        bare=changes.bare[:most_bare],
        more_bare=len(changes.bare[most_bare:]),
        decided=decided,
        became=became,
    )


def changes_json(changes: RunChanges) -> bytes:
    """Return the changes as one JSON object.

    `format` increases when the meaning of a member changes.
    """
    plain = {
        "format": FORMAT,
        "red": changes.red,
        "outcome": outcome(changes),
        "verdict": changes.verdict,
        "guard_failures": list(changes.guard_failures),
        "base": changes.base.run_id,
        "head": changes.head.run_id,
        "counts": {kind.value: count for kind, count in changes.counts.items()},
        "unchanged": changes.unchanged,
        "causes": [
            {
                "kind": cause.kind.value,
                **msgspec.to_builtins(cause.group),
                "signatures": [str(signature) for signature in cause.group.signatures],
            }
            for cause in changes.causes
        ],
        "cases": [_case_row(change) for change in changes.cases],
        "more_cases": changes.more_cases,
        "warnings": list(changes.warnings),
    }
    return printed_json(plain)


def _case_row(change: CaseChange) -> dict[str, object]:
    signatures = chain.from_iterable(finding.signatures for finding in change.findings)
    return {
        "kind": change.kind.value,
        "case": change.case_id,
        "was": change.was,
        "now": change.now,
        "reason": change.reason,
        "signatures": list(map(str, signatures)),
        "decisions": list(chain.from_iterable(change.decisions)),
    }
