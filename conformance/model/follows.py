"""The origin of a finding that only follows from another place of the same exchange."""

from msgspec import Struct


class Follows(Struct, frozen=True):
    """The step and places from which a finding follows, and how: `the sha256 of it`.

    With `whole_body` the finding is about a length, a digest or the label of a whole body: it
    follows from each of the `places`, and is decided when all of them are.  Otherwise there is one
    place.
    """

    step: int
    places: tuple[str, ...]
    how: str
    whole_body: bool = False
