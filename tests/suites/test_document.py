"""The strict YAML reader: what each node is, where it is, and how much of a file is read at all."""

import resource
import time
from pathlib import Path

import pytest

from conformance.errors import BadFileError, Place
from conformance.suites.document import parse_document, read_document
from conformance.suites.nodes import (
    MAX_DEPTH,
    MAX_FILE_BYTES,
    Mapping,
    Node,
    Scalar,
    Sequence,
    items,
    members,
    text,
)

SCALARS = [
    pytest.param("no", "string", id="no"),
    pytest.param("on", "string", id="on"),
    pytest.param("yes", "string", id="yes"),
    pytest.param("010", "string", id="leading-zero"),
    pytest.param("-012", "string", id="negative-leading-zero"),
    pytest.param("12:30", "string", id="sexagesimal"),
    pytest.param("2020-01-01", "string", id="date"),
    pytest.param("1_000", "string", id="underscore"),
    pytest.param("0x1F", "string", id="hexadecimal"),
    pytest.param("v1.10", "string", id="word"),
    pytest.param("tRUE", "string", id="odd-case-boolean"),
    pytest.param("1e", "string", id="half-an-exponent"),
    pytest.param(".", "string", id="dot"),
    pytest.param("'1'", "string", id="quoted-number"),
    pytest.param('"null"', "string", id="quoted-null"),
    pytest.param("0", "integer", id="zero"),
    pytest.param("-0", "integer", id="minus-zero"),
    pytest.param("+12", "integer", id="plus"),
    pytest.param("12345678901234567890", "integer", id="past-64-bits"),
    pytest.param("1.10", "number", id="trailing-zero"),
    pytest.param(".5", "number", id="no-whole"),
    pytest.param("1.", "number", id="no-fraction"),
    pytest.param("1e400", "number", id="past-double"),
    pytest.param("true", "boolean", id="true"),
    pytest.param("FALSE", "boolean", id="upper-false"),
    pytest.param("~", "null", id="tilde"),
    pytest.param("NULL", "null", id="upper-null"),
    pytest.param("", "null", id="empty"),
]
BOMBS = [
    pytest.param("[" * 100_000, "1:33", id="lists"),
    pytest.param("{a: " * 30_000, "1:126", id="flow-mappings"),
    pytest.param("- " * 30_000, "1:65", id="block-lists"),
    pytest.param("? " * 50_000, "1:65", id="complex-keys"),
    pytest.param("[a: " * 30_000, "1:62", id="pairs"),
]


def parse(written: str | bytes) -> Node:
    return parse_document(written if isinstance(written, bytes) else written.encode(), "f.yaml")


@pytest.mark.parametrize(("written", "kind"), SCALARS)
def test_scalar_kinds(written: str, kind: str) -> None:
    """A scalar has its YAML 1.2 kind and keeps its text.

    What YAML 1.1 reads into words and dates stays a string.
    """
    leaf = members(parse(f"a: {written}\n"))["a"]
    assert isinstance(leaf, Scalar)
    assert (leaf.kind, leaf.text) == (kind, written.strip("'\""))


def test_every_node_knows_its_place() -> None:
    """Mappings, keys, lists, flow and block scalars carry line and column from 1.

    Columns are in characters.
    """
    root = parse("# top\nä: {b: [1, 'x']}\nc:\n  - |\n    text\n  - - deep\n")
    assert isinstance(root, Mapping)
    inner = members(root)["ä"]
    assert isinstance(inner, Mapping)
    block = items(members(root)["c"])
    places = {
        "root": root.place,
        "key": root.members["c"].key_place,
        "flow mapping": inner.place,
        "flow key": inner.members["b"].key_place,
        "flow list": members(inner)["b"].place,
        "quoted": items(members(inner)["b"])[1].place,
        "block list": members(root)["c"].place,
        "block scalar": block[0].place,
        "nested item": items(block[1])[0].place,
    }
    expected = [(2, 1), (3, 1), (2, 4), (2, 5), (2, 8), (2, 12), (4, 3), (4, 5), (6, 7)]
    assert places == {name: Place("f.yaml", *at) for name, at in zip(places, expected, strict=True)}


