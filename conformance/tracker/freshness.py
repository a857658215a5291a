"""Whether evidence is as new as the cases and the code that it is about.

Evidence must also be as new as the row demands (*Fresh for*).
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Final

from conformance.errors import Place, Problem
from conformance.grouped import grouped
from conformance.model.case_digest import digest_of_cases
from conformance.project.sources import source_digest
from conformance.tracker.claims import DocumentClaim
from conformance.tracker.page import NOT_VERIFIED, Basis, verified_text
from conformance.wording import are, plural, some, verb

_SYNC: Final = "run the cases, then `conformance tracker sync --run latest`"
Sources = Mapping[str, tuple[Path, ...]]
"""The files and folders of the code of each declared runtime, by its name."""


def older_than_cases(claims: Iterable[DocumentClaim], basis: Basis) -> Iterator[Problem]:
    """Yield a problem if rows rest on cases that were changed, added or removed since the run."""
    older = [claim.place for claim in claims if _asked_otherwise(claim, basis)]
    if older:
        what = (
            f"{plural(len(older), 'row')} from here on {are(len(older))} about cases that changed "
            "since the last run"
        )
        yield Problem(older[0], f"{what}: {_SYNC}")


def _asked_otherwise(claim: DocumentClaim, basis: Basis) -> bool:
    """Return whether the cases of a claim have changed since its evidence was made."""
    evidence = basis.shown(claim)
    # A claim that rests on reports alone has no cases that could change
    if evidence is None or not evidence.count:
        return False
    return evidence.digest != digest_of_cases(basis.digests(claim))


def older_than_code(
    claims: Iterable[DocumentClaim], basis: Basis, sources: Sources
) -> Iterator[Problem]:
    """Yield the runtimes whose code has changed since their run.

    Runtimes that the same rows rest on are in one problem.
    """
    now = functools.cache(source_digest)
    rows_of: dict[tuple[str, bool], list[Place]] = defaultdict(list)
    undeclared: dict[str, list[Place]] = defaultdict(list)
    for claim in claims:
        evidence = basis.shown(claim)
        runtimes = evidence.runtimes if evidence else ()
        for each in runtimes:
            source = sources.get(each.runtime, ())
            # The run had a source, but the runtimes file no longer names it
            if each.source and not source:
                undeclared[each.runtime].append(claim.place)
            elif source and each.source != now(source):
                rows_of[each.runtime, bool(each.source)].append(claim.place)
    yield from _without_source(undeclared)
    yield from _with_older_source(rows_of, sources)


def _with_older_source(
    rows_of: Mapping[tuple[str, bool], Sequence[Place]], sources: Sources
) -> Iterator[Problem]:
    """Yield a problem for rows about older code.

    `rows_of` has the rows by runtime and by whether the run started it from its source.
    """
    # The same rows may rest on several runtimes
    together = grouped(rows_of, lambda key: (tuple(rows_of[key]), key[1]))
    for (places, run_from_source), runtimes in together.items():
        names = list(map(itemgetter(0), runtimes))
        paths = chain.from_iterable(sources[name] for name in names)
        written = list(dict.fromkeys(map(_shortest, paths)))
        changed = f"{some(written)} changed since" if run_from_source else _ELSEWHERE
        rows = f"{plural(len(places), 'row')} from here on {are(len(places))}"
        older = f"{rows} about older code of {some(names)}"
        yield Problem(places[0], f"{older}, for {changed}: {_SYNC}")


def _without_source(undeclared: Mapping[str, Sequence[Place]]) -> Iterator[Problem]:
    for name, places in undeclared.items():
        what = (
            f"{plural(len(places), 'row')} from here on {verb(len(places), 'rest')} on the code "
            f"of {name} as its `source` had it"
        )
        yield Problem(
            places[0],
            f"{what}, and the runtimes file names no `source` of {name} now: name it again",
        )


_ELSEWHERE: Final = "the last run did not start it from its `source`"


def _shortest(path: Path) -> str:
    """Return a resolved path, relative to the working folder if it is in that folder."""
    full = path.resolve()
    here = Path.cwd().resolve()
    if not full.is_relative_to(here):
        return str(full)
    return str(full.relative_to(here))


def older_than_allowed(
    claims: Iterable[DocumentClaim], basis: Basis, today: dt.date
) -> Iterator[Problem]:
    """Yield the claims that are older than their column *Fresh for* allows."""
    for claim in claims:
        if claim.fresh_days is None:
            continue
        # The text after the day says since when the claim is red
        day = verified_text(claim, basis)[:10]
        if day == NOT_VERIFIED[:10]:
            what = f"not verified by any run; to be fresh for {plural(claim.fresh_days, 'day')}"
            yield Problem(claim.place, what)
            continue
        age = (today - dt.date.fromisoformat(day)).days
        if age > claim.fresh_days:
            what = f"last verified {plural(age, 'day')} ago, on {day}; good for {claim.fresh_days}"
            yield Problem(claim.place, what)
