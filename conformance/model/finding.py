"""Differences between runtimes: what differs, where, and who is on which side.

A *difference* is between two answers.  A *finding* is a difference of one step with the runtimes that stand on either
side. Its *signature* is what makes two findings the same difference: `name@path` with the fact of each side, where the
name is an idiom's if one claims the difference and the kind's otherwise.  Runtimes, values and case names are never in
it.
"""

import enum
from dataclasses import dataclass


class DifferenceKind(enum.Enum):
    """What can differ between two answers."""

    STATUS = "status"
    HEADER = "header"
    BODY_KIND = "body-kind"
    MEMBER = "member"
    TYPE = "type"
    LENGTH = "length"
    VALUE = "value"
    TEXT = "text"
    BYTES = "bytes"
    NOTE = "note"
    IDENTITY = "identity"


class Facet(enum.Enum):
    """Which part of an answer a difference is about; the headline counts cases by facet."""

    STATUS = "status"
    HEADERS = "headers"
    SHAPE = "shape"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Signature:
    """`name@path (odd | rest)`: two are the same difference when they agree but for the order of the facts."""

    name: str
    path: str
    odd: str
    rest: str

    def __str__(self) -> str:
        return f"{self.name}@{self.path} ({self.odd} | {self.rest})"

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """Return what two signatures of one difference share: the facts unordered."""
        return self.name, self.path, frozenset((self.odd, self.rest))


Cause = tuple[object, ...]
"""What findings of one group share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference of one step; `odd` differs from `rest`, the runtimes that hold with the reference class.

    `detail` is one sentence with the values of this occurrence, `odd_example` and `rest_example` excerpts of what each
    side sent at the path.
    """

    step: int
    signature: Signature
    kind: DifferenceKind
    facet: Facet
    idiom: str | None
    odd: tuple[str, ...]
    rest: tuple[str, ...]
    detail: str
    odd_example: str
    rest_example: str

    @property
    def identity(self) -> tuple[int, tuple[str, str, frozenset[str]], tuple[str, ...], tuple[str, ...]]:
        """Return what a repeated run must show again for the finding to be deterministic."""
        return self.step, self.signature.key, self.odd, self.rest

    @property
    def cause(self) -> Cause:
        """Return what it shares with others of its cause: idiom, facts and split; without an idiom, its place too."""
        signature = self.signature
        named = (self.idiom,) if self.idiom else (signature.name, signature.path)
        return (*named, signature.odd, signature.rest, self.odd, self.rest)
