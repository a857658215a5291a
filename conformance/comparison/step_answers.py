"""The answers of one step, and what each pair of them showed."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.lasting_values import Lasting
from conformance.comparison.sides import Pair


class StepAnswers(Struct, frozen=True):
    """The answers of a step: who gave one, who was asked beside them, and what each pair showed.

    `spell` gives what each runtime sent as a pin holds it.
    """

    runtimes: Sequence[str]
    silent: Sequence[str]
    pairs: Mapping[Pair, AnswerComparison]
    baseline: str | None
    spell: Sequence[Lasting]
