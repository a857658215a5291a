"""Places where the answers of two runtimes were not compared, for later use by the ledger.

A ledger row is about a place.  If nothing differs there, this only shows a fix if the two answers
were compared there, and no rule accepted a difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.bodies.markup import own_path
from conformance.comparison.difference import printable
from conformance.comparison.lasting_values import Lasting, lasting_place
from conformance.comparison.sides import Pair
from conformance.comparison.values.stops import Paths
from conformance.model.case import CompareLevel
from conformance.model.json_path import JsonPath, render_path
from conformance.model.rule import Rule, rule_name
from conformance.model.verdict import Uncompared

_MOST: Final = 500
"""How many places of a pair are kept: a body with more of them is not decided place by place."""
_STATUSES: Final = "their statuses differ"
_ONLY_STATUSES: Final = "only statuses are compared in this case"
_ONLY_SHAPES: Final = "only the shapes of bodies are compared in this case"
_ABOVE: Final = "they differ above it, or have nothing there to compare"
_EVERYTHING: Final = ("", "")


def uncompared(
    step: int,
    runtimes: Sequence[str],
    pairs: Mapping[Pair, AnswerComparison],
    spell: Sequence[Lasting],
    level: CompareLevel,
) -> Iterator[Uncompared]:
    """Yield for every two runtimes the places at which their answers were not compared.

    `spell` has for each runtime the function that gives names in a place as in every run.
    """
    for pair, compared in pairs.items():
        names = (runtimes[pair[0]], runtimes[pair[1]])
        if compared.stops.everything:
            why = _ONLY_STATUSES if level is CompareLevel.STATUS else _STATUSES
            yield Uncompared(step=step, runtimes=names, places=_EVERYTHING, why=why)
            continue
        if level is CompareLevel.SHAPE and compared.spelled is not None:
            yield Uncompared(
                step=step, runtimes=names, places=_EVERYTHING, why=_ONLY_SHAPES, values=True
            )
        both = (_Side(compared, 0, spell[pair[0]]), _Side(compared, 1, spell[pair[1]]))
        for paths, values in islice(compared.stops.left_out(), _MOST):
            yield Uncompared(
                step=step, runtimes=names, places=_written(paths, both), why=_ABOVE, values=values
            )
        for rule, where in islice(compared.accepted, _MOST):
            yield _accepted(step, names, rule, _written(where, both))


def _accepted(step: int, names: tuple[str, str], rule: Rule, places: tuple[str, str]) -> Uncompared:
    """Return the place at which a rule accepted a difference of two runtimes."""
    name = rule_name(rule)
    why = f"the rule {name} accepts what differs there"
    return Uncompared(step=step, runtimes=names, places=places, why=why, rule=name)


class _Side:
    """Prints the paths of one of two compared answers as they were sent, the same in every run."""

    def __init__(self, compared: AnswerComparison, side: int, spell: Lasting) -> None:
        self._markup = compared.spelled[side].body.markup if compared.spelled else None
        self._spell = spell

    def written(self, path: JsonPath) -> str:
        """Return a path as it is printed."""
        own = path if self._markup is None else own_path(self._markup, path)
        return printable(lasting_place(render_path(own), self._spell))


def _written(where: Paths | str, sides: tuple[_Side, _Side]) -> tuple[str, str]:
    """Return a place as each side spells it."""
    if isinstance(where, str):
        return where, where
    return sides[0].written(where[0]), sides[1].written(where[1])
