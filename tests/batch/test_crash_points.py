"""Materializers that are killed, or get disk errors, at calls that change their files.

The errors say that the disk is full or broken.

A sample of the points of each runtime; `python -m tests.batch.crash_points` takes them all.  Where
strace or a runtime is missing these tests are skipped; with CONFORMANCE_REQUIRE_LIVE set they fail
instead.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.batch.crash_points import Tool, declared_tools, findings
from tests.batch.injection import STRACE

MINIATURE = Path(__file__).parents[1] / "miniatures" / "hasty_materializer.py"
STRIDES = {"python-tools": 21, "go-tools": 7, "ts-tools": 9}
"""Which of a runtime's points are taken: as many as a second or two allows, of each fault and kind
of call.
"""


def needed(program: str | None, what: str) -> None:
    """Skip a test for want of a program, or fail it."""
    if program is None:
        give_up = (
            pytest.fail
            if os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}
            else pytest.skip
        )
        give_up(f"{what} is not on this machine")


@pytest.mark.parametrize("tool", declared_tools(), ids=lambda tool: tool.name)
def test_whatever_strikes_leaves_nothing_half_done_or_untrue(tool: Tool) -> None:
    """Receipts are true, files are whole, errors are told, and the next run makes it good."""
    needed(STRACE, "strace")
    needed(shutil.which(tool.command[0]), tool.name)
    found = findings(tool, STRIDES[tool.name])
    assert [one for one in found if one.violations] == []
    assert sum(not one.missed for one in found) > len(found) / 2


@pytest.mark.parametrize(
    ("habit", "wrong"),
    [
        ("claims", "the receipt has another digest of data/evidence/2026/11/25/"),
        ("tears", " is neither as it was nor as it should become"),
        ("litters", ".tmp is left over after the next run"),
        ("shrugs", "it exits with 0, and its work is not done"),
    ],
)
def test_a_hasty_materializer_is_found_out(habit: str, wrong: str) -> None:
    """By the same engine, each habit by what it breaks."""
    needed(STRACE, "strace")
    found = findings(miniature(habit), stride=3)
    assert any(wrong in violation for one in found for violation in one.violations)


def test_a_careful_materializer_has_no_violations() -> None:
    """The miniature without a fault: so it is the fault that is found."""
    needed(STRACE, "strace")
    found = findings(miniature("keeps"), stride=4)
    assert found
    assert [one for one in found if one.violations] == []


def miniature(habit: str) -> Tool:
    """Give a materializer with a habit."""
    return Tool(
        name=habit, command=(sys.executable, "-I", "-S", str(MINIATURE), habit), environment={}
    )
