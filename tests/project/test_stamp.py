"""Ids of runs say when they were made, and sort by it, beside those of earlier versions too.

And of which commit.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conformance.project.git import head_commit
from conformance.project.stamp import new_id
from tests.tracker.shop import git

NOON = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


def test_ids_sort_by_time() -> None:
    """A hundred runs within a tenth of a second keep their order.

    Ids that tell only seconds stand among the others.
    """
    made = [new_id(NOON + timedelta(milliseconds=number)) for number in range(100)]
    assert sorted(made) == made
    assert made[7].startswith("20261125T120000007Z-")
    before, after = "20261125T115959Z-ffff", "20261125T120001Z-0000"
    assert sorted([after, *made, before]) == [before, *made, after]


@pytest.mark.parametrize(
    ("name", "dirty"),
    [
        pytest.param("kept.yaml", True, id="a change"),
        pytest.param("cases/extra.yaml", True, id="a new suite"),
        pytest.param("reports/runs/1/run.ndjson", False, id="the harness's own output"),
        pytest.param("cases/built.o", False, id="a file that git ignores"),
    ],
)
def test_a_commit_that_does_not_hold_all(tmp_path: Path, name: str, *, dirty: bool) -> None:
    """A commit is named alone only where it holds all that could have run.

    That is also true when seen from a folder below.
    """
    (tmp_path / "kept.yaml").write_text("x")
    (tmp_path / ".gitignore").write_text("*.o\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    commit = git(tmp_path, "rev-parse", "--short=12", "HEAD")
    assert head_commit(tmp_path) == commit

    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("changed")
    assert head_commit(tmp_path) == (f"{commit}-dirty" if dirty else commit)
    if name.startswith("cases/"):
        assert head_commit(tmp_path / "cases") == (f"{commit}-dirty" if dirty else commit)
