"""What can stop a request to embedd."""


class UnknownModelError(Exception):
    """There is no such model, or it is not installed; the message says which there are."""
