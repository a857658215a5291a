"""An earlier run, as far as a report shows it."""

from collections.abc import Mapping
from typing import Final, Self

from msgspec import Struct

from conformance.model.report import RunReport

# As many bars as fit beside each other on a small screen
SHOWN_RUNS: Final = 20


class PastRun(Struct, frozen=True, kw_only=True):
    """How a run came out."""

    run_id: str
    started: str
    commit: str
    red: bool
    counts: Mapping[str, int]

    @classmethod
    def of(cls, report: RunReport) -> Self:
        """Return how a run came out by its report."""
        header, counts = (
            report.header,
            {verdict.value: count for verdict, count in report.counts.items()},
        )
        return cls(
            run_id=header.run_id,
            started=header.started,
            commit=header.commit,
            red=report.red,
            counts=counts,
        )
