"""A large body is read in pieces: they show all that the whole shows."""

import json
from typing import Any, Final
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.evidence import json_pieces
from conformance.comparison.evidence.json_pieces import UNREADABLE, pieces_of
from conformance.model.evidence import FixEvidence
from tests.comparison.evidence.judged import asked, evidence_of, results

SCALARS: Final = st.one_of(st.none(), st.booleans(), st.integers(-1, 99), st.text(max_size=9))
VALUES: Final = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        st.lists(below, max_size=4), st.dictionaries(st.text("abc", max_size=2), below, max_size=4)
    ),
    max_leaves=20,
)
SMALL: Final = 12


def gathered(first: bytes, second: bytes) -> FixEvidence:
    """Return what a case shows to which two runtimes answered one body and a third another."""
    return evidence_of(
        results([asked("GET /a", first.decode(), first.decode(), second.decode())], 3)
    )


@given(VALUES, VALUES)
def test_pieces_show_what_the_whole_shows(one: Any, other: Any) -> None:
    first, second = json.dumps([one]).encode(), json.dumps({"a": other, "b": one}).encode()
    whole = gathered(first, second)
    with patch.object(json_pieces, "_LARGE_BYTES", SMALL):
        assert gathered(first, second) == whole


@given(VALUES)
def test_no_piece_is_large_but_for_what_cannot_be_parted(value: Any) -> None:
    body = json.dumps([value, value, value]).encode()
    with patch.object(json_pieces, "_LARGE_BYTES", SMALL):
        for piece, _ in pieces_of(body):
            if isinstance(piece, list) and len(piece) > 1:
                assert sum(len(json.dumps(element)) for element in piece) <= SMALL


def test_a_body_that_is_no_json_shows_nothing() -> None:
    body = b"[" + b'{"a":null},' * 20_000 + b"}"
    seen: list[Any] = []
    try:
        seen.extend(pieces_of(body))
    except UNREADABLE:
        assert not seen
    else:
        raise AssertionError(seen[:1])
