"""A wall of differences between two unlike services folds into its causes.

No two causes fold into one.
"""

from pathlib import Path

import pytest

from conformance.model.report import RunReport
from tests.comparison.live_runs import case, replay
from tests.miniatures import unlike_services as unlike
from tests.miniatures.server import always

CASES = tuple(case(target.strip("/").replace("/", "-"), target) for target in unlike.TARGETS)
TITLES = {
    "200 vs 201 for a creation": 7,
    "204 vs a success with a body": 7,
    "400 vs 422 for invalid input": 7,
    "404 vs 405": 7,
    "different form of pagination": 7,
    "charset parameter": 7,
    "integer vs float": 21,
    "different naming convention": 21,
    "null vs absent": 21,
    "null vs empty list": 21,
    "different error format": 7,
    "different name for the list of a response": 7,
    "timestamp form": 21,
}


def titles(report: RunReport) -> dict[str, int]:
    """Return the groups by title, with the cases that each explains."""
    told = {group.title: group.cases for group in report.groups}
    assert len(told) == len(report.groups)
    return told


def test_a_wall_folds_into_its_causes(tmp_path: Path) -> None:
    """49 cases that all differ are thirteen causes, each with its name, cases and remedy.

    The cases are those that the cause explains.

    No other method of a path shows that it is there, so that nothing is said about how to answer a
    wrong one.
    """
    report = replay(
        tmp_path, {"a": unlike.plain_style(), "b": unlike.other_style()}, *CASES, baseline="a"
    )
    assert sum(group.cases for group in report.groups) == 161
    assert titles(report) == TITLES
    assert all(group.odd == ("b",) for group in report.groups)
    assert [group.title for group in report.groups if not group.remedies] == ["404 vs 405"]


def test_one_cause_more_is_one_group_more(tmp_path: Path) -> None:
    """What one case shows besides is not folded into what all show."""
    broken = unlike.fails_once(unlike.other_style(), "/orders/invalid")
    report = replay(tmp_path, {"a": unlike.plain_style(), "b": broken}, *CASES, baseline="a")
    wanted = TITLES | {
        "400 vs 422 for invalid input": 6,
        "server error where the other refuses": 1,
    }
    assert titles(report) == wanted


def test_pages_for_errors_are_one_group(tmp_path: Path) -> None:
    """A page where the other runtime sends a problem document is one cause over all cases.

    The cause includes the media type.
    """
    pages = unlike.speaks_html_on(unlike.other_style(), "missing")
    report = replay(tmp_path, {"a": unlike.other_style(), "b": pages}, *CASES, baseline="a")
    assert titles(report) == {"text vs JSON error": 7}


def test_frameworks_errors_are_one_group(tmp_path: Path) -> None:
    """Two default error bodies with no common member are one difference naming all members."""
    a = always({"detail": "Not Found"}, 404)
    b = always({"statusCode": 404, "error": "Not Found", "message": "none"}, 404)
    (group,) = replay(tmp_path, {"a": a, "b": b}, *CASES[:5], baseline="a").groups
    assert (group.title, group.cases) == ("different error format", 5)
    told = [(side.runtimes, side.facts) for side in group.sides]
    assert told == [(("a",), ("detail",)), (("b",), ("error, message, statusCode",))]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("", "", set(), id="own-names"),
        pytest.param("", "elsewhere.example",
                     {("header@header location (absolute URL to http://elsewhere.example | absolute "
                       "URL)")}, id="another-host"),
    ],
)  # fmt: skip
def test_a_redirect_elsewhere_is_seen(tmp_path: Path, a: str, b: str, wanted: set[str]) -> None:
    """A runtime's own name and port say nothing; a redirect to another host is told."""
    both = {
        name: unlike.redirects_to(unlike.plain_style(), host) for name, host in (("a", a), ("b", b))
    }
    report = replay(tmp_path, both, baseline="a")
    assert {str(signature) for group in report.groups for signature in group.signatures} == wanted


def test_a_redirect_for_a_slash_is_an_idiom(tmp_path: Path) -> None:
    """A redirect that only adds a slash is told by its cause.

    One that leads elsewhere is a status.
    """
    plain = always({"ok": True})
    (group,) = replay(
        tmp_path / "slash", {"a": plain, "b": unlike.adds_slash(plain)}, baseline="a"
    ).groups
    assert (group.idiom, group.odd, group.sides[1].facts) == (
        "trailing-slash-redirect",
        ("b",),
        ("307",),
    )
    (group,) = replay(
        tmp_path / "else", {"a": plain, "b": unlike.redirects_to(plain, "")}, baseline="a"
    ).groups
    assert group.idiom is None
