"""Selecting cases by glob, tag and id."""

from pathlib import Path

import pytest

from conformance.errors import NothingSelectedError
from conformance.model.case import Case
from conformance.suites.selection import Selection
from tests.suites.reading import cases_in

SUITE = """\
suite: area/topic
tags: [all]
cases:
  - {name: one, tags: [slow], request: {GET: /}}
  - {name: two, tags: [slow, odd], request: {GET: /}}
  - {name: three, request: {GET: /}}
"""


@pytest.fixture(name="cases")
def read_cases(tmp_path: Path) -> tuple[Case, ...]:
    return cases_in(tmp_path, SUITE)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        pytest.param(Selection(), ["one", "two", "three"], id="nothing-asked"),
        pytest.param(Selection(globs=("area/*/t*",)), ["two", "three"], id="glob"),
        pytest.param(Selection(globs=("*/one", "*/two")), ["one", "two"], id="any-of-the-globs"),
        pytest.param(Selection(globs=("AREA/*", "*/one")), ["one"], id="case-counts"),
        pytest.param(Selection(tags=("odd",)), ["two"], id="tag"),
        pytest.param(Selection(tags=("odd", "slow")), ["one", "two"], id="any-of-the-tags"),
        pytest.param(
            Selection(tags=("all",), globs=("*/three",)), ["three"], id="all-kinds-together"
        ),
        pytest.param(Selection(ids=frozenset({"area/topic/one", "gone"})), ["one"], id="ids"),
    ],
)
def test_selection(cases: tuple[Case, ...], selection: Selection, names: list[str]) -> None:
    """A case is taken when it matches something of every kind that was asked for, in file order."""
    assert [case.name for case, takes in selection.split(cases) if takes] == names


@pytest.mark.parametrize(
    ("selection", "at_least", "message"),
    [
        pytest.param(
            Selection(tags=("none",)), 1, "0 of 3 cases selected, at least 1 wanted", id="none"
        ),
        pytest.param(
            Selection(tags=("none",)),
            0,
            "0 of 3 cases selected, at least 1 wanted",
            id="none-is-never-enough",
        ),
        pytest.param(
            Selection(tags=("slow",)), 3, "2 of 3 cases selected, at least 3 wanted", id="too-few"
        ),
        pytest.param(
            Selection(ids=frozenset()), 1, "0 of 3 cases selected, at least 1 wanted", id="no-ids"
        ),
    ],
)
def test_too_few(
    cases: tuple[Case, ...], selection: Selection, at_least: int, message: str
) -> None:
    """Fewer cases than wanted are an error with its own exit code, never an empty run."""
    with pytest.raises(NothingSelectedError) as caught:
        list(selection.split(cases, at_least=at_least))
    assert (caught.value.message, caught.value.exit_code) == (message, 5)
