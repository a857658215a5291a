"""What reviewers claimed about a change, place by place, and what a review adds up to.

Invariants: a claim names a place in the new state of a file; only a lineage is a voice, so several
answers of one model are one.
"""

import enum
from itertools import chain

from msgspec import Struct, field


class Severity(enum.Enum):
    """How much a claim weighs, as a reviewer says it."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    NOTE = "NOTE"


class Reply(Struct, frozen=True, kw_only=True):
    """What a reviewer gave for a bundle: a text, or the reason why there is none that can be used.

    `shown_bytes` is how much it was shown: the text of the bundle, or those of the files that it
    read. `completion_tokens` is what the endpoint counted, where it did.
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
    """One entry of a reply: a place as it was written, a severity and words."""

    path: str
    line: int
    severity: Severity
    text: str
    retracted: bool = False


class Voice(Struct, frozen=True, kw_only=True):
    """A claim and who made it."""

    reviewer: str
    lineage: str
    claim: ReviewClaim


class Point(Struct, frozen=True, kw_only=True):
    """A place in the change, and all that was claimed about it.

    A retracted claim is shown and not counted.
    """

    component: str
    path: str
    line: int
    source: str
    voices: tuple[Voice, ...]

    @property
    def standing(self) -> tuple[Voice, ...]:
        """Return the claims that were not taken back."""
        return tuple(voice for voice in self.voices if not voice.claim.retracted)

    @property
    def lineages(self) -> frozenset[str]:
        """Return the distinct voices that stand by a claim here."""
        return frozenset(voice.lineage for voice in self.standing)

    @property
    def convergent(self) -> bool:
        """Return whether two distinct lineages claim something here."""
        return len(self.lineages) > 1

    @property
    def blocks(self) -> bool:
        """Return whether the point is convergent and somebody blocks here."""
        return self.convergent and self.severity is Severity.BLOCK

    @property
    def severity(self) -> Severity:
        """Return the gravest severity that stands.

        Of a point without standing claims, the mildest there is.
        """
        severities = [voice.claim.severity for voice in self.standing]
        return min(severities, key=list(Severity).index, default=Severity.NOTE)


class ReviewFailure(Struct, frozen=True, kw_only=True):
    """A bundle to which a reviewer gave no usable answer: why, and how the reply began, if any.

    `excerpt` is that beginning; a report calls it `said`.
    """

    bundle: str
    why: str
    excerpt: str = field(default="", name="said")


class ReviewerTally(Struct, frozen=True, kw_only=True):
    """How one reviewer took part: replies, their length, and their results."""

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
        """Return how many bundles it gave a usable answer to."""
        return self.asked - len(self.failures)


class ComponentTally(Struct, frozen=True, kw_only=True):
    """What a component's bundles and findings add up to."""

    name: str
    bundles: int
    size_bytes: int
    convergent: int
    distinct: int
    unreviewed: tuple[str, ...]


class ReviewTally(Struct, frozen=True, kw_only=True):
    """All of a review: pure outcome of its bundles and replies."""

    components: tuple[ComponentTally, ...]
    reviewers: tuple[ReviewerTally, ...]
    points: tuple[Point, ...]
    retracted: tuple[Point, ...]
    unanchored: tuple[Voice, ...]

    @property
    def blocked(self) -> tuple[Point, ...]:
        """Return the convergent points at which somebody blocks."""
        return tuple(point for point in self.points if point.blocks)

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """Return the bundles that nobody gave a usable answer to."""
        return tuple(chain.from_iterable(each.unreviewed for each in self.components))
