"""The reports of a run, made from its record: during the run, or afterwards.

The modules that make reports are imported late, so that no request waits for the import.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import Place
from conformance.model.report import RunReport
from conformance.records.write import FILE_NAME

if TYPE_CHECKING:
    from conformance.project.finished_run import RunReports


class ReportsBeside:
    """Makes the reports of a run, and may follow its record line by line.

    It follows the record if workers replay the cases, because the run's own process only waits
    then.
    """

    def __init__(self, folder: Path, runs: Path) -> None:
        self._folder = folder
        self._runs = runs
        self._lines = 0
        self._reports: RunReports | None = None

    def take(self, line: bytes) -> None:
        """Take the next line of the record."""
        self._lines += 1
        if self._lines == 1:
            return  # the header is read with the second line, when the workers are busy
        self._reports = self._reports or self._begun()
        place = Place(str(self._folder / FILE_NAME), self._lines, 1)
        self._reports.take_line(line, place)

    def _begun(self) -> "RunReports":
        from conformance.project.finished_run import RunReports  # noqa: PLC0415 - as said above
        from conformance.records.read import read_start  # noqa: PLC0415

        return RunReports(read_start(self._folder))

    def finish(self) -> RunReport:
        """Write the reports of the run, make it the latest, and return its report."""
        from conformance.project.finished_run import finish_run  # noqa: PLC0415 - as said above

        if self._reports is None:
            return finish_run(self._folder, self._runs)
        return self._reports.finish(self._folder, self._runs)
