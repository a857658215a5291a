"""Facts of runtimes in other cases of a cause than in the leading one.

The facts of the odd runtimes are the same in all cases of a cause; those of others may differ.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Final

from conformance.comparison.faults import ANSWERED, facts_at_exchange
from conformance.model.finding import DifferenceKind, Finding

_SHOWN: Final = 3
"""How many sentences about other facts are printed: more would be longer than the cause itself."""


def other_facts(leading: Finding, cases: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield sentences about runtimes with other facts in other cases than in the leading finding.

    `cases` has the number of cases by runtime and fact.
    """
    of_kind = _of_faults if leading.kind is DifferenceKind.FAULT else _of_answers
    return of_kind(leading, cases)


def _of_answers(leading: Finding, cases: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each other fact, with its runtimes and its number of cases."""
    verb = "answered" if leading.kind is DifferenceKind.STATUS else "showed"
    known = dict(facts_at_exchange(leading))
    showing: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for (runtime, fact), count in sorted(cases.items()):
        # A runtime that is on no side of the leading finding has no fact to differ from
        is_another_fact = fact != known.get(runtime, fact)
        if fact and is_another_fact:
            showing[fact, count].append(runtime)
    for (fact, count), runtimes in islice(showing.items(), _SHOWN):
        yield f"in {count} of them {', '.join(runtimes)} {verb} {fact}"
    if len(showing) > _SHOWN:
        yield "other facts in the other cases"


def _of_faults(leading: Finding, cases: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each runtime that did something else in other cases."""
    known = dict(facts_at_exchange(leading))
    counted: Counter[tuple[str, str]] = Counter()
    for (runtime, fact), count in sorted(cases.items()):
        leading_fact = known.get(runtime, fact)
        if fact != leading_fact:
            counted[runtime, _did(fact, leading_fact)] += count
    for (runtime, did), count in counted.items():
        yield f"in {count} of them {runtime} {did}"


def _did(fact: str, leading: str) -> str:
    """Return what a runtime did in other cases, given its fact there and in the leading case."""
    if fact == ANSWERED:
        return fact
    if not fact:
        return "was not asked"
    if leading == ANSWERED:
        return "did not answer either"
    return fact
