"""The selection of the cases of a run."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from conformance.errors import NothingSelectedError
from conformance.model.case import Case
from conformance.model.case_glob import matches_any
from conformance.wording import plural


class Selection(Struct, frozen=True, kw_only=True):
    """The selection on the command line: by globs, tags and ids.

    A case matches any of the globs, any of the tags and any of the ids.  Empty globs or tags, or
    ids of None, select all cases.
    """

    globs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ids: frozenset[str] | None = None

    def takes(self, case: Case) -> bool:
        """Return whether a case is selected."""
        if self.ids is not None and case.id not in self.ids:
            return False
        if self.globs and not matches_any(case.id, self.globs):
            return False
        return not self.tags or not case.tags.isdisjoint(self.tags)

    def split(self, cases: Iterable[Case], *, at_least: int = 1) -> Iterator[tuple[Case, bool]]:
        """Yield each case and whether it is selected.

        Raises NothingSelectedError at the end if fewer than `at_least` cases are selected.
        """
        known = 0
        taken = 0
        for case in cases:
            is_taken = self.takes(case)
            known += 1
            taken += is_taken
            yield case, is_taken
        wanted = max(1, at_least)
        if taken < wanted:
            raise NothingSelectedError(
                f"{taken} of {plural(known, 'case')} selected, at least {wanted} wanted",
                hint="`conformance list` shows every case id and its tags",
            )
