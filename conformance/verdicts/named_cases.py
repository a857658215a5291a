"""Cases that a sentence names: the first ones, or only how many there are."""

from typing import Final

from msgspec import Struct, field

from conformance.wording import plural, some

_MOST: Final = 100
"""So many cases are kept; the others are counted."""


class NamedCases(Struct):
    """Cases that have something in common, one by one."""

    count: int = 0
    _kept: list[str] = field(default_factory=list)

    def add(self, case_id: str) -> None:
        """Take one case."""
        self.count += 1
        if len(self._kept) < _MOST:
            self._kept.append(case_id)

    def with_verb(self, singular: str, verb: str) -> str:
        """Return the cases with a verb in its right form: `shop/one stays`, `2 cases stay`."""
        agreed = verb
        if self.count == 1:
            agreed = singular
        # Where some were not kept, none is named: the first ones say nothing of the others
        if self.count > _MOST:
            return f"{plural(self.count, 'case')} {agreed}"
        return f"{some(self._kept)} {agreed}"
