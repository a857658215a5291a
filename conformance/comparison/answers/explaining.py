"""Names the cause of differences that no value at one place explains, from the whole answers."""

from collections.abc import Sequence
from itertools import repeat
from operator import attrgetter

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, are_errors
from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.idioms.catalogue import WITH_EVIDENCE
from conformance.comparison.idioms.outcomes import holds_error
from conformance.comparison.idioms.whole_answers import WholeAnswers


def explained(
    differences: Sequence[Difference], a: ReadAnswer, b: ReadAnswer, terms: Terms
) -> tuple[Difference, ...]:
    """Return differences with their causes, as far as both answers and what was asked show them."""
    is_all_explained = None not in map(attrgetter("idiom"), differences)
    if is_all_explained or not terms.by_value:
        return tuple(differences)
    answers = WholeAnswers(
        asked=terms.asked,
        a=a.body.as_sent.value,
        b=b.body.as_sent.value,
        differences=differences,
        refused=a.status == b.status and (are_errors(a, b) or _both_hold_errors(a, b)),
    )
    return tuple(map(_explained, differences, repeat(answers)))


def _both_hold_errors(a: ReadAnswer, b: ReadAnswer) -> bool:
    """Return whether both refuse in their bodies, whatever their status says."""
    return all(holds_error(each.body.value, each.body.kind) for each in (a, b))


def _explained(difference: Difference, answers: WholeAnswers) -> Difference:
    check()
    if difference.idiom is not None:
        return difference
    for idiom in WITH_EVIDENCE:
        facts = idiom.whole(difference, answers) if idiom.whole else None
        if facts is not None:
            return replace(difference, idiom=idiom.name, facts=facts)
    return difference
