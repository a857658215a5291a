"""The points of a review as SARIF 2.1.0, for code scanning and editors.

In: a tally. Out: UTF-8 JSON. The fingerprint of a point is a hash of its path and of the text of
its line, so it stays the same when lines move. Retracted and unanchored claims are left out.
"""

import hashlib
from typing import Any, Final
from urllib.parse import quote

import msgspec

from conformance import __version__
from conformance.review.claims import Point, ReviewTally, Severity

SCHEMA_URI: Final = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub shows at most this many results of one run
MAX_RESULTS: Final = 5_000
_LEVELS: Final = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.NOTE: "note"}
_RULES: Final = {
    "convergent": "Distinct lineages of reviewers claim something at the same place.",
    "single": "One lineage of reviewers claims something at this place.",
}


def review_sarif(tally: ReviewTally) -> bytes:
    """Return the points as a SARIF document with one run, in UTF-8."""
    document: dict[str, Any] = {
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "conformance review",
                        "version": __version__,
                        "rules": [
                            {"id": name, "shortDescription": {"text": says}}
                            for name, says in _RULES.items()
                        ],
                    }
                },
                "results": [_result(point) for point in tally.points[:MAX_RESULTS]],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _result(point: Point) -> dict[str, Any]:
    claims = "\n".join(f"{voice.reviewer}: {voice.claim.text}" for voice in point.standing)
    fingerprint = hashlib.sha256(f"{point.path}\n{point.source.strip()}".encode()).hexdigest()
    return {
        "ruleId": "convergent" if point.convergent else "single",
        "level": _LEVELS[point.severity],
        "message": {"text": claims},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(point.path)},
                    "region": {"startLine": point.line},
                }
            }
        ],
        "partialFingerprints": {"place/v1": fingerprint},
        "properties": {"component": point.component, "lineages": sorted(point.lineages)},
    }
