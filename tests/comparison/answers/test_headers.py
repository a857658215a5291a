"""The headers compared by default: what counts about each, and what does not."""

import pytest
from msgspec.structs import replace

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer
from tests.comparison.differences import JSON, Row, answer, between, mirrored


def with_field(name: str, value: str) -> Answer:
    """Return an answer with one header field more, or with another media type."""
    plain = answer(media=None if name == "Content-Type" else JSON)
    return replace(plain, headers=(*plain.headers, (name, value)))


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        pytest.param("Allow", "GET, HEAD", "HEAD,GET", id="allow-order"),
        pytest.param("Allow", "GET,,GET", "GET", id="allow-repeated"),
        pytest.param("ETag", '"1"', 'W/"2"', id="etag-value"),
        pytest.param("WWW-Authenticate", 'Bearer realm="a"', 'bearer realm="b, Basic x"',
            id="scheme-parameters"),
        pytest.param("WWW-Authenticate", "Bearer, Basic realm=x", "Basic, Bearer",
            id="scheme-order"),
        pytest.param("Location", "/a", "/b", id="location-target"),
        pytest.param("Location", "http://a/x", "http://a/y", id="location-elsewhere"),
        pytest.param("Location", "http://localhost:1/x", "http://[::1]:2/y",
            id="location-unknown-own-port"),
        pytest.param("Content-Type", "Application/JSON", "application/json ", id="media-type-case"),
        pytest.param("Content-Type", 'application/json; charset="UTF-8"',
            "application/json;Charset=utf-8",
                     id="charset-spelling"),
        pytest.param("Content-Type", "application/json; profile=x", "application/json",
            id="other-parameter"),
        pytest.param("Server", "a", "b", id="server"),
        pytest.param("Date", "a", "b", id="date"),
        pytest.param("Cache-Control", "no-store", "private", id="cache-control"),
    ],
)  # fmt: skip
def test_what_does_not_count(name: str, a: str, b: str) -> None:
    """These spellings of a header field are one."""
    first, second = (with_field(name, value) for value in (a, b))
    assert between(first, second) == between(second, first) == []


METHODS = "COPY, DELETE, GET, HEAD, LOCK, MOVE, OPTIONS, POST, PROPFIND, PROPPATCH, PUT"


@pytest.mark.parametrize(
    ("a", "b", "facts"),
    [
        (f"{METHODS}, UNLOCK", f"{METHODS}, UPDATE", ("with UNLOCK", "with UPDATE")),
        (f"{METHODS}, UNLOCK", METHODS, ("with UNLOCK", "without UNLOCK")),
    ],
)
def test_of_long_lists_what_only_one_side_has_is_the_fact(
    a: str, b: str, facts: tuple[str, str]
) -> None:
    """Two long lists that are cut would look alike."""
    assert between(answer(Allow=a), answer(Allow=b)) == [("header", "header allow", *facts)]


def test_a_long_list_beside_none_is_cut() -> None:
    """What is cut says so, at a word, and a digest tells it from what begins alike."""
    ((*_, a, b),) = between(answer(Allow=f"{METHODS}, UNLOCK"), answer())
    assert (a.partition(" … sha256 ")[0], b) == (f"{METHODS},", "absent")


