"""The errors of a row that is skipped, and of a run that stops."""


class RowError(ValueError):
    """A row cannot become evidence; the message is the reason that is recorded."""


class StorageError(Exception):
    """A file cannot be read or written; the message is one line that names it."""
