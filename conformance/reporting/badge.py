"""A README badge: the JSON that shields.io reads from an endpoint.

The badge's URL is `https://img.shields.io/endpoint?url=…`.
"""

import json

from conformance.model.report import RunReport
from conformance.model.verdict import Verdict
from conformance.reporting import phrases


def badge_json(report: RunReport) -> bytes:
    """Return the badge of a run as JSON."""
    known, total = report.counts[Verdict.KNOWN], sum(report.counts.values())
    if report.red:
        message, color = "red", "red"
    elif report.nothing_proved:
        message, color = "nothing proved", "lightgrey"
    else:
        message = phrases.plural(total, "case") + (f", {known} known" if known else "")
        color = "yellowgreen" if known else "brightgreen"
    badge = {"schemaVersion": 1, "label": "parity", "message": message, "color": color}
    return json.dumps(badge, indent=2).encode() + b"\n"
