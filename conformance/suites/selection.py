"""Which of the cases that were read a run is about."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from conformance.errors import NothingSelectedError
from conformance.model.case import Case
from conformance.model.case_glob import matches_any
from conformance.wording import plural


class Selection(Struct, frozen=True, kw_only=True):
    """What the command line asks for: any of the globs, any of the tags, any of the ids.

    Nothing given means all.
    """

    globs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ids: frozenset[str] | None = None

    def takes(self, case: Case) -> bool:
        """Return whether a case is selected."""
        by_glob = not self.globs or matches_any(case.id, self.globs)
        by_tag = not self.tags or not case.tags.isdisjoint(self.tags)
        by_id = self.ids is None or case.id in self.ids
        return by_glob and by_tag and by_id

    def split(self, cases: Iterable[Case], *, at_least: int = 1) -> Iterator[tuple[Case, bool]]:
        """Yield each case and whether it is selected.

        Raises NothingSelectedError at the end of fewer than wanted.
        """
        known = taken = 0
        for case in cases:
            takes = self.takes(case)
            known, taken = known + 1, taken + takes
            yield case, takes
        if taken < max(1, at_least):
            raise NothingSelectedError(
                f"{taken} of {plural(known, 'case')} selected, at least {max(1, at_least)} wanted",
                hint="`conformance list` shows every case id and its tags",
            )
