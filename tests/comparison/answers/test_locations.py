"""Where a Location leads, and in which form it says so."""

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from conformance.model.template import KnownName
from tests.comparison.differences import Row, answer, between


def test_location_targets_count_by_value() -> None:
    """By value the target's path and query must be the same.

    A loopback host is no part of it, another one is.
    """

    def leads(a: str, b: str) -> list[Row]:
        return between(
            answer(status=302, Location=a), answer(status=302, Location=b), CompareLevel.VALUE
        )

    assert leads("http://127.0.0.1:1/x?y=1", "http://127.0.0.1:2/x?y=1") == []
    assert leads("/x", "/x") == []
    assert (
        leads("/x", "/y")
        == leads("/y", "/x")
        == [("header", "header location", "differs", "differs")]
    )
    assert leads("http://h:1/x?y=1", "http://h:1/x?y=1") == []
    assert leads("http://h:1/x?y=1", "http://h:1/x?y=2") == [
        ("header", "header location", "differs", "differs")
    ]
    slash = ("with a slash at the end", "without a slash at the end")
    assert leads("/x/?y", "/x?y") == [("header", "header location", *slash)]


@pytest.mark.parametrize(
    ("base_a", "a", "base_b", "b", "equal"),
    [
        pytest.param(
            "http://a:1", "http://a:1/x", "http://b", "http://b:80/x", True, id="own-names"
        ),
        pytest.param(
            "http://a:1",
            "http://a:1/x",
            "http://b:2",
            "http://a:1/x",
            False,
            id="one-leads-to-the-other",
        ),
        pytest.param(
            "http://a:1", "http://c/x", "http://b:2", "http://c/x", True, id="both-lead-elsewhere"
        ),
        pytest.param(
            "http://a:1", "http://a:2/x", "http://b:2", "http://b:2/x", False, id="another-port"
        ),
        pytest.param("http://a:1", "/x", "http://b/api", "/api/x", True, id="base-path"),
        pytest.param("http://a:1", "/x", "http://b/api/", "/x", False, id="out-of-the-base-path"),
        pytest.param("http://a:1", "/x", "http://b/api", "/apix", False, id="beside-the-base-path"),
        pytest.param("http://a:1", "http://a:1", "http://b", "http://b/", True, id="no-path"),
        pytest.param(
            "http://127.0.0.1:1",
            "http://localhost:1/x",
            "http://b",
            "http://B/x",
            True,
            id="loopback-name",
        ),
        pytest.param(
            "http://127.0.0.1:1",
            "http://localhost:2/x",
            "http://b",
            "http://b/x",
            False,
            id="loopback-port",
        ),
    ],
)
def test_only_the_own_name_is_taken_away(
    base_a: str, a: str, base_b: str, b: str, *, equal: bool
) -> None:
    """A redirect to a runtime's own name and base path is one to its path.

    One to any other host is seen.
    """
    first, second = (
        read_answer(answer(status=302, Location=location), base_url=base)
        for location, base in ((a, base_a), (b, base_b))
    )
    seen = compare_answers(first, second, Terms(level=CompareLevel.VALUE)).differences
    assert (not seen) == equal


OWN = "http://127.0.0.1:1"


VALUES_DIFFER = [("header", "header location", "differs", "differs")]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(
            "/o/1", f"{OWN}/o/1", ("location-form", "absolute path", "absolute URL"), id="own-host"
        ),
        pytest.param(
            "/o/1?x=1",
            f"{OWN}/o/1?x=1",
            ("location-form", "absolute path", "absolute URL"),
            id="query",
        ),
        pytest.param(
            "1", "/o/1", ("location-form", "relative path", "absolute path"), id="relative"
        ),
        pytest.param(
            "../x", f"{OWN}/x", ("location-form", "relative path", "absolute URL"), id="dots"
        ),
        pytest.param(
            "/x",
            f"https{OWN[4:]}/x",
            ("header", "absolute path", "absolute https URL"),
            id="scheme",
        ),
        pytest.param(
            f"{OWN}/x",
            f"https{OWN[4:]}/x",
            ("header", "absolute URL", "absolute https URL"),
            id="schemes",
        ),
    ],
)
def test_two_forms_that_lead_to_one_target(a: str, b: str, wanted: tuple[str, str, str]) -> None:
    """By value two forms of a Location are compared by where they lead."""
    assert locations(a, b) == [(wanted[0], "header location", *wanted[1:])]


@pytest.mark.parametrize(
    ("a", "b", "forms"),
    [
        pytest.param(
            "/o/1", f"{OWN}/admin/9", ("absolute path", "absolute URL"), id="another-path"
        ),
        pytest.param(
            "/o/1", f"{OWN}/o/1?x=1", ("absolute path", "absolute URL"), id="another-query"
        ),
        pytest.param("1", "/o/2", ("relative path", "absolute path"), id="relative-elsewhere"),
        pytest.param("1", "2", None, id="two-relative"),
    ],
)
def test_form_and_target_of_a_location_are_two_differences(
    a: str, b: str, forms: tuple[str, str] | None
) -> None:
    """Neither hides the other."""
    form = [("location-form", "header location", *forms)] if forms else []
    assert locations(a, b) == [*form, *VALUES_DIFFER]


def locations(a: str, b: str) -> list[Row]:
    """Return the differences of two redirects, each of which may name its own host."""
    first, second = (
        read_answer(answer(status=302, Location=each), base_url=OWN) for each in (a, b)
    )
    terms = Terms(level=CompareLevel.VALUE, target="/o/new?y=2")
    found = compare_answers(first, second, terms).differences
    return [(each.name, each.places[0], *each.facts) for each in found]


@pytest.mark.parametrize(
    ("target", "other"), [("/o/7/items", "/o/8/items"), ("/o/7/items", "/o/8/parts")]
)
def test_a_relative_location_is_resolved_with_what_each_runtime_captured(
    target: str, other: str
) -> None:
    """The id in the request's own target is the runtime's own.

    So is the target that a relative path leads to.
    """
    mine, theirs = (
        KnownName(name="id", text=text, json=text, identity="$.id") for text in ("7", "8")
    )
    first = read_answer(answer(status=302, Location="items"), [mine], OWN)
    second = read_answer(answer(status=302, Location=other), [theirs], "http://127.0.0.1:2")
    terms = Terms(level=CompareLevel.VALUE, target="/o/${id}/new")
    names = [seen.name for seen in compare_answers(first, second, terms).differences]
    elsewhere = [] if target[4:] == other[4:] else ["header"]
    assert names == ["location-form", *elsewhere]
