"""The files that a run leaves in its folder."""

from pathlib import Path

from tests.cli.command import conformance
from tests.miniatures.server import always, serve


def test_the_files_of_a_run(tmp_path: Path) -> None:
    """A run leaves its record, and a report for each kind of reader."""
    (tmp_path / "s.yaml").write_text("suite: a/b\ncases: [{name: one, request: {GET: /}}]\n")
    with serve(always({})) as url:
        conformance("run", "s.yaml", "--runtime", f"a={url}", "--runtime", f"b={url}", cwd=tmp_path)

    left = sorted(file.name for file in (tmp_path / "reports/runs/latest").iterdir())
    assert left == ["badge.json", "junit.xml", "report.html", "report.json", "report.md", "run.ndjson"]
