"""Damaged suite files: any damage to a good one is read or refused by name, never a traceback."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.errors import BadFileError
from conformance.suites.document import parse_document
from conformance.suites.suite_file import cases_of

PROBE = (Path(__file__).parents[2] / "cases" / "validatord" / "validate.yaml").read_bytes()
WHOLE = (Path(__file__).parent / "whole_grammar.yaml").read_bytes()
INTERESTING = [
    b"\x00",
    b"\xff",
    b"\t",
    b"${",
    b"$",
    b"&a ",
    b"*a",
    b"!x ",
    b"<<: ",
    b"[",
    b"{",
    b"? ",
    b"- ",
    b": ",
    b"'",
    b"${a}",
    b"${fresh:a}",
    b"$re: ",
    b"matrix: ",
]


def read_without_surprise(raw: bytes) -> None:
    """Read bytes as a suite.

    Anything but BadFileError with placed one-line problems is a failure.
    """
    try:
        cases_of(parse_document(raw, "mutant.yaml"))
    except BadFileError as error:
        for problem in error.problems:
            assert str(problem).startswith("mutant.yaml:")
            assert "\n" not in str(problem)
            assert len(str(problem)) < 500


@st.composite
def spliced(draw: st.DrawFn) -> bytes:
    """Overwrite, cut out or fill a few spots of the file with bytes that mean something in YAML."""
    raw = bytearray(draw(st.sampled_from([PROBE, WHOLE])))
    for _ in range(draw(st.integers(1, 6))):
        at, cut = draw(st.integers(0, len(raw))), draw(st.integers(0, 12))
        raw[at : at + cut] = draw(st.sampled_from(INTERESTING) | st.binary(max_size=6))
    return bytes(raw)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spliced())
def test_spliced_files(raw: bytes) -> None:
    """Bytes flipped, inserted and removed anywhere give cases or placed problems."""
    read_without_surprise(raw)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([PROBE, WHOLE]),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=4),
)
def test_swapped_lines(written: bytes, swaps: list[tuple[int, int]]) -> None:
    """Lines in another order give cases or placed problems."""
    lines = written.splitlines(keepends=True)
    for first, second in swaps:
        a, b = first % len(lines), second % len(lines)
        lines[a], lines[b] = lines[b], lines[a]
    read_without_surprise(b"".join(lines))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([PROBE, WHOLE]), st.integers(0, len(PROBE)))
def test_truncated_files(written: bytes, length: int) -> None:
    """A file cut off anywhere gives cases or placed problems."""
    read_without_surprise(written[:length])


_WORDS = st.sampled_from(
    ["", "a", "${a}", "${x}", "$${x}", "${fresh:n}", "${env:T}", "/a", "$.a", "$.a[*]", "(", "null"]
)
_NAMES = st.sampled_from(
    [
        "$is",
        "$re",
        "$any",
        "$not",
        "$has",
        "$len",
        "$range",
        "$open",
        "$$is",
        "a",
        "${a}",
        "path",
        "identity",
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)
_FIELDS = ["json", "raw", "base64", "file", "form", "multipart", "headers", "method", "target"]
_SETTINGS = [
    "capture",
    "expect",
    "matrix",
    "cleanup",
    "isolate",
    "requires",
    "lacking",
    "steps",
    "rules",
    "tags",
]


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=3),
    st.dictionaries(st.sampled_from(_SETTINGS), _VALUES, max_size=4),
    st.dictionaries(st.sampled_from(["status", "headers", "json", "body"]), _VALUES, max_size=3),
)
def test_any_value_in_any_field(
    request: dict[str, object], case: dict[str, object], expect: dict[str, object]
) -> None:
    """Whatever stands where something else was wanted, the file is read or refused by name."""
    written = {"name": "x", "request": {"POST": "/a", **request}, "expect": expect, **case}
    read_without_surprise(json.dumps({"suite": "a", "cases": [written]}).encode())


def test_the_whole_grammar_is_read() -> None:
    """The file that is damaged above is a good one."""
    assert len(cases_of(parse_document(WHOLE, "whole.yaml"))) == 10


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes(raw: bytes) -> None:
    """Any bytes at all give cases or placed problems, and so does any latin-1 text."""
    read_without_surprise(raw)
    read_without_surprise(raw.decode("latin-1").encode())