@pytest.mark.parametrize(
    ("name", "a", "b", "wanted"),
    [
        pytest.param("Allow", "GET", None, ("header", "header allow", "GET", "absent"),
            id="allow-dropped"),
        pytest.param("Allow", "POST, GET", "GET", ("header", "header allow", "with POST",
            "without POST"), id="allow"),
        pytest.param("Allow", "GET", "get", ("header", "header allow", "GET", "get"),
            id="allow-case"),
        pytest.param("Allow", "", "GET", ("header", "header allow", "empty", "GET"),
            id="allow-empty"),
        pytest.param("ETag", '"1"', None, ("header", "header etag", "present", "absent"),
            id="etag"),
        pytest.param("WWW-Authenticate", "Basic realm=x", 'Bearer realm="x"',
                     ("header", "header www-authenticate", "basic", "bearer"), id="scheme"),
        pytest.param("WWW-Authenticate", "Bearer, Basic", "Basic",
                     ("header", "header www-authenticate", "with bearer", "without bearer"),
                         id="one-scheme-more"),
        pytest.param("WWW-Authenticate", "NTLM abc==", None, ("header", "header www-authenticate",
            "ntlm", "absent"),
                     id="scheme-dropped"),
        pytest.param("WWW-Authenticate", "=", "Basic", ("header", "header www-authenticate",
            "unreadable", "basic"),
                     id="scheme-unreadable"),
        pytest.param("Location", "http://127.0.0.1/x", "/x", ("location-form", "header location",
            "absolute URL",
                     "absolute path"), id="location-form"),
        pytest.param("Location", "http://h/x", "/x",
                     ("header", "header location", "absolute URL to http://h", "absolute path"),
                     id="location-to-another-host"),
        pytest.param("Location", "http://h/x", "//g/x", ("header", "header location",
            "absolute URL to http://h",
                     "absolute URL to //g"), id="location-to-two-hosts"),
        pytest.param("Location", "http://h/x", "https://h:443/x", ("header", "header location",
            "absolute URL to http://h", "absolute URL to https://h"), id="location-by-two-schemes"),
        pytest.param("Location", "http://h:8/x", "http://h/x", ("header", "header location",
            "absolute URL to http://h:8", "absolute URL to http://h"), id="location-to-two-ports"),
        pytest.param("Location", "mailto:x", "/x", ("header", "header location", "mailto URL",
            "absolute path"),
                     id="location-of-another-scheme"),
        pytest.param("Location", "http://[x", "/x", ("header", "header location", "unreadable",
            "absolute path"),
                     id="location-unreadable"),
        pytest.param("Location", "x", "/x", ("location-form", "header location", "relative path",
            "absolute path"),
                     id="location-relative"),
        pytest.param("Location", None, "/x", ("header", "header location", "absent",
            "absolute path"),
                     id="location-added"),
    ],
)  # fmt: skip
def test_what_counts(name: str, a: str | None, b: str | None, wanted: Row) -> None:
    """Each of these is one difference, told alike from either side."""
    first, second = (answer() if value is None else with_field(name, value) for value in (a, b))
    assert between(first, second) == [wanted]
    assert between(second, first) == mirrored([wanted])


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("application/json", "application/problem+json",
                     ("header", "header content-type", "application/json",
                         "application/problem+json"),
                     id="media-type"),
        pytest.param("application/json", "application/json; charset=utf-8",
                     ("charset-parameter", "header content-type;charset", "absent", "utf-8"),
                         id="charset-added"),
        pytest.param("application/json; charset=latin1", "application/json; charset=utf-8",
                     ("charset-parameter", "header content-type;charset", "latin1", "utf-8"),
                         id="charset"),
        pytest.param(None, "application/json", ("header", "header content-type", "absent",
            "application/json"),
                     id="missing"),
        pytest.param("application/json; charset=utf-8", "application/problem+json",
                     ("header", "header content-type", "application/json",
                         "application/problem+json"), id="both"),
    ],
)  # fmt: skip
def test_media_types(a: str | None, b: str | None, wanted: Row) -> None:
    """The media type is one difference; its charset is one only where the type is the same."""
    assert between(answer(media=a), answer(media=b)) == [wanted]


def test_facts_hold_no_separators() -> None:
    """A fact of a signature has no fact separators, so that a ledger can hold it."""
    (seen,) = between(answer(Allow="G|ET, (PUT)"), answer(Allow="GET"))
    assert seen == ("header", "header allow", "PUT , G ET", "GET")


@pytest.mark.parametrize(
    ("a", "b", "level", "wanted"),
    [
        pytest.param("no-store", "private", CompareLevel.SHAPE, [], id="values-at-shape"),
        pytest.param(
            "no-store",
            "private",
            CompareLevel.VALUE,
            [("header cache-control", "no-store")],
            id="values",
        ),
        pytest.param("no-store", "no-store", CompareLevel.VALUE, [], id="equal"),
        pytest.param(
            "no-store",
            None,
            CompareLevel.SHAPE,
            [("header cache-control", "present")],
            id="presence",
        ),
        pytest.param(None, None, CompareLevel.VALUE, [], id="neither"),
    ],
)
def test_fields_that_a_case_names(
    a: str | None, b: str | None, level: CompareLevel, wanted: list[tuple[str, str]]
) -> None:
    """A named field is compared by whether it is there, and by value only where values are."""
    plain = answer(media=JSON)
    first, second = (
        with_field("Cache-Control", value) if value is not None else plain for value in (a, b)
    )
    read_a, read_b = (
        read_answer(each, fields=("cache-control", "etag")) for each in (first, second)
    )
    seen = compare_answers(read_a, read_b, Terms(level=level)).differences
    assert [(difference.places[0], difference.facts[0]) for difference in seen] == wanted


def test_a_named_default_field_is_compared_by_value_too() -> None:
    """An ETag that the case names counts by what it says, not only by its presence."""
    first, second = (
        read_answer(with_field("ETag", value), fields=("etag",)) for value in ('"1"', '"2"')
    )
    (seen,) = compare_answers(first, second, Terms(level=CompareLevel.VALUE)).differences
    (sent,) = seen.occurrences
    assert (seen.places, seen.facts) == (("header etag", "header etag"), ("differs", "differs"))
    assert (sent.a, sent.b) == ('"1"', '"2"')


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("Allow", "POST, GET, HEAD", "GET"),
        ("Location", "http://127.0.0.1/x", "/x"),
        ("WWW-Authenticate", 'Basic realm="x"', 'Bearer realm="x"'),
        ("Content-Type", "application/json; charset=utf-8", "application/json"),
    ],
)
def test_a_field_is_shown_as_it_was_sent(name: str, value: str, other: str) -> None:
    """The facts of a field are what it means.

    Beside them stands what was sent, in its order and whole.
    """
    terms = Terms(level=CompareLevel.SHAPE)
    first, second = (read_answer(with_field(name, each)) for each in (value, other))
    (found,) = compare_answers(first, second, terms).differences
    assert [(seen.a, seen.b) for seen in found.occurrences] == [(value, other)]
