"""Digests and lengths of what differs are told with it.

Alone, or where they are wrong, they are told by themselves.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from conformance.comparison.grouping import Grouping
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.observation import Answer, Cell
from conformance.reporting.phrases import sides
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

MADE: dict[str, Callable[[bytes], str | int]] = {
    "sha256": lambda text: hashlib.sha256(text).hexdigest(),
    "content_md5": lambda text: base64.b64encode(
        hashlib.md5(text, usedforsecurity=False).digest()
    ).decode(),
    "digest": lambda text: f"sha512:{hashlib.sha512(text).hexdigest()}",
    "crc": lambda text: f"{zlib.crc32(text):08x}",
    "size": len,
    "revision_hash": lambda text: hashlib.blake2s(text + b"salt").hexdigest(),
}
HOW = {
    "$.sha256": "the sha256 of it",
    "$.content_md5": "the md5 of it",
    "$.digest": "the sha512 of it",
    "$.crc": "the crc32 of it",
    "$.size": "the length of it",
    "$.revision_hash": "changes with it",
}


def body(marker: str, **changed: object) -> str:
    """Return a body with a marker and all that is made of it."""
    made = {name: make(marker.encode()) for name, make in MADE.items()}
    return json.dumps({**made, "marker": marker, **changed})


def findings(*given: Sequence[Answer], fields: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Compare the answers of several runtimes to one step or more."""
    steps = [f"/{number}" for number in range(len(given[0]))]
    asked = replace(case("order", *steps, compare=CompareLevel.VALUE), headers=fields)
    cells = [
        Cell(runtime=name, live=True, observations=tuple(each))
        for name, each in zip("abcde", given, strict=False)
    ]
    return compare_case(asked, cells).findings


def grouped(found: Sequence[Finding], decided: Sequence[str] = ()) -> tuple[Group, ...]:
    """Return the groups of a case's findings, with the places that a row decides."""
    grouping = Grouping({})
    decisions = [("D-001",) if each.place in decided else () for each in found]
    grouping.add_findings("s/c", [case().steps[0].request] * 3, found, decisions)
    return grouping.groups()


def test_one_marker_is_one_cause() -> None:
    """What derives from a text that differs is reported with it.

    It is named where it can be checked.
    """
    found = findings([answer(body("one"))], [answer(body("other"))], [answer(body("one"))])
    (group,) = grouped(found)
    assert (group.title, group.odd, group.undecided) == ("value of $.marker differs", ("b",), 1)
    assert {each.place: each.how for each in group.also} == HOW
    assert {signature.path for signature in group.signatures} == {"$.marker", *HOW}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"sha256": hashlib.sha256(b"something else").hexdigest()}, id="digest"),
        pytest.param({"size": 400}, id="length"),
    ],
)
def test_what_is_wrong_for_one_is_a_cause(changed: dict[str, object]) -> None:
    """A digest that is right for one runtime and wrong for another is a difference of its own."""
    found = findings([answer(body("one"))], [answer(body("other", **changed))])
    places = {place for group in grouped(found) for place in (group.signatures[0].path,)}
    assert places == {"$.marker", *(f"$.{name}" for name in changed)}


def test_a_digest_alone_is_a_cause() -> None:
    """Where nothing else differs, nothing is followed; nor where other runtimes are told apart."""
    (alone,) = findings([answer(body("one"))], [answer(body("one", sha256="0" * 64))])
    assert (alone.place, alone.follows) == ("$.sha256", None)
    renamed = json.dumps({**json.loads(body("one")), "marker": "two"})
    found = findings(
        [answer(body("one"))], [answer(body("one", revision_hash="0" * 64))], [answer(renamed)]
    )
    assert {each.place: each.follows for each in found} == {
        "$.marker": None,
        "$.revision_hash": None,
    }


