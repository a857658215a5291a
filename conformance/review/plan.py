"""A review file: who reviews, and how a change falls into components."""

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
