"""Find a valid request for each operation before there are cases, and generate the first requests.

Also collect the header fields that the runtimes send.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base, Preparation, refused_operations
from conformance.fuzzing.first_cases import FirstRequest, first_requests
from conformance.fuzzing.form import FormStep
from conformance.fuzzing.fuller_bodies import fullest
from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.json_nodes import member_name, scalars
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Oracle, with_needed_captures
from conformance.fuzzing.probe import Probe
from conformance.model.decision import Ledger
from conformance.model.runtime import Runtime
from conformance.runner import event_loop
from conformance.runner.open_session import open_session


class FirstRequests(Struct, frozen=True, kw_only=True):
    """The first requests, and what was learned by sending them.

    `refused` are the ids of operations without a request that every runtime accepts. `headers` has
    for each field of the answers the runtimes that send it. `own_ids` are names of members that
    differ between runtimes because each gives its own id; `own_names` are members that are sent a
    fresh name.
    """

    requests: tuple[FirstRequest, ...]
    refused: tuple[str, ...] = ()
    headers: Mapping[str, frozenset[str]]
    own_ids: frozenset[str] = frozenset()
    own_names: frozenset[str] = frozenset()


def unsent_requests(operations: Sequence[Operation]) -> FirstRequests:
    """Return the first requests as the API document describes them, without sending any."""
    requests: list[FirstRequest] = []
    for operation in operations:
        likeliest, *_ = operation.forms()
        probe = Probe((FormStep(likeliest),), (operation.id,), "base")
        requests += first_requests(Base(operation, probe, accepted=False), probe)
    return FirstRequests(requests=tuple(requests), headers={})


def send_first_requests(
    runtimes: Sequence[Runtime], operations: Sequence[Operation], logs: Path
) -> FirstRequests:
    """Send candidates to the runtimes and return the first requests of each operation.

    Raises RuntimeUnavailableError where a runtime cannot be opened.
    """
    return event_loop.run(_send_first_requests(runtimes, operations, logs))


async def _send_first_requests(
    runtimes: Sequence[Runtime], operations: Sequence[Operation], logs: Path
) -> FirstRequests:
    async with open_session(runtimes, logs, run_id="init", same_names=True) as session:
        oracle = Oracle(session, None, Ledger())
        preparation = Preparation(oracle, operations)
        await preparation.find()
        bases = [preparation.bases[each.id] for each in operations]
        requests: list[FirstRequest] = []
        for base in bases:
            referring = preparation.candidates.referring
            valid = await fullest(base.operation, base.probe, oracle.try_out, referring)
            for request in first_requests(base, valid, tuple(preparation.reads_after(base))):
                outcome = await oracle.try_out(request.probe)
                # A request that was accepted once may be refused when it is repeated
                if any(map(attrgetter("captures"), request.probe.steps)):
                    outcome = await oracle.try_out(request.probe)
                probe = with_needed_captures(outcome)
                requests.append(replace(request, probe=probe, refused=outcome.refused))
        isolation = Isolation(session, runtimes)
        if isolation.cheap:
            await isolation.reset()
        steps = set(chain.from_iterable(map(attrgetter("probe.steps"), requests)))
        return FirstRequests(
            requests=tuple(requests),
            refused=tuple(refused_operations(bases)),
            headers={name: frozenset(senders) for name, senders in oracle.headers.items()},
            own_ids=frozenset(chain.from_iterable(map(_own_ids, steps))),
            own_names=frozenset(chain.from_iterable(map(_own_names, steps))),
        )


def _own_ids(step: FormStep) -> Iterator[str]:
    return (str(capture.path[-1]) for capture in step.captures if capture.path)


def _own_names(step: FormStep) -> Iterator[str]:
    """Yield the names of the body members that hold a fresh name."""
    body = step.form.tree or "null"
    fresh = (path for path, text in scalars(body) if "${fresh:" in text)
    yield from filter(None, map(partial(member_name, body), fresh))
