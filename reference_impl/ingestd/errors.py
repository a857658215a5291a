"""The error of a file that ingestd cannot make a dataset of."""


class FileError(Exception):
    """The file is faulty.

    `reason` says why, without content of the file; `line` is the faulty line, if known.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
