"""The errors of a statement: it is faulty, or one of its datasets is."""


class StatementError(Exception):
    """The statement is faulty: refused, wrong, too slow or too large.

    The message is one line for its writer.
    """


class DatasetBrokenError(Exception):
    """An object of a dataset is missing in storaged, or is not what the catalog says."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
