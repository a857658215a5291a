"""An earlier run, with the facts that a report shows of it."""

from collections.abc import Mapping
from typing import Final, Self

from msgspec import Struct

from conformance.model.report import RunReport

# As many bars as fit on a small screen
SHOWN_RUNS: Final = 20


class PastRun(Struct, frozen=True, kw_only=True):
    """The result of a run: whether it was red, and the number of cases by verdict."""

    run_id: str
    started: str
    commit: str
    red: bool
    counts: Mapping[str, int]

    @classmethod
    def of(cls, report: RunReport) -> Self:
        """Return the result of a run from its report."""
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
