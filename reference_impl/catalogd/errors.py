"""What keeps catalogd from doing what it is asked.

    NoSuchDatasetError     no dataset has this name
    SchemaConflictError    the name belongs to a dataset of another schema; holds the fingerprints
                           of both
    RepeatedColumnsError   columns of a schema have one name

Which status each is, the handlers say.
"""


class NoSuchDatasetError(Exception):
    """No dataset has this name."""


class RepeatedColumnsError(Exception):
    """Columns have the name of one before them, whatever their case; `indexes` are their places."""

    def __init__(self, indexes: tuple[int, ...]) -> None:
        super().__init__(f"columns {indexes}")
        self.indexes = indexes


class SchemaConflictError(Exception):
    """The name belongs to a dataset of another schema."""

    def __init__(self, *, registered: str, sent: str) -> None:
        super().__init__(f"{registered} is registered, {sent} was sent")
        self.registered = registered
        self.sent = sent
