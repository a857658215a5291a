"""Groups: findings with one cause, in the form in which reports show them."""

from itertools import chain
from operator import attrgetter

from msgspec import Struct

from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.signature import Signature


class Remedy(Struct, frozen=True, kw_only=True):
    """The place where a runtime is usually changed to fix a difference, and in how many lines.

    The number is approximate, and None if it is not known.
    """

    runtime: str
    language: str
    where: str
    lines: int | None


class GroupExample(Struct, frozen=True, kw_only=True):
    """One occurrence in full: the case, its number of steps, and its finding."""

    case_id: str
    finding: Finding
    steps: int = 1


class GroupSide(Struct, frozen=True, kw_only=True):
    """The runtimes on one side of a cause, and the facts that they show.

    `beside` has, for each fact, the runtimes in comparison with which it is shown: a side may show
    different facts in comparison with different runtimes.  `alike` is False if these runtimes agree
    on the subject of the cause, but spell it or name it differently.
    """

    runtimes: tuple[str, ...]
    facts: tuple[str, ...]
    beside: tuple[tuple[str, ...], ...] = ()
    alike: bool = True


class Also(Struct, frozen=True):
    """A place that only follows from a cause's own place, and how: `the sha256 of it`.

    It follows from that place alone, or from several places together.
    """

    place: str
    how: str


class Widening(Struct, frozen=True):
    """A row, by its id, and the further runtimes with which it would decide a cause."""

    row_id: str
    runtimes: tuple[str, ...]


class Group(Struct, frozen=True, kw_only=True):
    """Findings that share a cause.

    - `key`: names the cause in every run.
    - `odd`: runtimes that are not on the largest side; empty if there is no largest side.
    - `signatures`: all places where the cause shows.  The first `undecided_signatures` of them are
      those that no row covers; then they are sorted by frequency.
    - `decisions`: the ledger rows that cover the other signatures.
    - `undecided`: the number of cases with a finding that no row covers.  If there is one, title,
      sides, first signature and example are those of such a finding.
    - `remedies`: for the runtimes that show an error by themselves, else for the odd ones.
    - `for_any`: no runtime is odd, so the remedies are for all sides, and all but one must change.
    - `by_itself`: the group holds what runtimes answered differently when asked again.  No decision
      can be about that; `rules` would allow it, as YAML, and `no_rules` say which rules are not
      right, and why.
    - `agreeing`: pairs of sides that do not differ from each other in any finding.
    - `within`: runtimes that differ from no side.
    - `not_compared`: runtimes that have no fact here.
    - `same_as`: the key of a cause that shows the same where some of these were compared, too.
    - `beside`: sentences on idioms that claim only some of the sides, and on the facts of runtimes
      that are on no side.
    - `strangers`: pairs of runtimes whose elements there are no partners.
    - `noisy`: runtimes that differ by themselves here.
    - `varying`: runtimes that answer another value each time, as a rule allows; no row can list it.
    - `reopens`: rows whose difference this was, in these cases, before it changed.
    - `also`: further places that only follow from the cause; `signatures` includes theirs.
    - `places`: all places, undecided ones first, with the step in cases of several steps.
    - `other_facts`: sentences about runtimes that differ from `sides` in other cases of the cause.
    - `widens`: rows that decide the cause if further runtimes are added; empty if anything else
      is undecided too.
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
    same_as: str = ""
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
        """Return whether the group has undecided cases that a decision can be about."""
        return bool(self.undecided) and not self.by_itself
