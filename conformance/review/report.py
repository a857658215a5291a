"""The report of a tallied review in Markdown and JSON; the same record gives the same bytes."""

from typing import Any, Final

import msgspec

from conformance.reporting.markdown import markdown_template
from conformance.review.bundles import WARN_BYTES, oversize
from conformance.review.claims import Point, ReviewTally
from conformance.review.record import ReviewRecord
from conformance.review.tally import NEAR_LINES
from conformance.wording import plural

FORMAT: Final = 1


def review_markdown(record: ReviewRecord, tally: ReviewTally) -> str:
    """Return the report as Markdown."""
    return markdown_template("conformance.review", "review.md.j2").render(
        record=record,
        tally=tally,
        outcome=outcome(tally),
        oversize=oversize(record.bundles, WARN_BYTES) if record.header.text_is_read else (),
        near_lines=NEAR_LINES,
    )


def review_json(record: ReviewRecord, tally: ReviewTally) -> bytes:
    """Return the tally as indented JSON that ends with a line break."""
    plain: dict[str, Any] = {
        "format": FORMAT,
        "outcome": outcome(tally),
        "complete": record.complete,
        "review": msgspec.to_builtins(record.header),
        "components": msgspec.to_builtins(tally.components),
        "reviewers": [
            {**msgspec.to_builtins(reviewer), "answered": reviewer.answered}
            for reviewer in tally.reviewers
        ],
        "points": [_point(point) for point in tally.points],
        "retracted": [_point(point) for point in tally.retracted],
        "unanchored": msgspec.to_builtins(tally.unanchored),
        "bundles": [
            {"id": bundle.id, "size_bytes": bundle.size_bytes, "paths": sorted(bundle.anchors)}
            for bundle in record.bundles
        ],
    }
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


def _point(point: Point) -> dict[str, Any]:
    return {
        **msgspec.to_builtins(point),
        "convergent": point.convergent,
        "severity": point.severity.value,
        "lineages": sorted(point.lineages),
    }


def outcome(tally: ReviewTally) -> str:
    """Return the outcome of a review in one line."""
    if tally.unreviewed:
        return f"UNREVIEWED: nobody gave a usable answer to {', '.join(tally.unreviewed)}"
    if tally.blocked:
        points = "place" if len(tally.blocked) == 1 else "places"
        return (
            f"BLOCKED: at {len(tally.blocked)} {points} distinct lineages agree, and one of "
            "them blocks"
        )
    return "NOT BLOCKED: no place at which distinct lineages agree and one of them blocks"


def tally_lines(tally: ReviewTally) -> list[str]:
    """Return the lines for a terminal: one for each component and each reviewer."""
    lines = [
        f"{each.name} → {each.convergent} convergent / {each.distinct} distinct"
        for each in tally.components
    ]
    for reviewer in tally.reviewers:
        tokens = (
            "" if reviewer.reply_tokens is None else f", {plural(reviewer.reply_tokens, 'token')}"
        )
        lines.append(
            f"  {reviewer.name} ({reviewer.lineage}): answered {reviewer.answered} of "
            f"{reviewer.asked}, {plural(reviewer.claims, 'claim')}, "
            f"{plural(reviewer.reply_characters, 'character')}{tokens}"
        )
        lines += [f"    failed at {failure.bundle}: {failure.why}" for failure in reviewer.failures]
    return lines
