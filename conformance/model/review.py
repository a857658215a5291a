"""What a review is made of: reviewers, the components of a change, what was asked, answered and claimed.

Invariants: a bundle belongs to one component; a claim names a place in the new state of a file; only a lineage is a
voice, so several answers of one model are one.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conformance.errors import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of the code base that is reviewed by itself: globs over paths, `*` for any characters."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointReviewer:
    """A model behind a chat endpoint of the OpenAI form; `token` is a secret."""

    url: str
    model: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReviewer:
    """A program that reads the prompt on its standard input and answers on its output; `${paths}` are the files."""

    argv: tuple[str, ...]
    directory: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who reviews: reviewers of one `lineage` are one voice."""

    name: str
    lineage: str
    reach: EndpointReviewer | CommandReviewer
    timeout_s: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """A review file: who reviews, and how a change falls into components."""

    components: tuple[Component, ...]
    reviewers: tuple[Reviewer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What one prompt shows of a component: hunks with the line numbers of the new state.

    `anchors` holds, by path, the text of every line that a finding may name.
    """

    component: str
    number: int
    of: int
    text: str
    anchors: Mapping[str, Mapping[int, str]]

    @property
    def id(self) -> str:
        """Return the name of this bundle in the review."""
        return f"{self.component}-{self.number}"

    @property
    def size_bytes(self) -> int:
        """Return how long the text is."""
        return len(self.text.encode())


class Severity(enum.Enum):
    """How much a claim weighs, as a reviewer says it."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a reviewer gave for a bundle: a text, or the reason why there is none that can be used.

    `completion_tokens` is what the endpoint counted, where it did.
    """

    reviewer: str
    lineage: str
    bundle: str
    text: str
    failure: str | None
    elapsed_ms: int
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One entry of a reply: a place as it was written, a severity and words."""

    path: str
    line: int
    severity: Severity
    text: str
    retracted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A claim and who made it."""

    reviewer: str
    lineage: str
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place in the change, and all that was claimed about it; a retracted claim is shown and not counted."""

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
        """Tell whether two distinct lineages claim something here."""
        return len(self.lineages) > 1

    @property
    def severity(self) -> Severity:
        """Return the gravest severity that stands; of a point without standing claims, the mildest there is."""
        severities = [voice.claim.severity for voice in self.standing]
        return min(severities, key=list(Severity).index, default=Severity.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFailure:
    """A bundle that a reviewer gave no usable answer to: why, and how what it said began, if it said anything."""

    bundle: str
    why: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerTally:
    """How one reviewer took part: replies, their length, and what came of them."""

    name: str
    lineage: str
    asked: int
    failures: tuple[ReviewFailure, ...]
    reply_characters: int
    reply_tokens: int | None
    claims: int
    malformed: int

    @property
    def answered(self) -> int:
        """Return how many bundles it gave a usable answer to."""
        return self.asked - len(self.failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentTally:
    """What a component's bundles and findings add up to."""

    name: str
    bundles: int
    size_bytes: int
    convergent: int
    distinct: int
    unreviewed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTally:
    """All of a review: pure outcome of its bundles and replies."""

    components: tuple[ComponentTally, ...]
    reviewers: tuple[ReviewerTally, ...]
    points: tuple[Point, ...]
    retracted: tuple[Point, ...]
    unanchored: tuple[Voice, ...]

    @property
    def blocked(self) -> tuple[Point, ...]:
        """Return the convergent points at which somebody blocks."""
        return tuple(point for point in self.points if point.convergent and point.severity is Severity.BLOCK)

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """Return the bundles that nobody gave a usable answer to."""
        return tuple(bundle for component in self.components for bundle in component.unreviewed)
