"""The HTML report: judged cases in, one file out; the same record gives the same bytes.

The causes, the facts of the run and the ledger are plain HTML and need no script.  The cases are
data after them: one row each, and one block with the details, which is parsed when the case is
opened.  Values from runtimes are escaped text in the HTML, and JSON without a `<` in the data.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from conformance.ledger.drafts import Drafts
from conformance.model.report import RunReport
from conformance.model.run import RunHeader
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.reporting import phrases
from conformance.reporting.decision_rows import decision_rows
from conformance.reporting.explanation import addresses
from conformance.reporting.html.case_rows import CaseRows
from conformance.reporting.html.cause_numbers import MAX_CAUSES
from conformance.reporting.html.inert_json import data_block, inert_json
from conformance.reporting.html.legend import LEGEND
from conformance.reporting.html.page import rendered
from conformance.reporting.html.past_run import PastRun
from conformance.reporting.html.trend import trend

# Browsers are slow to open a larger page
MAX_BYTES: Final = 20_000_000
# For the part that a browser lays out at once; cases are laid out when they are opened
_MAX_PAGE_BYTES: Final = 2_500_000
# The list of cases has one line per case
_SHOWN_CAUSES: Final = 3
_TITLE_CHARACTERS: Final = 300


class HtmlFold:
    """A fold that takes the judged cases of a run and makes the page, in the same order."""

    def __init__(self, header: RunHeader) -> None:
        self._rows = CaseRows(header.runtime_names, addresses(header), header.files)
        self._drafts = Drafts()

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one judged case."""
        self._rows.add(result, judgement)
        self._drafts.add(result, judgement)

    def pieces(self, report: RunReport, past: Sequence[PastRun] = ()) -> Iterator[bytes]:
        """Yield the page of a run in pieces; `past` are earlier runs, the oldest first."""
        numbered = enumerate(report.groups[:MAX_CAUSES], start=1)
        numbers = {group.key: number for number, group in numbered}
        before, after = _page(report, self._rows, decision_rows(report, self._drafts), past)
        yield before
        yield data_block("index", _index(report, self._rows.rows(numbers)))
        for number, block in self._rows.blocks(numbers):
            yield data_block(f"case-{number}", block)
        yield after


def _page(
    report: RunReport,
    rows: CaseRows,
    to_decide: Mapping[str, Sequence[str]],
    past: Sequence[PastRun],
) -> tuple[bytes, bytes]:
    """Return the page before and after its data, with as many causes as fit the size limit."""
    count = min(len(report.groups), MAX_CAUSES)
    while True:
        before, after = rendered(
            report=report,
            groups=report.groups[:count],
            short_keys=phrases.short_keys(report.groups),
            groups_left_out=len(report.groups) - count,
            shown_causes=_SHOWN_CAUSES,
            total=sum(report.counts.values()),
            verdicts=[verdict for verdict in Verdict if report.counts[verdict]],
            decisions={decision.id: decision for decision in report.decisions},
            rows=rows,
            legend=LEGEND,
            files=report.header.files,
            to_decide=to_decide,
            trend=trend([*past, PastRun.of(report)]),
        )
        if len(before) <= _MAX_PAGE_BYTES or not count:
            return before, after
        count //= 2


def _index(report: RunReport, rows: Iterable[bytes]) -> bytes:
    """Return the data of the list of cases; the rows are already JSON."""
    named = {
        "runtimes": [{"name": facts.name, "live": facts.live} for facts in report.header.runtimes],
        "verdicts": [verdict.value for verdict in Verdict],
        "symbols": [LEGEND[verdict][0] for verdict in Verdict],
        "keys": [group.key for group in report.groups[:MAX_CAUSES]],
        "causes": [group.title[:_TITLE_CHARACTERS] for group in report.groups[:MAX_CAUSES]],
        "rows": [],
    }
    return inert_json(named).removesuffix(b"]}") + b",\n".join(rows) + b"]}"
