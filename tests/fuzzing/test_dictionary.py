"""The dictionary has rows for each kind of value that implementations part over."""

import json

import pytest

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.message_dictionary import HEADERS
from conformance.fuzzing.probe import Probe

TEXTS = {entry.text for entry in (*words.TEXTS, *words.DATES, *words.TIMES, *words.FORMATS)}


@pytest.mark.parametrize(
    "text",
    [
        "cafe\u0301",
        "😀",
        " alpha",
        "",
        "\u0000",
        "2024-02-29",
        "2026-01-15T10:30:00+02:00",
        "ann+tag@example.com",
    ],
)
def test_texts(text: str) -> None:
    assert any(text in json.loads(each) for each in TEXTS if text) or '""' in TEXTS


@pytest.mark.parametrize(
    "number", ["0", "-1", "1.0", "1e2", "9007199254740993", "9223372036854775808", "NaN", "2.675"]
)
def test_numbers(number: str) -> None:
    assert number in {entry.text for entry in words.NUMBERS}


def test_every_text_is_json() -> None:
    for text in TEXTS:
        assert isinstance(json.loads(text), str)


def test_every_row_can_be_sent_and_written_in_a_suite() -> None:
    """A header field holds one line of Latin-1, and a request is read back as it was."""
    for _, name, value in HEADERS:
        form = Form(method="GET", path=("",)).with_header(name, value)
        case = Probe((FormStep(form),), ("GET /",), "wire").case("x", (), ())
        assert case.steps[0].request.headers == ((name, value),)
        assert value.isascii()
        assert value.isprintable()
