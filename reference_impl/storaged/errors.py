"""What keeps storaged from doing what it is asked.

    MalformedKeyError      the key cannot be decoded: two spellings could mean one object, or one
                           spelling none
    UnwantedKeyError       the key is text, but no key of an object
    NoSuchObjectError      there is nothing under this key
    ConditionError         the object is not in the state that the request wants
    RangeError             the range holds no byte of the object; `size_bytes` is how long that is

Which status each is, the handlers say.
"""


class MalformedKeyError(Exception):
    """The key cannot be decoded."""


class UnwantedKeyError(Exception):
    """The key is text, but no key of an object; the message says why, without the key."""


class NoSuchObjectError(Exception):
    """There is nothing under this key."""


class ConditionError(Exception):
    """The object is not in the state that the request wants."""


class RangeError(Exception):
    """A range holds no byte of the object."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"no byte of {size_bytes}")
        self.size_bytes = size_bytes
