"""What keeps ingestd from making a dataset of a file.

FileError              the file is to blame; `line` is where, if that is known
"""


class FileError(Exception):
    """The file is to blame; the message says why, without what stands in it."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
