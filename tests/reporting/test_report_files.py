"""The files that a run leaves in its folder."""

import json
from pathlib import Path

from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.reporting.judged_reports import unlike_members, write_reports


def test_two_bodies_that_have_nothing_in_common(tmp_path: Path) -> None:
    """Two bodies with 50,000 members each, none shared, make reports below 1 MiB in total.

    Findings up to a limit are kept, and the bodies of the example are cut.
    """
    sizes = write_reports(unlike_members(50_000), tmp_path)

    assert sum(sizes.values()) < 1 << 20
    reason = json.loads((tmp_path / "report.json").read_text())["cases"][0]["reason"]
    assert reason.endswith("; undecided, and 99999 more differences")


def test_the_files_of_a_run(tmp_path: Path) -> None:
    """A run leaves its record, and a report for each kind of reader."""
    (tmp_path / "s.yaml").write_text("suite: a/b\ncases: [{name: one, request: {GET: /}}]\n")
    with serve(always({})) as url:
        conformance("run", "s.yaml", "--runtime", f"a={url}", "--runtime", f"b={url}", cwd=tmp_path)

    left = sorted(file.name for file in (tmp_path / "reports/runs/latest").iterdir())
    assert left == [
        "badge.json",
        "junit.xml",
        "report.html",
        "report.json",
        "report.md",
        "run.ndjson",
    ]
