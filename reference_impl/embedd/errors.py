"""The error of embedd's models."""


class UnknownModelError(Exception):
    """The model does not exist or is not installed; the message lists the installed ones."""
