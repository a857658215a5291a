"""Cases come back from the spool as they went in, however many, and whoever else is reading."""

from pathlib import Path

import pytest

from conformance.model.case import Case
from conformance.project.files import read_suites, suite_files
from conformance.suites.case_spool import CASES_A_PACK, CaseSpool

SUITES = suite_files([Path(__file__).parents[2] / "cases", Path(__file__).parents[1] / "docs"])


def spooled(cases: list[Case], kept_in_memory: int) -> CaseSpool:
    spool = CaseSpool(kept_in_memory)
    for case in cases:
        spool.add(case)
    return spool


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Return every case that the repository has, and enough of them."""
    own = list(read_suites(SUITES))
    return own * (3 * CASES_A_PACK // len(own) + 1)


@pytest.mark.parametrize("kept_in_memory", [0, 1, CASES_A_PACK, 10_000])
def test_cases_come_back_in_order(cases: list[Case], kept_in_memory: int) -> None:
    """Whether from memory, from the file or still on the way there."""
    spool = spooled(cases, kept_in_memory)
    assert len(spool) == len(cases)
    assert list(spool) == cases
    assert [case.place for case in spool] == [case.place for case in cases]


def test_two_readers_do_not_disturb_each_other(cases: list[Case]) -> None:
    """Each goes at its own pace."""
    spool = spooled(cases, 0)
    slow = iter(spool)
    assert [(next(slow), case) for case in spool] == list(zip(cases, cases, strict=True))
