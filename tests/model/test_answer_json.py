"""Requests and answers as JSON objects: nothing is lost on the way to a file and back."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.answer_json import (
    answer_from_json,
    answer_to_json,
    body_from_json,
    body_to_json,
    request_from_json,
    request_to_json,
)
from conformance.model.observation import Answer
from conformance.model.request import Request

LATIN = st.text(st.characters(max_codepoint=255), max_size=20)
BODIES = st.binary(max_size=60) | st.text(max_size=30).map(str.encode)
HEADERS = st.lists(st.tuples(LATIN, LATIN), max_size=4).map(tuple)
REQUESTS = st.builds(Request, method=LATIN, target=LATIN, headers=HEADERS, body=st.none() | BODIES)
ANSWERS = st.builds(
    Answer,
    status=st.integers(100, 999),
    reason=LATIN,
    headers=HEADERS,
    body=BODIES,
    notes=st.lists(LATIN, max_size=3).map(tuple),
    retried=st.booleans(),
    elapsed_ms=st.floats(0, 1e6),
)


@given(REQUESTS)
def test_requests_round_trip(request: Request) -> None:
    """A request is read back from its line in a file; an absent body differs from an empty one."""
    line = msgspec.json.encode(request_to_json(request))
    again = request_from_json(msgspec.json.decode(line))
    assert again == request
    assert again.digest() == request.digest()


@given(ANSWERS)
def test_answers_round_trip(answer: Answer) -> None:
    """An answer comes back from its line in a file with every byte of its body."""
    assert answer_from_json(json.loads(msgspec.json.encode(answer_to_json(answer)))) == answer


@given(BODIES)
def test_bodies_are_text_where_they_can_be(body: bytes) -> None:
    """UTF-8 is written as text, which people can read and diff.

    Anything else as base64, never both.
    """
    row = body_to_json(body)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        assert list(row) == ["body_base64"]
    else:
        assert row == {"body": text}
    assert body_from_json(row) == body


def test_no_body_has_no_member() -> None:
    """A request without a body says nothing of it, and one with an empty body does."""
    assert body_to_json(None) == {}
    assert body_from_json({}) is None
    assert body_to_json(b"") == {"body": ""}
    assert body_from_json({"body": ""}) == b""


def test_rare_members_only_where_they_say_something() -> None:
    """Notes and the retry are written only where there are some."""
    plain = Answer(status=200, reason="OK", headers=(), body=b"", elapsed_ms=1.0)
    assert list(answer_to_json(plain)) == ["status", "reason", "headers", "body", "elapsed_ms"]
