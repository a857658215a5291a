"""Several runs that are judged as one: whether they may be, and their joint header and footer.

Runs may be judged as one if they have the same commit, harness, ledger and baseline.  If they are
shards, all of them must be present, so that a lost shard is never judged green.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final, TypeVar

from msgspec.structs import replace

from conformance.comparison.evidence.gathering import joined
from conformance.distinct import distinct
from conformance.errors import ShardError
from conformance.grouped import grouped
from conformance.model.run import RunFooter, RunHeader
from conformance.wording import are

_RUN_ID: Final = attrgetter("run_id")
_Member = TypeVar("_Member", str, int)
_ALIKE: Final[dict[str, Callable[[RunHeader], str]]] = {
    "ledger digest": lambda header: header.ledger_digest[:12] or "none",
    "commit": lambda header: header.commit or "unknown",
    "baseline": lambda header: header.baseline or "none",
    "version": lambda header: header.version,
}


def united_header(headers: Sequence[RunHeader]) -> RunHeader:
    """Return the header of runs judged as one; raises ShardError if they do not belong together."""
    if len(headers) == 1:
        return headers[0]
    # All problems at once, so that the command is corrected once
    problems = [*_repeated(headers), *_differences(headers), *_missing_shards(headers)]
    if problems:
        raise ShardError(
            "these runs cannot be judged as one: " + "; ".join(problems),
            hint="name each shard of one selection once, all run at one commit with one ledger "
            "and baseline",
        )
    return replace(
        headers[0],
        run_id=" + ".join(map(_RUN_ID, headers)),
        started=min(map(attrgetter("started"), headers)),
        runtimes=distinct(map(attrgetter("runtimes"), headers)),
        selected=sum(map(attrgetter("selected"), headers)),
        unselected=frozenset().union(*map(attrgetter("unselected"), headers)),
        shard=None,
        documents=distinct(map(attrgetter("documents"), headers)),
    )


def refuse_lone_shard(header: RunHeader) -> None:
    """Raise ShardError if a run that is judged alone is one of several shards."""
    missing = ", ".join(_missing_shards([header]))
    if missing:
        raise ShardError(
            f"{header.run_id} is shard {header.shard}: {missing}",
            hint="name the runs of all shards; `conformance report` shows one of them",
        )


def united_footer(footers: Sequence[RunFooter]) -> RunFooter:
    """Return the footer of runs judged as one: counts and times summed, the rest joined."""
    return RunFooter(
        finished=max(map(attrgetter("finished"), footers)),
        cases=sum(map(attrgetter("cases"), footers)),
        elapsed_s=round(sum(map(attrgetter("elapsed_s"), footers)), 3),
        remarks=distinct(map(attrgetter("remarks"), footers)),
        evidence=joined(list(map(attrgetter("evidence"), footers))),
        guard_failures=distinct(map(attrgetter("guard_failures"), footers)),
    )


def refuse_twice(case_id: str, run_id: str, run_of: dict[str, str]) -> None:
    """Note in `run_of` the run of a case; raises ShardError if another run has it, too.

    It would be chance which of the two verdicts counts.
    """
    first = run_of.setdefault(case_id, run_id)
    if first != run_id:
        raise ShardError(
            f"these runs cannot be judged as one: {case_id} is in {first} and in {run_id}",
            hint="--shard 1/2 and --shard 2/2 never share a case",
        )


def _repeated(headers: Sequence[RunHeader]) -> Iterator[str]:
    for run_id in _twice(map(_RUN_ID, headers)):
        yield f"{run_id} is named twice"


def _twice(members: Iterable[_Member]) -> list[_Member]:
    """Return the members that occur more than once, in order of their first occurrence."""
    counts = Counter(members)
    # One occurrence of each member is right
    return list(counts - Counter(counts.keys()))


def _differences(headers: Sequence[RunHeader]) -> Iterator[str]:
    for what, value_of in _ALIKE.items():
        by_value = grouped(headers, value_of)
        if len(by_value) > 1:
            values = (f"{value} in {_run_ids(alike)}" for value, alike in by_value.items())
            yield f"{what} is {', '.join(values)}"


def _run_ids(headers: Iterable[RunHeader]) -> str:
    return " and ".join(map(_RUN_ID, headers))


def _missing_shards(headers: Sequence[RunHeader]) -> Iterator[str]:
    shards = list(filter(None, map(attrgetter("shard"), headers)))
    if not shards:
        return
    counts = set(map(attrgetter("count"), shards))
    # With 1/2 and 1/3, or 1/2 and a whole run, it is unknown what is missing
    if len(counts) > 1 or len(shards) < len(headers):
        held = ", ".join(f"{header.run_id} is {header.shard or 'no shard'}" for header in headers)
        yield f"they are not the shards of one selection ({held})"
        return
    (count,) = counts
    numbers = list(map(attrgetter("number"), shards))
    missing = sorted(set(range(1, count + 1)).difference(numbers))
    if missing:
        yield f"shard {_of_parts(missing, count)} {are(len(missing))} missing"
    repeated = sorted(_twice(numbers))
    if repeated:
        yield f"shard {_of_parts(repeated, count)} is named twice"


def _of_parts(numbers: Iterable[int], count: int) -> str:
    return ", ".join(f"{number}/{count}" for number in numbers)
