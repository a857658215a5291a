"""Why a row is left out, and why a run stops."""


class RowError(ValueError):
    """A row cannot become evidence; the message is the reason that is kept."""


class StorageError(Exception):
    """A file cannot be read or written; the message is one line that names it."""
