"""Bodies that begin as their label says and cannot be parsed: a cause of their own, and a note."""

import pytest

from conformance.comparison.answers.answer import read_answer
from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.comparison.gaps import shared_notes
from tests.comparison.differences import answer, between

JSON, LINES, XML, CSV, PARTS = (
    "application/json",
    "application/x-ndjson",
    "application/xml",
    "text/csv",
    "multipart/form-data; boundary=x",
)
PART = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n'
BROKEN = [
    pytest.param('{"a":1,"b":[1,2', '{"a":1,"b":[1,2]}', JSON, "invalid-json", id="json"),
    pytest.param("<o>", "<o></o>", XML, "invalid-xml", id="xml"),
    pytest.param("<o>&x;</o>", "<o>x</o>", XML, "invalid-xml", id="xml-entity"),
    pytest.param('a,b\n"1,2\n', "a,b\n1,2\n", CSV, "invalid-table", id="table"),
    pytest.param(
        'a,b\n"1"x,2\n', "a,b\n1,2\n", CSV, "invalid-table", id="table-text-after-a-quote"
    ),
    pytest.param('{"a":1}\n{"a":2\n', '{"a":1}\n{"a":2}\n', LINES, "invalid-json", id="lines"),
    pytest.param(PART, PART + "--x--\r\n", PARTS, "unended-parts", id="parts"),
]


@pytest.mark.parametrize(("broken", "whole", "media", "note"), BROKEN)
def test_a_malformed_body_has_a_note_and_a_cause(
    broken: str, whole: str, media: str, note: str
) -> None:
    """It is no wrong label, and it is no two causes; a whole body has no such note."""
    a, b = answer(broken, media=media), answer(whole, media=media)
    assert [(name, place) for name, place, _, _ in between(a, b)] == [
        ("malformed-body", "kind"), ("note", f"note {note}"),
    ]  # fmt: skip
    notes = [read_body(body.encode(), read_label(media)).notes for body in (broken, whole)]
    assert notes == [(note,), ()]


@pytest.mark.parametrize(("broken", "whole", "media", "note"), BROKEN)
def test_a_note_that_all_bodies_have_is_a_gap(
    broken: str, whole: str, media: str, note: str
) -> None:
    """Two runtimes that send the same broken body agree.

    Nothing of it was compared but its text.  A single answer agrees with nobody.
    """
    both = [read_answer(answer(broken, media=media)) for _ in range(2)]
    assert [gap.which for gap in shared_notes(both)] == [note]
    assert list(shared_notes(both[:1])) == []
    assert list(shared_notes([read_answer(answer(whole, media=media)) for _ in range(2)])) == []


@pytest.mark.parametrize(
    ("body", "media"),
    [("oops", JSON), ("<!doctype html><p>x", XML), ("no parts", PARTS)],
)
def test_another_body_than_the_label_says(body: str, media: str) -> None:
    """What does not begin as the label says is no malformed body of that kind."""
    assert read_body(body.encode(), read_label(media)).malformed == ""
