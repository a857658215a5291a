"""Names the cause of differences that no value at one place explains, from the whole answers."""

from collections.abc import Sequence

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, are_errors
from conformance.comparison.bodies.body import Body
from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.idioms.catalogue import WITH_EVIDENCE
from conformance.comparison.idioms.whole_answers import WholeAnswers
from conformance.comparison.values.lossless_json import Json


def explained(
    found: Sequence[Difference], a: ReadAnswer, b: ReadAnswer, terms: Terms
) -> tuple[Difference, ...]:
    """Return differences with their causes, as far as both answers and what was asked show them."""
    if not terms.by_value or all(each.idiom is not None for each in found):
        return tuple(found)
    answers = WholeAnswers(
        asked=terms.asked,
        a=_sent(a.body),
        b=_sent(b.body),
        differences=found,
        refused=are_errors(a, b) and a.status == b.status,
    )
    return tuple(_explained(each, answers) for each in found)


def _sent(body: Body) -> Json:
    return (body.sent or body).value


def _explained(found: Difference, answers: WholeAnswers) -> Difference:
    check()
    for idiom in WITH_EVIDENCE if found.idiom is None else ():
        facts = idiom.whole(found, answers) if idiom.whole else None
        if facts is not None:
            return replace(found, idiom=idiom.name, facts=facts)
    return found
