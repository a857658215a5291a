"""Cases that a sentence names, or counts if there are too many."""

from typing import Final

from msgspec import Struct, field

from conformance.wording import plural, some

_MOST: Final = 100
"""The most cases that are kept by id; further ones are only counted."""


class NamedCases(Struct):
    """Ids of cases for one sentence, collected one by one."""

    count: int = 0
    _kept: list[str] = field(default_factory=list)

    def add(self, case_id: str) -> None:
        """Add the id of one case."""
        self.count += 1
        if len(self._kept) < _MOST:
            self._kept.append(case_id)

    def with_verb(self, singular: str, verb: str) -> str:
        """Return the cases with the right form of a verb: `shop/one stays`, `2 cases stay`."""
        agreed = verb
        if self.count == 1:
            agreed = singular
        # If some were not kept, none is named
        if self.count > _MOST:
            return f"{plural(self.count, 'case')} {agreed}"
        return f"{some(self._kept)} {agreed}"
