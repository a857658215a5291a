"""What was tried of each operation, and what could not be asked and why."""

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
    """Counts by operation and stage.

    `refused` are by operation what runtimes have answered where none of its requests was accepted,
    and `stopped` say which operations were accepted at first only.
    """

    tried: dict[str, Counter[str]] = field(default_factory=dict)
    not_asked: list[LeftOutOperation] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def start(self, operations: Iterable[str]) -> None:
        """Name the operations, so that one that is never tried is listed as well."""
        for operation in operations:
            self.tried.setdefault(operation, Counter())

    def count(self, probe: Probe) -> None:
        """Count a probe of an operation that is named."""
        if probe.target in self.tried:
            self.tried[probe.target][probe.stage] += 1

    def lines(self) -> Iterator[str]:
        """Yield a line for each operation: the values, pairs and sequences tried.

        The line has the number of each.
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
        yield from (f"not asked: {each.what}: {each.why}" for each in self.not_asked)
