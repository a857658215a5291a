"""Count what was tried of each operation, and list what could not be sent and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.openapi import LeftOutOperation
from conformance.fuzzing.probe import Probe

STAGES: Final = {
    "value": "values",
    "wire": "wire forms",
    "pair": "pairs",
    "sequence": "sequences",
    "random": "random",
}


class Coverage(Struct):
    """Count probes by operation and stage.

    `refused` holds the answers of the runtimes for each operation without an accepted request;
    `stopped` are lines on operations that were accepted only at first.
    """

    tried: dict[str, Counter[str]] = field(default_factory=dict)
    not_sent: list[LeftOutOperation] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def start(self, operations: Iterable[str]) -> None:
        """Register operations, so that one that is never tried is listed too."""
        for operation in operations:
            self.tried.setdefault(operation, Counter())

    def count(self, probe: Probe) -> None:
        """Count a probe, if its operation is registered."""
        if probe.target in self.tried:
            self.tried[probe.target][probe.stage] += 1

    def lines(self) -> Iterator[str]:
        """Yield the report lines: for each operation the number of probes in each stage.

        Then come the operations that were refused, that stopped being accepted, or were not sent.
        """
        width = max(map(len, self.tried), default=0)
        for operation, counts in self.tried.items():
            tried = filter(counts.__getitem__, STAGES)
            parts = [f"{counts[stage]:,} {STAGES[stage]}" for stage in tried]
            written = ", ".join(parts) or "one request only"
            yield f"{operation:<{width}}  {written}"
        for operation, answers in self.refused.items():
            why = "no request was found that every runtime accepts"
            yield f"refused: {operation}: {why} ({answers})"
        yield from self.stopped
        yield from (f"not asked: {each.what}: {each.why}" for each in self.not_sent)
