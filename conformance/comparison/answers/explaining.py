"""Find the idioms of differences that only the two whole answers explain."""

from collections.abc import Sequence
from itertools import repeat
from operator import attrgetter

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, hold_errors
from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.idioms.catalogue import WITH_EVIDENCE
from conformance.comparison.idioms.whole_answers import WholeAnswers


def explained(
    differences: Sequence[Difference], a: ReadAnswer, b: ReadAnswer, terms: Terms
) -> tuple[Difference, ...]:
    """Return the differences with the idioms that the request and both whole answers show.

    Only differences without an idiom are examined, and only if values are compared.
    """
    is_all_explained = None not in map(attrgetter("idiom"), differences)
    if is_all_explained or not terms.by_value:
        return tuple(differences)
    answers = WholeAnswers(
        request_text=terms.request_text,
        a=a.body.as_sent.value,
        b=b.body.as_sent.value,
        differences=differences,
        refused=a.status == b.status and hold_errors(a, b),
    )
    return tuple(map(_explained, differences, repeat(answers)))


def _explained(difference: Difference, answers: WholeAnswers) -> Difference:
    """Return a difference with the first idiom that the whole answers show for it, if any."""
    check()
    if difference.idiom is not None:
        return difference
    for idiom in WITH_EVIDENCE:
        facts = idiom.whole(difference, answers) if idiom.whole else None
        if facts is not None:
            return replace(difference, idiom=idiom.name, facts=facts)
    return difference
