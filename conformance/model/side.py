"""The runtimes between which nothing differs at a place."""

from msgspec import Struct


class Side(Struct, frozen=True, kw_only=True):
    """Runtimes between which nothing differs at a place, and beside each the place as it spells it.

    A runtime that has nothing there has no spelling of it (an empty text).  `codes` are what the
    runtimes call their errors, and `fields` which part of the request these say is wrong, where the
    finding is about statuses.  `lasting` are the places as they are written in every run, where
    some are not: names that were made for one run are then `${name}`.
    """

    runtimes: tuple[str, ...]
    places: tuple[str, ...]
    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()

    @property
    def lasting_places(self) -> tuple[str, ...]:
        """Return the place beside each runtime, as it is written in every run."""
        return self.lasting or self.places
