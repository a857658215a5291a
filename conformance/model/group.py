"""Groups: findings with one cause, as the reports lead with them."""

from dataclasses import dataclass

from conformance.model.finding import Facet, Finding, Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Where an odd runtime is usually mended, and in about how many lines."""

    runtime: str
    language: str
    where: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupExample:
    """One occurrence in full: the case and its finding."""

    case_id: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings that share a cause and a split.

    `signatures` are all places where it shows, the most frequent first; `decisions` the ledger rows that cover them;
    and `undecided` the number of cases with a finding that no row covers.
    """

    title: str
    explanation: str
    idiom: str | None
    facet: Facet
    odd: tuple[str, ...]
    rest: tuple[str, ...]
    odd_fact: str
    rest_fact: str
    signatures: tuple[Signature, ...]
    cases: int
    undecided: int
    decisions: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    examples: tuple[GroupExample, ...]
