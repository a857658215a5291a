"""Header fields that follow from a body: its tag, its length, its label."""

import base64
import hashlib
from typing import Any

import pytest

from conformance.model.observation import Answer
from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import answer


def test_header_fields_of_a_body() -> None:
    """The entity tag and the length of a body that differs follow what differs in it."""
    fields = ("etag", "content-length")

    def tagged(text: str) -> Answer:
        tag = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return answer(text, ETag=f'W/"{tag}"', Content_Length=str(len(text)))

    found = findings([tagged('{"a":"x"}')], [tagged('{"a":"yy"}')], fields=fields)
    (group,) = grouped(found)
    assert {each.place: each.how for each in group.also} == {
        "header etag": "the md5 of the body",
        "header content-length": "the length of the body",
    }


def of_a_part(media: str, content: str, digest_of: str) -> Answer:
    """Return a body with one part, and the digest of something as that of the part."""
    md5 = hashlib.md5(digest_of.encode(), usedforsecurity=False).digest()
    head = f"Content-Type: {media}\r\nContent-MD5: {base64.b64encode(md5).decode()}"
    named = f"Content-Disposition: form-data; name=f\r\n{head}"
    return answer(f"--b\r\n{named}\r\n\r\n{content}\r\n--b--", media=f"{FORM}; boundary=b")


FORM = "multipart/form-data"


@pytest.mark.parametrize(
    ("media", "first", "second", "place"),
    [
        pytest.param("text/plain", "x", "y", "$.f.body", id="text"),
        pytest.param("image/png", "\0x", "\0y", "$.f.body.sha256", id="bytes"),
        pytest.param("image/png", "\0x", "\0yz", "$.f.body.sha256", id="bytes-of-other-lengths"),
        pytest.param("application/json", '{"a": 1}', "no", "$.f.body", id="another-kind"),
    ],
)
def test_the_digest_of_a_part_follows_its_body(
    media: str, first: str, second: str, place: str
) -> None:
    """So does the length of a part of bytes; a digest that is wrong for one of them does not."""
    found = findings(*([of_a_part(media, each, each)] for each in (first, second)))
    follows = {each.place: each.follows and each.follows.places for each in found}
    assert follows.pop("$.f.headers.content-md5") == (place,)
    assert follows.pop("$.f.body.bytes", (place,)) == (place,)
    assert follows.keys() - {"note invalid-json"} == {place}
    wrong = findings([of_a_part(media, first, first)], [of_a_part(media, second, first + "!")])
    alone = {each.place for each in wrong if each.follows is None}
    assert alone >= {place, "$.f.headers.content-md5"}


def lengthy(
    text: str, name: str = "Content-Length", media: str | None = "application/json"
) -> Answer:
    """Return an answer that says how long its body is."""
    fields: dict[str, Any] = {name: str(len(text))}
    return answer(text, media=media, **fields)


