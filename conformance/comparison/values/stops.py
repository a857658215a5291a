"""Where the comparison of two answers stopped: below these places nothing is known of this pair.

A runtime that differs in kind above a place has no part in a difference there, and a runtime that does not show a
difference agrees only if it was compared.
"""

from dataclasses import dataclass, field

from conformance.model.json_path import JsonPath

Paths = tuple[JsonPath, JsonPath]


@dataclass(slots=True)
class Stops:
    """The places at which a pair was not compared further, as either side spells them; `()` is a whole body.

    Below `of_values` the shape was compared, and no values; `everything` tells that nothing of the bodies was.
    """

    everything: bool = False
    _whole: list[Paths] = field(default_factory=list)
    _of_values: list[Paths] = field(default_factory=list)

    def below(self, places: Paths) -> None:
        """Note that neither shape nor values are compared at a place and below."""
        self._whole.append(places)

    def values_below(self, places: Paths) -> None:
        """Note that no values are compared at a place and below."""
        self._of_values.append(places)

    def turned(self) -> "Stops":
        """Return the stops with the sides exchanged."""
        return Stops(self.everything, [stop[::-1] for stop in self._whole], [stop[::-1] for stop in self._of_values])

    def covers(self, side: int, place: JsonPath, *, value: bool) -> bool:
        """Tell whether a place, as a side spells it, was left uncompared, or its value was."""
        if self.everything:
            return True
        stops = (*self._whole, *self._of_values) if value else self._whole
        return any(place[: len(stop[side])] == stop[side] for stop in stops)
