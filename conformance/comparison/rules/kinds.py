"""Decide whether a value is of a kind that a rule can name."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final

from conformance.comparison.values.columns import of_type
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.timestamps import (
    form_of_integer,
    is_moment,
    written_form_of_text,
)
from conformance.model.rule import RuleKind

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")


def _is_timestamp(value: Json) -> bool:
    """Return whether a value is an existing date or time, or a plausible epoch number."""
    if isinstance(value, str):
        return is_moment(value)
    return type(value) is int and form_of_integer(value) is not None


_SPECIAL: Final[Mapping[RuleKind, Callable[[Json], bool]]] = MappingProxyType(
    {
        RuleKind.ANY: lambda _: True,
        RuleKind.NUMBER: lambda value: kind_of(value) in {"integer", "number"},
        RuleKind.UUID: lambda value: isinstance(value, str) and _UUID.match(value) is not None,
        RuleKind.TIMESTAMP: _is_timestamp,
    }
)
"""By kind: whether a value is of it, for kinds that are not exactly one JSON type."""


_EPOCH_S: Final = 3_600
"""Integers count as times of one clock only if they lie within an hour, as those of one run do."""
_MS_PER_S: Final = 1_000
"""Milliseconds per second."""
NARROWEST_FIRST: Final = (
    RuleKind.UUID,
    RuleKind.TIMESTAMP,
    RuleKind.INTEGER,
    RuleKind.NUMBER,
    RuleKind.BOOLEAN,
    RuleKind.STRING,
    RuleKind.ARRAY,
    RuleKind.OBJECT,
)
"""All kinds but `any` and `null`, from the narrowest to the widest."""


def accepts(kind: RuleKind, value: Json) -> bool:
    """Return whether a value is of a kind."""
    special = _SPECIAL.get(kind)
    if special is None:
        return kind_of(value) == kind.value
    return special(value)


def kinds_of_all(values: Sequence[Json]) -> Iterator[RuleKind]:
    """Yield the kinds, other than `any` and `null`, that all values are of, the narrowest first.

    Integers count as timestamps only if they lie within an hour.
    """
    for kind in NARROWEST_FIRST:
        is_held = all(map(partial(accepts, kind), values))
        if not is_held:
            continue
        # Any integer may look like a time: only integers close together are proposed as times
        is_by_chance = kind is RuleKind.TIMESTAMP and not _may_be_of_a_clock(values)
        if not is_by_chance:
            yield kind


def _may_be_of_a_clock(values: Sequence[Json]) -> bool:
    """Return whether timestamps may come from one clock: integers only if close together."""
    numbers = of_type(values, int)
    are_seconds = forms_of(numbers) == {"epoch seconds"}
    hour = _EPOCH_S if are_seconds else _EPOCH_S * _MS_PER_S
    apart = max(numbers, default=0) - min(numbers, default=0)
    return apart <= hour


def forms_of(column: Iterable[Json]) -> frozenset[str | None]:
    """Return the forms in which timestamps are written, including their precision."""
    return frozenset(map(_form_of, column))


def _form_of(time: Json) -> str | None:
    """Return the form of a time, or None if it has none."""
    if isinstance(time, str):
        return written_form_of_text(time)
    return form_of_integer(time)
