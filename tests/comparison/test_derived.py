"""Digests and lengths of what differs are told with it.

Alone, or where they are wrong, they are told by themselves.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable

import pytest

from conformance.reporting.phrases import sides
from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import answer

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
        "different error format",
        "they differ: a detail · b error · c problem document",
    )
    assert [each.place for each in group.also] == ["header content-type"]


def test_a_digest_in_another_step() -> None:
    """What is stored in one step may be digested in another one of the same case."""
    given = [[answer(json.dumps({"etag": hashlib.sha1(text.encode(),
        usedforsecurity=False).hexdigest()})),
              answer(json.dumps({"text": text}))] for text in ("one", "two")]  # fmt: skip
    (group,) = grouped(findings(*given))
    assert [(each.place, each.how) for each in group.also] == [("$.etag", "the sha1 of it")]


@pytest.mark.parametrize("kind", ["header", "member"])
def test_what_changes_beside_something_is_of_its_own_step(kind: str) -> None:
    """A digest of nothing that is known follows only what differs in the same answer."""
    given = []
    for tag, number in (('"aaaaaaa1"', 1), ('"bbbbbbb1"', 2)):
        body = json.dumps({"ok": True} if kind == "header" else {"etag": tag})
        first = answer(body, ETag=tag) if kind == "header" else answer(body)
        given.append([first, answer(json.dumps({"n": number}))])
    found = findings(*given, fields=("etag",))
    assert [(each.step, each.follows) for each in found] == [(0, None), (1, None)]


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
    "no-mark": ('{"x":1}'.encode("utf-16-le"), b'{"x":1}', "JSON in another charset", "kind"),
    "utf-32": ('{"x":1}'.encode("utf-32-be"), b'{"x":1}', "JSON in another charset", "kind"),
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
