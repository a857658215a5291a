"""YAML of others: what it means, and what is refused with its place."""

import json
from typing import Any

import pytest
import yaml

from conformance.errors import BadFileError
from conformance.suites.foreign_yaml import read_foreign_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "a: no\nb: 12:30\nc: 2026-01-01\nd: 010\ne: 0x1F",
            {"a": "no", "b": "12:30", "c": "2026-01-01", "d": "010", "e": "0x1F"},
        ),
        (
            "a: 1\nb: -1.5\nc: 1e3\nd: true\ne: null\nf: ~\ng:",
            {"a": 1, "b": -1.5, "c": 1000.0, "d": True, "e": None, "f": None, "g": None},
        ),
        ("responses: {200: {}, default: {}}", {"responses": {"200": {}, "default": {}}}),
        (
            "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: *x",
            {"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 3}, "z": {"a": 1, "b": 2}},
        ),
        (
            "p: &p {a: 1}\nq: &q {a: 2, c: 3}\ny: {<<: [*p, *q]}",
            {"p": {"a": 1}, "q": {"a": 2, "c": 3}, "y": {"a": 1, "c": 3}},
        ),
        ("a: !custom {b: !!str 1}", {"a": {"b": 1}}),
        ('a: "1"\nb: |\n  two\n  lines\n', {"a": "1", "b": "two\nlines\n"}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: " + "9" * 5_000, {"a": "9" * 5_000}),
    ],
)
def test_what_it_means(text: str, value: Any) -> None:
    """Scalars are of the YAML 1.2 core schema.

    Anchors, merge keys, numbers as keys and tags are taken.
    """
    assert read_foreign_yaml(text.encode(), "f") == value


def test_it_reads_what_json_is_as_yaml() -> None:
    """A document written by a YAML library comes back as it was."""
    document = {
        "openapi": "3.1.0",
        "paths": {"/a b/{id}": {"get": {"x": [1, 2.5, None, True, "yes", "null", "~", "1"]}}},
    }
    assert read_foreign_yaml(yaml.safe_dump(document).encode(), "f") == json.loads(
        json.dumps(document)
    )


def test_aliases_are_shared() -> None:
    """A document of a few lines that stands for a billion values is read at once."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = read_foreign_yaml("\n".join(lines).encode(), "f")
    assert found["a11"][0] is found["a11"][9]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "f: the file is empty"),
        (b"a: [1", "f:2:1: did not find expected"),
        (b"a: 1\n b: 2", "f:2:3: mapping values are not allowed"),
        (b"a: &x [*x]", "f:1:8: the alias *x names nothing that is complete before it"),
        (b"a: *y", "f:1:4: the alias *y names nothing that is complete before it"),
        (b"a: \xff", "f: not UTF-8: byte 0xff"),
        (b"a: \x01", "f: not YAML: "),
        (b"- " * 1_000 + b"a", "f:1:"),
        (b"[" * 100_000, "f:1:"),
    ],
)
def test_what_cannot_be_read(raw: bytes, message: str) -> None:
    """It is one problem with its place."""
    with pytest.raises(BadFileError) as caught:
        read_foreign_yaml(raw, "f")
    assert str(caught.value).startswith(message)
