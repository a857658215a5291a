"""Streams of any records that differ in a few: read side by side, they show what they show whole.

What the windows hold is made small, so that short streams go through all that long ones do.
"""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.comparison.bodies import long_streams
from conformance.comparison.values import repeated_elements
from conformance.model.case import CompareLevel
from tests.comparison.bodies.test_long_streams import Record, are_read_beside, written

SMALL: Final = {"_SAMPLE": 4, "_WINDOW": 3, "_TRIED": 8}
SCALARS: Final = st.sampled_from(
    ["", "a", "b", "7", "1.50", "true", "2026-01-01T00:00:00Z", '{"a":1}', "ID_A", "idA",
     0, 1, 2, 7, -1, 0.0, 1.5, 1.25, True, False, None, 1 << 60]
)  # fmt: skip
NAMES: Final = st.sampled_from(["text", "done", "userName", "user_name", "total", "at", "x"])
VALUES: Final[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=4,
)
RECORDS: Final = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
CHANGES: Final = st.lists(
    st.tuples(st.integers(0, 59), st.none() | RECORDS, NAMES, VALUES), min_size=1, max_size=4
)


def changed(record: Record, name: str, value: Any) -> Record:
    """Return a record with another value at a name; without it where it is that value already."""
    if name in record and repr(record[name]) == repr(value):
        return {known: record[known] for known in record if known != name} or {"text": "only"}
    return {**record, name: value}


@given(
    forms=st.lists(RECORDS, min_size=1, max_size=4),
    changes=CHANGES,
    kind=st.sampled_from(["events", "lines"]),
    level=st.sampled_from([CompareLevel.SHAPE, CompareLevel.VALUE]),
    length=st.integers(20, 60),
)
@settings(deadline=None)  # two comparisons, one of them by way of a thousand windows
def test_streams_show_what_they_show_whole(
    forms: list[Record],
    changes: list[tuple[int, Record | None, str, Any]],
    kind: str,
    level: CompareLevel,
    length: int,
) -> None:
    first = [forms[at % len(forms)] | {"n": at} for at in range(length)]
    second = list(first)
    for at, other, name, value in changes:
        index = at % length
        second[index] = other or changed(second[index], name, value)
    with pytest.MonkeyPatch.context() as patch:
        for setting, small in SMALL.items():
            patch.setattr(long_streams, setting, small)
        patch.setattr(repeated_elements, "_MANY", 2)
        are_read_beside((written(first, kind), written(second, kind)), kind, level)
