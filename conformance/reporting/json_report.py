"""The report as one JSON object, for scripts.

`format` increases when the meaning of a member changes.
"""

from typing import Any, Final

import msgspec

from conformance.model.report import RunReport
from conformance.reporting import phrases, run_phrases
from conformance.safe_text import visible_json

FORMAT: Final = 2


def json_report(report: RunReport) -> bytes:
    """Return the report as UTF-8 JSON, indented, with a line break at the end."""
    plain: dict[str, Any] = {
        "format": FORMAT,
        "red": report.red,
        "outcome": run_phrases.outcome(report),
        "headline": {
            "text": run_phrases.headline(report.headline),
            **msgspec.to_builtins(report.headline),
        },
        "counts": {verdict.value: count for verdict, count in report.counts.items()},
        "suites": msgspec.to_builtins(report.suites),
        "run": msgspec.to_builtins(report.header, order="sorted"),
        "finished": msgspec.to_builtins(report.footer),
        "runtimes": msgspec.to_builtins(report.runtimes),
        "pairs": msgspec.to_builtins(report.pairs),
        "groups": [
            {
                **msgspec.to_builtins(group),
                "examples": msgspec.to_builtins(
                    group.examples if at < phrases.CAUSES_IN_FULL else ()
                ),
                "says": phrases.sides(group),
                "signatures": [str(signature) for signature in group.signatures],
            }
            for at, group in enumerate(report.groups)
        ],
        "cases": msgspec.to_builtins(report.cases),
        "more_cases": report.more_cases,
        "ledger": msgspec.to_builtins(report.rows),
        "decisions": [
            {**msgspec.to_builtins(decision), "about": decision.about}
            for decision in report.decisions
        ],
        "not_checked": msgspec.to_builtins(report.gaps),
        "nothing_proved": report.nothing_proved,
        "warnings": list(report.warnings),
    }
    plain["run"].pop("unselected", None)
    if report.footer is not None:
        del plain["finished"]["evidence"]
    return printed_json(
        plain, indent=1
    )  # with an indent of two, more than half of a large report would be blanks


def printed_json(plain: object, indent: int = 2) -> bytes:
    """Return a value as indented JSON in visible characters, with a line break at the end."""
    return (
        visible_json(
            msgspec.json.format(msgspec.json.encode(plain), indent=indent).decode()
        ).encode()
        + b"\n"
    )
