"""The tables stay true: each correct piece of code occurs once in its file.

The seeded piece is code too.
"""

import ast
import shutil
from pathlib import Path

import pytest

from tests.seeded.changes import CHANGES
from tests.seeded.defects import DEFECTS, Defect
from tests.seeded.sowing import ROOT, seeded


@pytest.mark.parametrize(
    "defect", [pytest.param(each, id=each.name) for each in (*DEFECTS, *CHANGES)]
)
def test_a_defect_can_be_seeded(defect: Defect, tmp_path: Path) -> None:
    """It finds its place, and leaves a module that can be read."""
    (tmp_path / defect.file).parent.mkdir(parents=True)
    shutil.copy(ROOT / defect.file, tmp_path / defect.file)

    seeded(defect, tmp_path)

    ast.parse((tmp_path / defect.file).read_text())
    assert (tmp_path / defect.file).read_text() != (ROOT / defect.file).read_text()
