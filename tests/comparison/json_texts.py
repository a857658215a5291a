"""JSON texts for properties: arbitrary ones, and small ones from a few words.

In the small ones sides meet and idioms are found.
"""

import json
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st

PROPERTY: Final = settings(derandomize=True, deadline=None, max_examples=70)
"""How every property here is tried: the same examples each time, however busy the machine."""
_EXPONENT: Final = st.sampled_from(["", "e0", "E+2", "e-7", "e400"])
_FRACTION: Final = st.sampled_from(["", ".0", ".00", ".5", ".125"])
_WHOLE: Final = st.one_of(st.integers(), st.integers(min_value=-(10**40), max_value=10**40)).map(
    str
)
NUMBERS: Final = st.one_of(
    st.builds("".join, st.tuples(_WHOLE, _FRACTION, _EXPONENT)), st.just("-0"), st.just("-0.0")
)
TEXTS: Final = st.text(st.characters(codec="utf-8"), max_size=6)
WITH_SURROGATES: Final = st.text(st.characters(), max_size=6)
_NAMES: Final = (
    "id",
    "user_id",
    "userId",
    "UserID",
    "data",
    "items",
    "Kind",
    "kind",
    "field",
    "Field",
    "Schema",
    "_",
)
_WORDS: Final = (
    "",
    "x",
    "12",
    "1.5",
    "schema",
    "2026-11-23",
    "2026-11-23T00:00:00Z",
    "2026-11-23T01:00:00+01:00",
)
_FEW_NUMBERS: Final = (
    "0",
    "1",
    "12",
    "1.0",
    "1.50",
    "15e-1",
    "1700000000",
    "1700000000000",
    "true",
    "false",
    "null",
)


def written(
    scalars: st.SearchStrategy[str], names: st.SearchStrategy[str], leaves: int = 20
) -> st.SearchStrategy[str]:
    """Return documents as texts, from the texts of scalars."""

    def containers(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        arrays = st.lists(inside, max_size=4).map(lambda items: "[" + ",".join(items) + "]")
        return st.one_of(arrays, st.dictionaries(names, inside, max_size=4).map(_object))

    return st.recursive(scalars, containers, max_leaves=leaves)


def _object(members: dict[str, str]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in members.items()) + "}"


_PLAIN: Final = st.sampled_from(["true", "false", "null"])
ANY_TEXT: Final = written(st.one_of(NUMBERS, _PLAIN, TEXTS.map(json.dumps)), TEXTS)
ANY_TEXT_WITH_SURROGATES: Final = written(
    st.one_of(NUMBERS, _PLAIN, WITH_SURROGATES.map(json.dumps), st.just('"#1.5#"')), WITH_SURROGATES
)
ALIKE_TEXT: Final = written(
    st.one_of(st.sampled_from(_FEW_NUMBERS), st.sampled_from(_WORDS).map(json.dumps)),
    st.sampled_from(_NAMES),
    leaves=8,
)
