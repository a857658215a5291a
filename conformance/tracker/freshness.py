"""Whether evidence is as old as it may be: no older than the code that it is about, nor than its row allows."""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from conformance.errors import Place, Problem
from conformance.project.sources import source_digest
from conformance.tracker.claims import Claim
from conformance.tracker.page import NOT_VERIFIED, Basis, verified_text
from conformance.wording import plural, some

_SYNC: Final = "run the cases, then `conformance tracker sync --run latest`"
Sources = Mapping[str, tuple[Path, ...]]
"""The files and folders of each declared runtime's code, by its name."""


def older_than_code(claims: Iterable[Claim], basis: Basis, sources: Sources) -> Iterator[Problem]:
    """Yield for each source that has changed since it was run which runtimes it is of, and how many rows rest on it."""
    now = functools.cache(source_digest)
    rows: dict[tuple[tuple[Path, ...], bool], tuple[dict[str, None], dict[Place, None]]] = {}
    for claim in claims:
        shown = basis.shown(claim)
        for each in shown.runtimes if shown else ():
            source = sources.get(each.runtime, ())
            if source and each.source != now(source):
                names, resting = rows.setdefault((source, bool(each.source)), ({}, {}))
                names[each.runtime] = None
                resting[claim.place] = None
    for (source, run_from_source), (names, resting) in rows.items():
        changed = f"{some([_shortest(path) for path in source])} changed since" if run_from_source else _ELSEWHERE
        are = "is" if len(resting) == 1 else "are"
        older = f"{plural(len(resting), 'row')} from here on {are} about older code of {some(list(names))}"
        what = f"{older}, for {changed}: {_SYNC}"
        yield Problem(next(iter(resting)), what)


_ELSEWHERE: Final = "the last run did not start it from its `source`"


def _shortest(path: Path) -> str:
    """Return a path without the turns in it, from the working folder where it lies below."""
    full, here = path.resolve(), Path.cwd().resolve()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)


def older_than_allowed(claims: Iterable[Claim], basis: Basis, today: dt.date) -> Iterator[Problem]:
    """Yield the claims that are older than their column *Fresh for* allows."""
    for claim in claims:
        if claim.fresh_days is None:
            continue
        day = verified_text(claim, basis)[:10]
        if day == NOT_VERIFIED[:10]:
            yield Problem(claim.place, f"not verified by any run; to be fresh for {plural(claim.fresh_days, 'day')}")
            continue
        age = (today - dt.date.fromisoformat(day)).days
        if age > claim.fresh_days:
            yield Problem(claim.place, f"last verified {plural(age, 'day')} ago, on {day}; good for {claim.fresh_days}")
