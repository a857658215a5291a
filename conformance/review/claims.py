"""The claims of reviewers about a change, place by place, and the totals of a review.

Invariants: a claim names a place in the new state of a file; each lineage is one voice, so several
answers of one model count once.
"""

import enum
from itertools import chain

from msgspec import Struct, field


class Severity(enum.Enum):
    """The weight of a claim, as the reviewer gives it."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    NOTE = "NOTE"


class Reply(Struct, frozen=True, kw_only=True):
    """The reply of a reviewer to a bundle: a text, or the reason why there is no usable one.

    `shown_bytes` is the size of what the reviewer read: the text of the bundle, or its files.
    `completion_tokens` is the endpoint's own count, or None.
    """

    reviewer: str
    lineage: str
    bundle: str
    text: str
    failure: str | None
    elapsed_ms: int
    shown_bytes: int = 0
    completion_tokens: int | None = None


class ReviewClaim(Struct, frozen=True, kw_only=True):
    """One entry of a reply: a place, a severity and a text."""

    path: str
    line: int
    severity: Severity
    text: str
    retracted: bool = False


class Voice(Struct, frozen=True, kw_only=True):
    """A claim, with the reviewer who made it and the lineage of the reviewer."""

    reviewer: str
    lineage: str
    claim: ReviewClaim


class Point(Struct, frozen=True, kw_only=True):
    """A place in the change, and all claims about it.

    A retracted claim is shown and not counted.
    """

    component: str
    path: str
    line: int
    source: str
    voices: tuple[Voice, ...]

    @property
    def standing(self) -> tuple[Voice, ...]:
        """Return the claims that are not retracted."""
        return tuple(voice for voice in self.voices if not voice.claim.retracted)

    @property
    def lineages(self) -> frozenset[str]:
        """Return the lineages that have a standing claim here."""
        return frozenset(voice.lineage for voice in self.standing)

    @property
    def convergent(self) -> bool:
        """Return whether at least two lineages have a standing claim here."""
        return len(self.lineages) > 1

    @property
    def blocks(self) -> bool:
        """Return whether the point is convergent and one of its standing claims blocks."""
        return self.convergent and self.severity is Severity.BLOCK

    @property
    def severity(self) -> Severity:
        """Return the highest severity of the standing claims; NOTE if there are none."""
        severities = [voice.claim.severity for voice in self.standing]
        return min(severities, key=list(Severity).index, default=Severity.NOTE)


class ReviewFailure(Struct, frozen=True, kw_only=True):
    """A bundle to which a reviewer gave no usable answer, and why.

    `excerpt` is the beginning of the reply, if there was one; a report calls it `said`.
    """

    bundle: str
    why: str
    excerpt: str = field(default="", name="said")


class ReviewerTally(Struct, frozen=True, kw_only=True):
    """The figures of one reviewer: bundles, failures, sizes and claims."""

    name: str
    lineage: str
    asked: int
    failures: tuple[ReviewFailure, ...]
    shown_bytes: int
    reply_characters: int
    reply_tokens: int | None
    claims: int
    malformed: int

    @property
    def answered(self) -> int:
        """Return the number of bundles with a usable answer."""
        return self.asked - len(self.failures)


class ComponentTally(Struct, frozen=True, kw_only=True):
    """The figures of one component: its bundles and its points."""

    name: str
    bundles: int
    size_bytes: int
    convergent: int
    distinct: int
    unreviewed: tuple[str, ...]


class ReviewTally(Struct, frozen=True, kw_only=True):
    """All results of a review, computed from its bundles and replies alone."""

    components: tuple[ComponentTally, ...]
    reviewers: tuple[ReviewerTally, ...]
    points: tuple[Point, ...]
    retracted: tuple[Point, ...]
    unanchored: tuple[Voice, ...]

    @property
    def blocked(self) -> tuple[Point, ...]:
        """Return the convergent points with a blocking claim."""
        return tuple(point for point in self.points if point.blocks)

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """Return the ids of the bundles without a usable answer."""
        return tuple(chain.from_iterable(each.unreviewed for each in self.components))
