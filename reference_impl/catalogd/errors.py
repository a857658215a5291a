"""What keeps catalogd from doing what it is asked.

    NoSuchDatasetError     no dataset has this name
    SchemaConflictError    the name belongs to a dataset of another schema; holds the fingerprints
                           of both
    RepeatedColumnError    two columns of a schema have one name

Which status each is, the handlers say.
"""


class NoSuchDatasetError(Exception):
    """No dataset has this name."""


class RepeatedColumnError(Exception):
    """Two columns have one name, whatever their case; `index` is the place of the second."""

    def __init__(self, index: int) -> None:
        super().__init__(f"column {index}")
        self.index = index


class SchemaConflictError(Exception):
    """The name belongs to a dataset of another schema."""

    def __init__(self, *, registered: str, sent: str) -> None:
        super().__init__(f"{registered} is registered, {sent} was sent")
        self.registered = registered
        self.sent = sent
