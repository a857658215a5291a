"""What keeps queryd from answering a statement.

StatementError         the statement is to blame: refused, wrong, too slow, too large; the message says so
DatasetBrokenError     an object of a dataset is gone or changed; `name` is the dataset's
BusyError              no worker was free in time
WorkerLostError        a worker died: it needed too much memory, or the engine crashed
"""


class StatementError(Exception):
    """The statement is to blame; the message is one line for whoever wrote it."""


class DatasetBrokenError(Exception):
    """An object of a dataset is not what the catalog says it is."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class BusyError(Exception):
    """No worker was free in time."""


class WorkerLostError(Exception):
    """A worker died over a statement."""
