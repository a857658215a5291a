"""Decide what may be sent to which runtime: requests that change data only to some."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import filterfalse
from operator import attrgetter

from msgspec.structs import replace

from conformance.fuzzing.openapi import LeftOutOperation
from conformance.fuzzing.operation import Operation
from conformance.grouped import grouped
from conformance.model.runtime import AppRuntime, CommandRuntime, RecordedRuntime, Runtime
from conformance.wording import are


def may_change(runtime: Runtime) -> bool:
    """Return whether requests that change data may be sent to a runtime.

    They may if it is marked disposable, or is started for the run.
    """
    return runtime.disposable or isinstance(runtime.reach, CommandRuntime | AppRuntime)


def live_runtimes(runtimes: Iterable[Runtime]) -> list[Runtime]:
    """Return the runtimes that can answer new requests: all but recordings."""
    return [each for each in runtimes if not isinstance(each.reach, RecordedRuntime)]


def permitted(
    operations: Sequence[Operation], runtimes: Iterable[Runtime]
) -> tuple[tuple[Operation, ...], tuple[LeftOutOperation, ...]]:
    """Return the operations that may be sent to all runtimes, and the others with the reason."""
    protected = [each.name for each in filterfalse(may_change, runtimes)]
    if not protected:
        return tuple(operations), ()
    who = f"{', '.join(protected)} {are(len(protected))}"
    why = f"it may change something, and {who} not marked `disposable: true`"
    by_safety = grouped(operations, lambda each: each.safe)
    left_out = [LeftOutOperation(what=each.id, why=why) for each in by_safety.get(False, ())]
    return tuple(_with_safe_steps(by_safety.get(True, ()))), tuple(left_out)


def _with_safe_steps(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the operations without those written requests that have unsafe steps."""
    for operation in operations:
        yield replace(operation, written=tuple(filter(attrgetter("is_safe"), operation.written)))
