"""A side: runtimes between which nothing differs at a place."""

from msgspec import Struct


class Side(Struct, frozen=True, kw_only=True):
    """Runtimes between which nothing differs at a place, and for each its spelling of the place.

    The spelling is empty for a runtime that has nothing there.  If the finding is about statuses,
    `codes` are the error codes of the runtimes, and `fields` the parts of the request that they
    name as wrong.  `lasting` are the places in a form that is the same in every run, if some are
    not: a name that was made for one run is then `${name}`.
    """

    runtimes: tuple[str, ...]
    places: tuple[str, ...]
    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()

    @property
    def lasting_places(self) -> tuple[str, ...]:
        """Return the place of each runtime, in a form that is the same in every run."""
        return self.lasting or self.places
