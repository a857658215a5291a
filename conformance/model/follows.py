"""What a finding only follows from: another place of the same exchange."""

from msgspec import Struct


class Follows(Struct, frozen=True):
    """What a finding only follows from, by step and place, and how: `the sha256 of it`.

    With `whole_body` it is a length, a digest or the label of all of a body: it follows from each
    of the `places` that differ there, and is decided when these are.  Without, there is one place.
    """

    step: int
    places: tuple[str, ...]
    how: str
    whole_body: bool = False