def test_an_opaque_text_without_a_name_for_it_is_a_cause() -> None:
    """A random id is as long as a digest is: without the name of one it is told by itself."""
    found = findings(
        *(
            [answer(json.dumps({"m": text, "id": digit * 32}))]
            for text, digit in (("one", "1"), ("two", "2"))
        )
    )
    assert [each.follows for each in found] == [None, None]


def test_three_forms_of_an_error_are_one_cause() -> None:
    """Each runtime has one form, whichever it is held against, and the label goes with it."""
    forms = [
        answer('{"detail":"no"}', 409),
        answer('{"error":{"code":"x","message":"no"}}', 409),
        answer(
            '{"type":"t:x","title":"no","status":409,"detail":"no"}',
            409,
            media="application/problem+json",
        ),
    ]
    (group,) = grouped(findings(*([form] for form in forms)))
    assert (group.title, sides(group)) == (
        "another shape of errors",
        "they differ: a detail · b error · c problem document",
    )
    assert [each.place for each in group.also] == ["header content-type"]


def test_header_fields_of_a_body() -> None:
    """The entity tag and the length of a body that differs are told with what differs in it."""
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
    assert titles == ["value of $.n differs", "header names in another case"]


PROBLEM = answer('{"type":"/t","title":"no","status":409}', 409, media="application/problem+json")
LABELLED = {
    "text-beside-json": ([answer("x", media="text/plain"), answer("{}")], "kind"),
    "absent-as-the-body-is": (
        [answer("no", 409, media="text/plain"), answer("", 409, media=None)],
        "kind",
    ),
    "empty-and-yet-labelled": ([answer("no", 409, media="text/plain"), answer("", 409)], ""),
    "problem-beside-another-error": ([PROBLEM, answer('{"error":{"why":"no"}}', 409)], "$"),
    "a-label-that-says-more": ([answer("x", media="text/x-log"), answer("{}")], ""),
    "two-labels-of-one-kind": (
        [answer("x", media="text/plain"), answer("{}"), answer("x", media="text/x-log")],
        "",
    ),
}


@pytest.mark.parametrize("given", LABELLED)
def test_a_label_that_only_names_its_body_is_told_with_it(given: str) -> None:
    """A label follows from the kind of its body if it is the usual one of this kind.

    The other runtimes do not matter.
    """
    answers, leading = LABELLED[given]
    found = {each.place: each for each in findings(*([each] for each in answers))}
    follows = found["header content-type"].follows
    assert (follows.places if follows else ()) == ((leading,) if leading else ())
    assert found["header content-type"].not_compared == ()
    (group, *others) = grouped(tuple(found.values()))
    assert (len(others), [also.how for also in group.also]) == (
        (0, ["the label of it"]) if leading else (1, [])
    )


def test_a_digest_in_another_step() -> None:
    """What is stored in one step may be digested in another one of the same case."""
    given = [[answer(json.dumps({"etag": hashlib.sha1(text.encode(),
        usedforsecurity=False).hexdigest()})),
              answer(json.dumps({"text": text}))] for text in ("one", "two")]  # fmt: skip
    (group,) = grouped(findings(*given))
    assert [(each.place, each.how) for each in group.also] == [("$.etag", "the sha1 of it")]


def test_the_length_of_a_list() -> None:
    """A count that is just the length of a list that differs follows from it."""
    (group,) = grouped(
        findings([answer('{"l":[1,2,9],"count":3}')], [answer('{"l":[1,2],"count":2}')])
    )
    assert (group.title, [each.place for each in group.also]) == (
        "length of $.l differs",
        ["$.count"],
    )


@pytest.mark.parametrize(
    ("decided", "causes"),
    [
        pytest.param(["$.marker"], 2, id="the-leading-one"),
        pytest.param(["$.sha256"], 2, id="the-following-one"),
        pytest.param(["$.marker", "$.sha256"], 1, id="both"),
    ],
)
def test_an_undecided_difference_never_hides_behind_a_decided_one(
    decided: list[str], causes: int
) -> None:
    """A finding is told with the one that it follows where both are decided, or neither is."""
    texts = [
        json.dumps({"marker": text, "sha256": MADE["sha256"](text.encode())})
        for text in ("one", "two")
    ]
    groups = grouped(findings(*([answer(text)] for text in texts)), decided)
    assert len(groups) == causes
    assert [group.undecided for group in groups] == ([1, 0] if causes == 2 else [0])


