"""What keeps ingestd from making a dataset of a file."""


class FileError(Exception):
    """The file is to blame.

    Says why, without what stands in it, and at which line if that is known.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
