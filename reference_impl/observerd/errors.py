"""The error of an event whose shape is right but that is too long."""


class EventTooLargeError(Exception):
    """An event is longer than one line of the log may be."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"an event is at most {limit_bytes} bytes long")
