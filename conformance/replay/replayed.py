"""A case that was replayed and judged, by this process or by a worker."""

from typing import NamedTuple

from conformance.model.verdict import CaseResult, Judgement
from conformance.outgoing import cleaned
from conformance.records.write import RecordWriter, case_line


class Replayed(NamedTuple):
    """A case with its judgement and its result, or with the record line that a worker made of it.

    `place` is the file and line that define the case.
    """

    case_id: str
    place: str
    judgement: Judgement
    result: CaseResult | None = None
    line: bytes = b""

    def write(self, record: RecordWriter) -> None:
        """Write the case into the record of its run."""
        if self.result is None:
            record.line([self.line])
        else:
            record.case(self.result, self.judgement)

    def with_line(self) -> "Replayed":
        """Return the case for another process: with its record line, without secrets."""
        if self.result is None:
            return self
        line = cleaned(case_line(self.result, self.judgement))
        return self._replace(result=None, line=line)
