"""Further forms of known causes: they wait, so that new causes are looked for first.

To shrink a form takes as many requests as to shrink a new cause, and a form rarely shows another
defect.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe

_MOST_WAITING: Final = 8
"""Most probes that wait for one cause: a cause has at most six forms."""


class FurtherForms(Struct):
    """Probes that may show a further form of a known cause, by its key.

    `waits` is False while they are looked at.
    """

    waits: bool = True
    waiting: dict[Key, dict[Probe, None]] = field(default_factory=dict)

    def put_off(self, probe: Probe, keys: Iterable[Key]) -> None:
        """Let a probe wait for each key, unless enough wait for it."""
        for key in keys:
            waiting = self.waiting.setdefault(key, {})
            if len(waiting) < _MOST_WAITING:
                waiting[probe] = None

    def taken(self) -> Iterator[Probe]:
        """Yield the probes that wait, each once; none waits then."""
        waiting, self.waiting = self.waiting, {}
        yield from dict.fromkeys(chain.from_iterable(waiting.values()))
