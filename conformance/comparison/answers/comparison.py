"""Compare two answers to one step: status, then header fields, then notes, then the body.

First the runtimes' own ids and addresses are spelled alike in both answers.  Then each facet yields
the differences of its part, `(a, b, terms) -> differences`.  No facet uses the differences of
another one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.body import body_differences, unread_kind
from conformance.comparison.answers.explaining import explained
from conformance.comparison.answers.headers import fields_without_content, header_differences
from conformance.comparison.answers.layout import in_one_layout
from conformance.comparison.answers.notes import note_differences
from conformance.comparison.answers.status import Extent, extent_of, status_differences
from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.identities.answers import identity_differences, spelled_alike
from conformance.comparison.values.column_cache import forget_all
from conformance.comparison.values.columns import leaves
from conformance.comparison.values.element_ids import at_one_index
from conformance.comparison.values.objects import exchanged
from conformance.comparison.values.stops import Paths, Stops
from conformance.model.case import CompareLevel
from conformance.model.rule import Rule

Where = tuple[str, tuple[str, str]]
"""The name of a difference, and its place on either side; they identify it within two answers."""
FacetOfAnswers = Callable[[ReadAnswer, ReadAnswer, Terms], Iterable[Difference]]
"""Returns the differences of two answers in one facet."""
_BELOW_THE_STATUS: Final[Sequence[FacetOfAnswers]] = (
    identity_differences,
    header_differences,
    note_differences,
    body_differences,
)
"""The facets that are compared if the statuses allow it, in order."""


class AnswerComparison(Struct):
    """The differences of two answers, where their comparison stopped, and what the rules did.

    `rule_hits` counts how often each rule was needed, `accepted` has the places, and `broad_rules`
    are those that hid most of a body.  `hiding` are the rules that together hid a whole body,
    `shaping` those that decided how lists or objects were compared.  `unread` is the kind of two
    different bodies that this level does not compare.  `spelled` are the answers as they were
    compared, in one layout and spelled alike; None if only the statuses were compared.
    `own_spelled` says that a body contains something of its runtime's own, such as its address.
    `after_the_cut` are the differences that only the longer of two streams shows, as the other one
    was cut at the awaited event.
    """

    differences: tuple[Difference, ...]
    stops: Stops = field(default_factory=Stops)
    rule_hits: Counter[Rule] = field(default_factory=Counter)
    accepted: tuple[tuple[Rule, Paths | str], ...] = ()
    broad_rules: frozenset[Rule] = frozenset()
    unread: str = ""
    hiding: frozenset[Rule] = frozenset()
    shaping: frozenset[Rule] = frozenset()
    spelled: tuple[ReadAnswer, ReadAnswer] | None = None
    own_spelled: bool = False
    after_the_cut: frozenset[Where] = frozenset()

    @property
    def takes_as_equal(self) -> bool:
        """Return whether values with different texts may have counted as equal."""
        return bool(self.rule_hits) or self.own_spelled

    @property
    def where(self) -> frozenset[Where]:
        """Return the name and places of each difference."""
        return frozenset(map(attrgetter("name", "places"), self.differences))

    @property
    def of_extra(self) -> frozenset[Where]:
        """Return the name and places of each difference that only extra list elements show."""
        of_extra = filter(attrgetter("of_extra"), self.differences)
        return frozenset(map(attrgetter("name", "places"), of_extra))

    def shows_only_what(self, other: "AnswerComparison") -> bool:
        """Return whether another comparison shows all these differences, in the same elements."""
        return self.seen <= other.seen

    @property
    def seen(self) -> frozenset[tuple[Where, object]]:
        """Return each difference once per element that shows it."""
        return frozenset(
            ((each.name, each.places), seen.element and at_one_index(seen.element))
            for each in self.differences
            for seen in each.occurrences
        )

    def swapped(self) -> "AnswerComparison":
        """Return the comparison with the two answers exchanged."""
        differences = tuple(map(Difference.swapped, self.differences))
        accepted = tuple(
            (rule, where if isinstance(where, str) else where[::-1])
            for rule, where in self.accepted
        )
        spelled = exchanged(self.spelled)
        return replace(
            self,
            differences=differences,
            stops=self.stops.swapped(),
            accepted=accepted,
            spelled=spelled,
            after_the_cut=frozenset((name, places[::-1]) for name, places in self.after_the_cut),
        )


def compare_answers(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> AnswerComparison:
    """Compare two answers as far as their statuses and the level allow."""
    extent = extent_of(a, b)
    if terms.level is CompareLevel.STATUS or extent is Extent.NOTHING:
        return AnswerComparison(tuple(status_differences(a, b, terms)), Stops(everything=True))
    a, b = in_one_layout(a, b, terms)
    bodies = (a.body, b.body)
    a, b, terms = spelled_alike(a, b, terms)
    differences = list(status_differences(a, b, terms))
    if extent is Extent.FIELDS:
        differences.extend(fields_without_content(a, b, terms))
        terms.stops.stop_below(((), ()))
        return AnswerComparison(tuple(differences), terms.stops, rule_hits=terms.loosening.hits)
    try:
        for facet in _BELOW_THE_STATUS:
            check()
            differences.extend(facet(a, b, terms))
    finally:
        forget_all()
    loosening = terms.loosening
    broad = loosening.broad(lambda: max(leaves([a.body.value]), leaves([b.body.value])))
    unread = unread_kind(a.body, b.body, terms)
    return AnswerComparison(
        differences=explained(differences, a, b, terms),
        stops=terms.stops,
        rule_hits=loosening.hits,
        accepted=tuple(loosening.accepted),
        broad_rules=broad,
        unread=unread,
        hiding=loosening.hiding(a.body.value, b.body.value),
        shaping=frozenset(loosening.shaping),
        spelled=(a, b),
        own_spelled=a.body is not bodies[0] or b.body is not bodies[1],
    )
