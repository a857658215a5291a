"""R22: a defect that is planted in the harness turns the test red that is meant to find it."""

from typing import Final

from tests.reliability.row import Figure
from tests.seeded.defects import DEFECTS, Defect
from tests.seeded.sowing import copied, pytest_in, seeded

_PARTS: Final = (
    *("conformance", "reference_impl", "tests", "cases", "docs", "peers/README.md"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "conftest.py", "pyproject.toml"),
)
_RED: Final = 1
"""pytest's exit code for tests that have failed; all others say that they were not run."""


def caught(step: int) -> Figure:
    """Plant every `step`-th defect alone; first, without one, all named tests must pass."""
    defects = DEFECTS[::step]
    with copied(*_PARTS) as copy:
        named = sorted({defect.caught_by for defect in defects})
        sound = pytest_in(copy, *named).returncode
    missed = [] if sound else [defect.name for defect in defects if not _is_caught(defect)]
    return Figure(
        text=(
            f"{len(defects) - len(missed)} of {len(defects)} planted defects caught by the test "
            "named for each"
            if sound == 0
            else f"without a defect the named tests exit with {sound}"
        ),
        is_met=sound == 0 and not missed,
        numbers={"missed": missed},
    )


def _is_caught(defect: Defect) -> bool:
    with copied(*_PARTS) as copy:
        seeded(defect, copy)
        return pytest_in(copy, "-x", defect.caught_by).returncode == _RED
