"""Add two parts with different values to a resource, such as two payments to an order.

So a sum that is rounded otherwise shows, and what is kept of the last part, not of the greatest.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.moves import Move, captured_as, own_changes, sequence_probe
from conformance.fuzzing.probe import Probe


def different_parts(
    creator: Creator, every: Sequence[Move], bases: Mapping[str, Base]
) -> Iterator[tuple[Probe, str]]:
    """Yield two parts of a resource in each order, and reads of it, each with a description.

    A part has the usual values, or other ones that are accepted.
    """
    own = filter(attrgetter("own"), every)
    reads = [(move.step, move.operation) for move in own if move.safe and not move.before]
    for other in filter(_adds_a_part, own_changes(creator, every)):
        usual = _usual(other, bases)
        if usual.step.form == other.step.form:
            continue
        for words, word in (
            ("the usual, another", (usual, other)),
            ("another, the usual", (other, usual)),
            ("the usual twice", (usual, usual)),
        ):
            yield (
                sequence_probe(creator, word).followed_by(reads),
                f"{other.words}: {words} → reads",
            )


def _adds_a_part(move: Move) -> bool:
    return move.step.form.method == "POST" and move.choice == 1


def _usual(move: Move, bases: Mapping[str, Base]) -> Move:
    """Return the move with the values of its base."""
    return replace(move, step=captured_as(bases[move.operation].form_step, "usual"))
