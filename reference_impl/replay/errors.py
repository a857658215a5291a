"""The errors of a model that gave no answer, and of a line that cannot be written."""


class NoAnswerError(Exception):
    """A model gave no answer; the message says what came instead."""


class LogError(Exception):
    """A record could not be appended; the message is one line that names the file."""