def test_helpers_give_nothing_for_other_kinds() -> None:
    """Members, items and text of a node of another kind are empty: readers need no checks."""
    root = parse("[1]")
    assert isinstance(root, Sequence)
    assert (members(root), items(None), text(root)) == ({}, (), "")


def test_byte_order_mark_is_no_content() -> None:
    """A UTF-8 byte order mark before the first key is skipped."""
    assert list(members(parse(b"\xef\xbb\xbfa: 1"))) == ["a"]


def test_depth_up_to_the_bound_is_read() -> None:
    """A file nested exactly as deep as allowed is read; one level more is refused at its place."""
    assert isinstance(parse("[" * MAX_DEPTH + "]" * MAX_DEPTH), Sequence)
    with pytest.raises(BadFileError) as caught:
        parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert str(caught.value) == "f.yaml:1:33: nested deeper than 32"


@pytest.mark.parametrize(("written", "at"), BOMBS)
def test_nesting_bombs_are_refused_quickly(written: str, at: str) -> None:
    """However deep a file nests, it is refused where it gets too deep, in well under a second."""
    started = time.process_time()
    with pytest.raises(BadFileError) as caught:
        parse(written)
    assert str(caught.value) == f"f.yaml:{at}: nested deeper than 32"
    assert time.process_time() - started < 0.8


def test_alias_bomb_is_refused_at_every_anchor() -> None:
    """A file that would unfold to billions of values is refused with each anchor and alias.

    Nothing is unfolded.
    """
    lines = ["a0: &a0 [x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)
    ]
    with pytest.raises(BadFileError) as caught:
        parse("\n".join(lines))
    assert len(caught.value.problems) == 10 + 9 * 9
    assert str(caught.value.problems[0]) == (
        "f.yaml:1:5: anchors and aliases (a0) are not allowed; write the value out"
    )


def test_all_problems_of_a_file_at_once() -> None:
    """Structural problems do not hide each other: they come together, sorted by place."""
    with pytest.raises(BadFileError) as caught:
        parse("a: &x 1\nb: !t 2\na: 3\n1: 4\nc: .inf\n")
    assert [str(problem.place) for problem in caught.value.problems] == [
        "f.yaml:1:4",
        "f.yaml:2:4",
        "f.yaml:3:1",
        "f.yaml:4:1",
        "f.yaml:5:4",
    ]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        pytest.param("ä: x".encode() + b"\xff", "1:5: not UTF-8: byte 0xff", id="latin"),
        pytest.param(b"a: 1\nb: \xe2(", "2:4: not UTF-8: byte 0xe2", id="cut-character"),
        pytest.param("a: 1".encode("utf-16"), "1:1: not UTF-8: byte 0xff", id="utf-16"),
        pytest.param(
            "ää\n\x01".encode(), "2:1: character U+0001 is not allowed in YAML", id="control"
        ),
    ],
)
def test_bytes_that_are_no_text(raw: bytes, problem: str) -> None:
    """Bytes that are not UTF-8 and characters forbidden in YAML are named with their place."""
    with pytest.raises(BadFileError) as caught:
        parse(raw)
    assert str(caught.value) == f"f.yaml:{problem}"


def test_size_is_bounded_while_reading(tmp_path: Path) -> None:
    """A file past the bound is refused without a whole read: a sparse gigabyte costs no memory."""
    file = tmp_path / "big.yaml"
    with file.open("wb") as big:
        big.truncate(1 << 30)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadFileError) as caught:
        read_document(file, "big.yaml")
    assert str(caught.value) == f"big.yaml: more than {MAX_FILE_BYTES} bytes; split the file"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 64 << 10


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        pytest.param(
            "none.yaml",
            "none.yaml: cannot be read: No such file or directory\n  hint: check the path",
            id="missing",
        ),
        pytest.param(".", ".: cannot be read: Is a directory", id="folder"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, problem: str) -> None:
    """What cannot be opened is a problem of the file as a whole."""
    with pytest.raises(BadFileError) as caught:
        read_document(tmp_path / name, name)
    assert str(caught.value) == problem
