"""The report for scripts: its members are what scripts rely on."""

import json
from pathlib import Path

from conformance.reporting.json_report import json_report
from tests.comparison.live_runs import replay
from tests.miniatures.server import always


def test_the_members_of_a_report(tmp_path: Path) -> None:
    """A member may be added; none goes and none changes its meaning within one format."""
    report = json.loads(json_report(replay(tmp_path, {"a": always({"id": 1}), "b": always({})})))

    assert list(report) == [
        "format", "red", "outcome", "headline", "counts", "suites", "run", "finished", "runtimes",
        "pairs",
        "groups", "cases", "more_cases", "ledger", "decisions", "not_checked", "nothing_proved",
        "warnings",
    ]  # fmt: skip
    assert (report["format"], report["red"], report["outcome"]) == (2, True, "RED: 1 failed")
    assert report["groups"][0]["signatures"] == ["member@$.id (absent | present)"]