NOTED = {
    "past-2^53-as-text": (
        b'{"x":"9007199254740993"}',
        b'{"x":9007199254740993}',
        "number as string",
        "$.x",
    ),
    "minus-zero": (b'{"x":-0}', b'{"x":5}', "value of $.x differs", "$.x"),
    "broken": (b'{"x":1', b'{"x":1}', "a malformed or cut-off body", "kind"),
    "latin-1": (b'{"x":"caf\xe9"}', b'{"x":"caf\xc3\xa9"}', "JSON in another charset", "kind"),
    "utf-16": ('{"x":1}'.encode("utf-16"), b'{"x":1}', "JSON in another charset", "kind"),
}


@pytest.mark.parametrize("kind", NOTED)
@pytest.mark.parametrize("turned", [False, True])
def test_a_note_on_what_differs_is_told_with_it(kind: str, turned: bool) -> None:
    """What is odd about a value or body that differs is no second cause.

    By itself it also blames nobody.
    """
    one, other, title, place = NOTED[kind]
    first, second = (other, one) if turned else (one, other)
    (group,) = grouped(findings([answer(first)], [answer(second)], [answer(second)]))
    assert (group.title.partition(" (")[0], group.odd) == (title, ("a",))
    assert [also.how for also in group.also] == ["a note on it"]
    assert group.examples[0].finding.place == place


def test_a_note_on_another_place_is_a_cause() -> None:
    """A number past 2^53 that only one runtime sends does not follow from other texts.

    It is a cause of its own beside a text that differs elsewhere.
    """
    found = findings(
        [answer('{"x":"a","y":9007199254740993}')], [answer('{"x":"b","y":9007199254740991}')]
    )
    assert {each.place: each.follows and each.follows.places for each in found} == {
        "$.x": None, "$.y": None, "note integer-past-2^53": ("$.y",),
    }  # fmt: skip
    found = findings([answer('{"x":"a","y":1,"y":1}')], [answer('{"x":"b","y":1}')])
    assert {each.place: each.follows for each in found} == {"$.x": None, "note duplicate-key": None}


def elements(*given: tuple[str, int]) -> str:
    """Return a list of elements, each with a hash and a value."""
    return json.dumps(
        [{"hash": f"{digit}41d8cd98f00b204e9800998ecf8427e", "v": value} for digit, value in given]
    )


def test_a_hash_follows_only_what_changes_in_its_own_element() -> None:
    """A hash that differs in another element than the value is a cause of its own."""
    same, changed = ("d", 1), ("e", 2)
    for other, follows in (
        (elements(same, ("e", 1)), None),
        (elements(same, changed), ("$[*].v",)),
    ):
        both = [(answer(body),) for body in (elements(same, same), other)]
        found = findings(*both)
        assert {
            each.follows and each.follows.places for each in found if each.place == "$[*].hash"
        } == {follows}
    moved = [(answer(body),) for body in (elements(same, same), elements(("d", 2), ("e", 1)))]
    assert [each.follows for each in findings(*moved)] == [None, None]


def test_a_hash_is_listed_under_the_value_of_its_own_runtimes() -> None:
    """Of two causes at one place, each has the hash that changes between the same runtimes."""
    same, changed = ("d", 1), ("e", 2)
    given = [
        (answer(body),)
        for body in (elements(changed, same), elements(same, ("f", 3)), elements(same, same))
    ]
    shown = {group.odd: [each.place for each in group.also] for group in grouped(findings(*given))}
    assert shown == {("a",): ["$[*].hash"], ("b",): ["$[*].hash"]}
