"""What keeps queryd from answering a statement: the statement itself, or an invalid dataset."""


class StatementError(Exception):
    """The statement is to blame, refused, wrong, too slow or too large.

    The message is one line for its writer.
    """


class DatasetBrokenError(Exception):
    """An object of a dataset is not in storaged as the catalog has it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
