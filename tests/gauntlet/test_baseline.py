"""The file of the accepted baseline: one line per item, read as it was written.

Where it is bad, it is refused with its place.
"""

from pathlib import Path

import pytest

from conformance.errors import RunRecordError
from conformance.gauntlet.baseline import read_baseline, write_baseline
from tests.gauntlet.test_regressions import BASELINE


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Each item has a line of its own, so that two branches rarely conflict."""
    file = tmp_path / "baseline.json"
    write_baseline(file, BASELINE)
    assert read_baseline(file) == BASELINE
    lines = file.read_text().splitlines()
    assert (
        '  {"phase": "load", "runtime": "stack", "process": "vectord", "max_rss_mib": 100}' in lines
    )
    assert ' "review": []' in lines


def test_none_is_none(tmp_path: Path) -> None:
    """A fresh project has no baseline."""
    assert read_baseline(tmp_path / "baseline.json") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 9}', '{"format": 1}', '{"format": 1, "accepted": 1}']
)
def test_bad_files(tmp_path: Path, text: str) -> None:
    """One message with the file, and what writes it."""
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(RunRecordError) as caught:
        read_baseline(file)
    assert str(caught.value).startswith(f"{file}: no ")
    assert "`conformance gauntlet accept` writes one" in str(caught.value)
