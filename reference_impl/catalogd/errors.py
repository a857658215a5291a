"""The errors of catalogd's rules.

    NoSuchDatasetError     no dataset has this name
    SchemaConflictError    the name belongs to a dataset with another schema; has the fingerprints
                           of both
    RepeatedColumnsError   columns of a schema have the same name

The handlers choose the status of each.
"""


class NoSuchDatasetError(Exception):
    """No dataset has this name."""


class RepeatedColumnsError(Exception):
    """Columns repeat the name of an earlier one in any case; `indexes` are their positions."""

    def __init__(self, indexes: tuple[int, ...]) -> None:
        super().__init__(f"columns {indexes}")
        self.indexes = indexes


class SchemaConflictError(Exception):
    """The name belongs to a dataset with another schema."""

    def __init__(self, *, registered: str, sent: str) -> None:
        super().__init__(f"{registered} is registered, {sent} was sent")
        self.registered = registered
        self.sent = sent
