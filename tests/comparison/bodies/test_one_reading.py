"""A body is read in one way: what is compared is what an expectation and a capture see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.layout import in_one_layout
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import KINDS, read_body_of
from conformance.comparison.expectations.failures import first_mismatch
from conformance.model.capture import Capture
from conformance.model.case import CompareLevel
from conformance.model.expectation import Expectation, Literal, Members, Pattern
from conformance.model.observation import Answer
from conformance.runner.captures import NothingFoundError, take
from tests.comparison.differences import answer
from tests.comparison.laws import LAW

LABELS = (
    None,
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=iso-8859-1",
    "application/octet-stream",
    "application/x-foo",
    "application/x-ndjson",
    "application/x-www-form-urlencoded",
    "application/xml",
    "image/png",
    "multipart/mixed; boundary=x",
    "text/css",
    "text/csv",
    "text/event-stream",
    "text/html",
    "text/html; charset=iso-8859-1",
    "text/plain",
)
CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")
TEXTS = (
    '{"a":%d,"b":"é"}',
    '[{"a":%d}]',
    '{"a":%d}\n{"a":2}\n',
    '{"a":%d}{"a":2}',
    "%d",
    '{"a":%d',
    "a,b\n%d,é\n",
    "<a>%d é</a>",
    "data: %d\n\n",
    "a=%d",
)
WORDS = ("", *(kind.declared_as for kind in KINDS))
BODIES = st.tuples(st.sampled_from(TEXTS), st.sampled_from(CHARSETS), st.sampled_from(LABELS))


def _sent(text: str, charset: str, label: str | None, number: int) -> Answer:
    return answer((text % number).encode(charset), media=label)


def _structure(body: Body) -> tuple[str, bool]:
    return body.kind, body.structured


@LAW
@given(body=BODIES, word=st.sampled_from(WORDS))
def test_a_body_alone_is_what_is_compared(body: tuple[str, str, str | None], word: str) -> None:
    """Beside another one of its kind, a body is read as by itself."""
    first, second = (_sent(*body, number) for number in (1, 5))
    alone = read_body_of(first, word)
    terms = Terms(level=CompareLevel.VALUE)
    beside, _ = in_one_layout(
        read_answer(first, read_as=word), read_answer(second, read_as=word), terms
    )
    assert _structure(beside.body) == _structure(alone)
    assert beside.body.notes == alone.notes


@LAW
@given(body=BODIES, word=st.sampled_from(WORDS))
def test_an_expectation_and_a_capture_see_the_same(
    body: tuple[str, str, str | None], word: str
) -> None:
    """Where a body has a value, both see just that; where it has none, both say so."""
    sent = _sent(*body, 7)
    read = read_body_of(sent, word)
    whole = Capture(name="x", path=())
    nothing = Expectation(json=Members(members=(), open=False))
    mismatch = first_mismatch(nothing, sent, word, {})
    assert mismatch is not None
    if read.structured:
        assert take(whole, sent, word).json == mismatch[2] or isinstance(read.value, dict)
        return
    with pytest.raises(NothingFoundError, match=r"body") as error:
        take(whole, sent, word)
    assert str(error.value) == mismatch[2] == read.without_value


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("text/html", "utf-8"),
        ("application/xml", "utf-8"),
        ("text/csv", "utf-8"),
        ("text/event-stream", "utf-8"),
        ("multipart/mixed; boundary=x", "utf-8"),
        ("application/json", "utf-16"),
        ("application/json", "utf-32-be"),
        ("application/json", "latin-1"),
        ("text/html; charset=iso-8859-1", "latin-1"),
    ],
)
def test_json_is_json_under_any_label(label: str, charset: str) -> None:
    """An object is captured from, and held to what is expected, whatever its label says."""
    sent = answer('{"a":"é"}'.encode(charset), media=label)
    assert take(Capture(name="x", path=("a",)), sent).text == "é"
    expected = Expectation(json=Members(members=(("a", Literal('"é"')),), open=False))
    assert first_mismatch(expected, sent, "", {}) is None
    assert first_mismatch(Expectation(body=Pattern('^."a":"é"')), sent, "", {}) is None


@pytest.mark.parametrize("word", [word for word in WORDS if word not in {"", "json"}])
def test_what_a_suite_says_counts_before_what_a_body_holds(word: str) -> None:
    """A declared kind is the only one that a body is read as."""
    for label in LABELS:
        read = read_body_of(answer('{"a":1}', media=label), word)
        assert read.kind != "JSON"


@pytest.mark.parametrize(
    ("media", "text"),
    [
        ("text/html", '<meta charset="iso-8859-1"><p>é'),
        ("text/html; charset=iso-8859-1", "<p>é"),
        ("application/xml", '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'),
        ("text/csv; charset=iso-8859-1", "a\né\n"),
        ("application/x-www-form-urlencoded; charset=iso-8859-1", "a=é"),
        ("text/plain; charset=iso-8859-1", "é"),
    ],
)
def test_a_pattern_is_looked_for_in_the_characters_of_a_body(media: str, text: str) -> None:
    """The text of a body is what its charset says, for expectations and captures alike."""
    sent = answer(text.encode("latin-1"), media=media)
    assert first_mismatch(Expectation(body=Pattern("é")), sent, "", {}) is None
    assert take(Capture(name="x", regex="(é)"), sent).text == "é"