WHOLE = {
    "one-difference": (('{"a":"x"}', '{"a":"yy"}'), {"$.a": "the length of the body"}),
    "two-differences": (
        ('{"a":"x","b":1}', '{"a":"yy","b":2}'),
        dict.fromkeys(("$.a", "$.b"), "the length of the body, which has other differences too"),
    ),
    "nothing-beside-json": (("{}", ""), {"kind": "the length of the body"}),
    "no-one-place-tells-all-apart": (
        ('{"a":1,"b":1}', '{"a":22,"b":1}', '{"a":1,"b":333}'),
        dict.fromkeys(("$.a", "$.b"), "the length of the body, which has other differences too"),
    ),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_the_length_of_a_body_is_never_a_cause_beside_what_differs_there(kind: str) -> None:
    """It is listed under each difference of the bodies, and is decided when all of them are."""
    bodies, also = WHOLE[kind]
    found = findings(*([lengthy(text)] for text in bodies), fields=("content-length",))
    groups = grouped(found)
    listed = {
        group.examples[0].finding.place: [(each.place, each.how) for each in group.also]
        for group in groups
    }
    assert listed == {place: [("header content-length", how)] for place, how in also.items()}


def test_a_length_without_another_difference_is_a_cause() -> None:
    """Bodies of one value in two layouts differ in nothing else."""
    found = findings([lengthy('{"a":1}')], [lengthy('{"a": 1}')], fields=("content-length",))
    assert [(each.place, each.follows) for each in found] == [("header content-length", None)]


def test_header_names_in_another_case_follow_nothing() -> None:
    """How a name is spelled has nothing to do with what differs in the body."""
    given = [lengthy('{"n":"x"}')], [lengthy('{"n":"y"}', "content-length")]
    titles = [group.title for group in grouped(findings(*given, fields=("content-length",)))]
    assert titles == ["value of $.n differs", "different letter case in header names"]


PROBLEM = answer('{"type":"/t","title":"no","status":409}', 409, media="application/problem+json")


LABELLED = {
    "text-beside-json": ([answer("x", media="text/plain"), answer("{}")], "kind"),
    "absent-as-the-body-is": (
        [answer("no", 409, media="text/plain"), answer("", 409, media=None)],
        "kind",
    ),
    "empty-and-yet-labelled": ([answer("no", 409, media="text/plain"), answer("", 409)], ""),
    "problem-beside-another-error": ([PROBLEM, answer('{"error":{"why":"no"}}', 409)], "$"),
    **{
        f"another-label-of-its-kind: {label}": (
            [answer("no", 400, media="text/plain"), answer(body, 400, media=label)],
            "kind",
        )
        for label, body in (
            ("text/xml", "<e><c>x</c></e>"),
            ("application/soap+xml", "<e><c>x</c></e>"),
            ("text/json", '{"error":"x"}'),
            ("application/xhtml+xml", "<html><body>x</body></html>"),
            ("text/tab-separated-values", "a\tb\n1\t2\n"),
        )
    },
    "a-label-of-another-kind": (
        [answer("no", media="application/octet-stream"), answer("<e/>", media="text/xml")],
        "",
    ),
    "two-labels-of-xml": (
        [
            answer("no", 400, media="text/plain"),
            answer("<e/>", 400, media="text/xml"),
            answer("<e/>", 400, media="application/xml"),
        ],
        "",
    ),
    "no-problem-under-its-label": (
        [answer("no", 400, media="text/plain"), answer("{}", 400, media=PROBLEM.headers[0][1])],
        "",
    ),
    "a-form": ([answer("a=1", media="application/x-www-form-urlencoded"), answer("{}")], "kind"),
    "parts-of-a-form": (
        [answer("--b\r\n\r\nx\r\n--b--", media="multipart/form-data; boundary=b"), answer("{}")],
        "kind",
    ),
    "ranges": (
        [
            answer("--b\r\n\r\nx\r\n--b--", media="multipart/byteranges; boundary=b"),
            answer("x", media="text/plain"),
        ],
        "kind",
    ),
    "a-label-that-says-more": ([answer("x", media="text/x-log"), answer("{}")], ""),
    "two-labels-of-one-kind": (
        [answer("x", media="text/plain"), answer("{}"), answer("x", media="text/x-log")],
        "",
    ),
}


@pytest.mark.parametrize("given", LABELLED)
def test_a_label_that_only_names_its_body_is_told_with_it(given: str) -> None:
    """A label follows from the kind of its body if it is about this kind alone.

    The other runtimes do not matter.
    """
    answers, leading = LABELLED[given]
    found = {each.place: each for each in findings(*([each] for each in answers))}
    follows = found["header content-type"].follows
    assert (follows.places if follows else ()) == ((leading,) if leading else ())
    assert found["header content-type"].not_compared == ()
    (group, *others) = grouped(tuple(found.values()))
    assert (len(others), [also.how for also in group.also]) == (
        (0, ["the content type of it"]) if leading else (1, [])
    )
