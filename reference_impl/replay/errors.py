"""Why an answer is none, and why a run cannot be kept."""


class NoAnswerError(Exception):
    """A model could not be asked; the message says what came instead."""


class LogError(Exception):
    """A record could not be appended; the message is one line that names the file."""
