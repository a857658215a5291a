"""What a row of the reliability table is, and what measuring it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any, Final

SEED: Final = 20_261_129
"""The seed of every random choice, so that a row can be measured again."""


class Form(StrEnum):
    """How long a row may take: the quick form tries a part of what the full one does."""

    FULL = "full"
    QUICK = "quick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a row measured: one line for the table, and the numbers behind it."""

    text: str
    is_met: bool
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One property, its bound, and the function that measures it.

    `measure` is `module:function` below `tests.reliability`.  The function takes the arguments of
    the form that is asked for, and returns a Figure.  A row that takes longer than its limit, in
    seconds, is ended and has missed its bound.
    """

    id: str
    what: str
    bound: str
    measure: str
    full: Mapping[str, Any] = field(default_factory=dict)
    quick: Mapping[str, Any] = field(default_factory=dict)
    full_limit_s: int = 300
    quick_limit_s: int = 60

    def limit_s(self, form: Form) -> int:
        """Return how long the row may take."""
        return self.quick_limit_s if form is Form.QUICK else self.full_limit_s

    def figure(self, form: Form) -> Figure:
        """Measure the row in this process."""
        module, _, name = self.measure.partition(":")
        function: Callable[..., Figure] = getattr(
            import_module(f"tests.reliability.{module}"), name
        )
        return function(**(self.quick if form is Form.QUICK else self.full))
