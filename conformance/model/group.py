"""Groups: findings with one cause, as the reports lead with them."""

from itertools import chain
from operator import attrgetter

from msgspec import Struct

from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.signature import Signature


class Remedy(Struct, frozen=True, kw_only=True):
    """Where a runtime is usually changed to end a difference, and in how many lines.

    The number is approximate, and None if it is not known.
    """

    runtime: str
    language: str
    where: str
    lines: int | None


class GroupExample(Struct, frozen=True, kw_only=True):
    """One occurrence in full: the case, how many steps it has, and its finding."""

    case_id: str
    finding: Finding
    steps: int = 1


class GroupSide(Struct, frozen=True, kw_only=True):
    """Runtimes on one side of a cause, and the facts that they show.

    `beside` has the runtimes beside which each fact is shown: a side may show one fact beside one
    runtime and another fact beside another one.  `alike` is not set where they do not differ in
    what the cause is about, but in how they write it, or what they call it.
    """

    runtimes: tuple[str, ...]
    facts: tuple[str, ...]
    beside: tuple[tuple[str, ...], ...] = ()
    alike: bool = True


class Also(Struct, frozen=True):
    """A place that only follows from a cause's own place, and how: `the sha256 of it`.

    It follows from that place alone or together with others.
    """

    place: str
    how: str


class Widening(Struct, frozen=True):
    """A row, by its id, and the further runtimes that it has to take in to decide a cause."""

    row_id: str
    runtimes: tuple[str, ...]


class Group(Struct, frozen=True, kw_only=True):
    """Findings that share a cause.

    `key` names the cause in every run. `odd` are the runtimes that are not on the largest side;
    nobody where there is none. `signatures` are all places where it shows: the
    `undecided_signatures` that no row covers first, then by frequency. `decisions` are the ledger
    rows that cover the others, and `undecided` is the number of cases with a finding that no row
    covers. Where there is one, title, sides, signature and example are those of such a finding.
    `remedies` are for the runtimes that show what is wrong by itself, else for the odd ones;
    `for_any` tells that nobody is odd, so that they are for all sides, and all but one have to
    change. `by_itself` tells that the group holds what runtimes answered differently when they were
    asked again: `rules` would excuse that, as YAML, and no decision can; `no_rules` say which rules
    are not right, and why. `agreeing` are pairs of sides that do not differ from each other in any
    finding, `within` runtimes that differ from no side, and `not_compared` runtimes that have no
    fact here, `beside` are sentences on which idioms claim some of the sides, and on what those
    have that are on none, `strangers` pairs of runtimes whose elements there are no partners, and
    `noisy` those that differ by themselves here; `varying` answer another value whenever they are
    asked, as a rule allows, so that no row can list it. `reopens` are rows whose difference this
    was in these cases before it changed. `also` are further places that only follow from it; their
    signatures stand among the others. `places` are where it shows, undecided ones first, with the
    step in cases of several. `other_facts` are sentences about runtimes that did something else in
    other cases of the cause than the `sides` say. `widens` are rows that decide it once further
    runtimes are taken into them; none where something else is undecided, too.
    """

    key: str
    title: str
    explanation: str
    idiom: str | None
    kind: DifferenceKind
    facet: Facet
    operation: str
    sides: tuple[GroupSide, ...]
    largest: int | None
    odd: tuple[str, ...]
    signatures: tuple[Signature, ...]
    undecided_signatures: int
    cases: int
    undecided: int
    decisions: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    for_any: bool
    harm: int
    examples: tuple[GroupExample, ...]
    by_itself: bool = False
    rules: tuple[str, ...] = ()
    no_rules: tuple[str, ...] = ()
    agreeing: tuple[tuple[int, int], ...] = ()
    within: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    strangers: tuple[tuple[str, str], ...] = ()
    noisy: tuple[str, ...] = ()
    varying: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    other_facts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    widens: tuple[Widening, ...] = ()

    @property
    def runtimes(self) -> tuple[str, ...]:
        """Return all runtimes that stand on a side."""
        return tuple(chain.from_iterable(map(attrgetter("runtimes"), self.sides)))

    @property
    def decidable(self) -> bool:
        """Return whether cases are undecided that a decision can be about."""
        return bool(self.undecided) and not self.by_itself
