"""Reading loses nothing silently: each letter or digit of a body counts.

The exception is what is named here as noise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, seen


@dataclass(frozen=True)
class Sample:
    """A body, its media type, and a pattern of what may change without a difference.

    The pattern is about parts of the body (docs/suites.md).
    """

    media: str
    body: str
    noise: str = "(?!)"


PARTS = (
    "around\r\n--x\r\nContent-Disposition: form-data; name=meta\r\nContent-Type: text/json; "
    "charset=utf-8\r\n"
    "X-Own: 7\r\n\r\n"
    '{"ab":12}\r\n--x\r\nContent-Disposition: attachment; name=file; '
    'filename="p.txt"\r\n\r\nab\r\n--x--\r\nafter'
)
SAMPLES = {
    "json": Sample(
        "application/json",
        '{"ab": [12, 1.25, true, null, "x\\n\\u00e9"], "c": {"d": ""}}',
        r"u00e9",
    ),
    "json-lines": Sample("application/x-ndjson", '{"ab":12}\n\n{"ab":"x"}\n[true]\n'),
    "events": Sample(
        "text/event-stream",
        ': note\nevent: start\nid: 7\nretry: 30\ndata: {"ab":12}\nown: 5\n\ndata: two\ndata: '
        "lines\n\ndata: [DONE]\n\n",
        r": note",
    ),
    "table": Sample("text/csv", 'id,name,ok\n1,"a ""b""",true\n\n2,c,false\n'),
    "xml": Sample(
        "application/xml",
        '<?xml version="1.0"?><!DOCTYPE a><!-- note --><p:a xmlns:p="urn:q" b="1"><?pi '
        "x?>t<c>u</c><![CDATA[v]]></p:a>",
        r'xml version="1.0"|DOCTYPE a|note|pi x|p:a|xmlns:p',
    ),
    "html": Sample(
        "text/html",
        '<!doctype html><!-- note --><p class="x" id=y>t<br><i>u</i>&amp;<script>v</script></p>',
        r"doctype html|note|/p",
    ),
    "form": Sample("application/x-www-form-urlencoded", "ab=c+d&e=%c3%a9&f=%ff&g="),
    "multipart": Sample("multipart/mixed; boundary=x", PARTS, r"around|after"),
    "text": Sample("text/plain", "ab\ncd 12\n"),
    "binary": Sample("image/png", "\x00ab12"),
}
OTHER = {"8": "9", "a": "c"}
"""What takes the place of what would be itself; else it is 8 or a, which hexadecimal escapes have
too.
"""
LETTER = re.compile(r"[a-z0-9]", re.IGNORECASE)


def _changes(sample: Sample) -> Iterator[str]:
    """Yield the body with each letter or digit that is no noise as another one, and left out."""
    noise = {at for found in re.finditer(sample.noise, sample.body) for at in range(*found.span())}
    for found in LETTER.finditer(sample.body):
        at, letter = found.start(), found[0]
        if at not in noise:
            for other in (OTHER.get(letter.lower(), "8" if letter.isdigit() else "a"), ""):
                yield sample.body[:at] + other + sample.body[at + 1 :]


@pytest.mark.parametrize("name", SAMPLES)
def test_each_letter_counts(name: str) -> None:
    """A letter or digit that is another one, or that is missing, is a difference by value."""
    sample = SAMPLES[name]
    lost = [changed for changed in _changes(sample) if not _differences(sample, changed)]
    assert lost == []


def _differences(sample: Sample, changed: str) -> int:
    first, second = (
        read_answer(answer(body, media=sample.media)) for body in (sample.body, changed)
    )
    return len(compare_answers(first, second, Terms(level=CompareLevel.VALUE)).differences)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("json", "{", " {\n", id="json-blanks"),
        pytest.param("json-lines", "\n\n", "\n", id="json-lines-blank-line"),
        pytest.param("events", ": note\n", "", id="events-comment"),
        pytest.param("table", "2,c", '"2",c', id="table-quotes"),
        pytest.param("xml", "<!-- note -->", "", id="xml-comment"),
        pytest.param("xml", "<?pi x?>", "", id="xml-instruction"),
        pytest.param("xml", "<![CDATA[v]]>", "v", id="xml-cdata"),
        pytest.param("xml", "<!DOCTYPE a>", "", id="xml-document-type"),
        pytest.param("html", "<!-- note -->", "", id="html-comment"),
        pytest.param("html", "id=y", "id=y id=z", id="html-attribute-again"),
        pytest.param("form", "+", "%20", id="form-escapes"),
        pytest.param("form", "&g=", "&&g", id="form-empty-pair"),
        pytest.param("multipart", "around", "other", id="parts-another-text-around"),
    ],
)  # fmt: skip
def test_what_is_no_difference(name: str, old: str, new: str) -> None:
    """What the documentation of suites calls no difference is none."""
    sample = SAMPLES[name]
    assert old in sample.body
    assert seen(sample.body, sample.body.replace(old, new), sample.media) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "note"),
    [
        pytest.param("table", "\n\n", "\n", "blank-rows", id="blank-row"),
        pytest.param("multipart", "around", "", "text-around-parts", id="both-sides-have-it"),
        pytest.param("form", "%ff", "", "not-utf-8", id="bytes-of-a-form"),
        pytest.param(
            "events",
            "[DONE]\n\n",
            "[DONE]\n\ndata: [DONE]\n\n",
            "events-after-done",
            id="second-end",
        ),
    ],
)
def test_what_readers_skip_is_a_note(name: str, old: str, new: str, note: str) -> None:
    """What some readers skip and others do not is a note.

    The note differs where only one side has it.
    """
    sample = SAMPLES[name]
    changed = (
        sample.body.replace(old, new).replace("after", "")
        if name == "multipart"
        else sample.body.replace(old, new)
    )
    found = seen(sample.body, changed, sample.media)
    assert ("note", f"note {note}") in found


def test_an_end_of_a_stream_keeps_its_other_fields() -> None:
    """`[DONE]` is a note; the id beside it is still compared."""
    first, second = ("data: 1\n\nid: 7\ndata: [DONE]\n\n", "data: 1\n\nid: 8\ndata: [DONE]\n\n")
    assert seen(first, second, "text/event-stream") == [("value", "$[*].id")]
