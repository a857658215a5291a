"""The errors of storaged's rules.

    MalformedKeyError      the key cannot be decoded: two spellings could mean one object, or one
                           spelling none
    UnwantedKeyError       the key is text, but no object may have it
    NoSuchObjectError      no object has this key
    ConditionError         the object is not in the state that the request demands
    RangeError             the range has no byte of the object; `size_bytes` is the object's size

The handlers choose the status of each.
"""


class MalformedKeyError(Exception):
    """The key cannot be decoded."""


class UnwantedKeyError(Exception):
    """The key is text, but no object may have it; the message says why, without the key."""


class NoSuchObjectError(Exception):
    """No object has this key."""


class ConditionError(Exception):
    """The object is not in the state that the request demands."""


class RangeError(Exception):
    """A range has no byte of the object."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"no byte of {size_bytes}")
        self.size_bytes = size_bytes
