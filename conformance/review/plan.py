"""A review file: who reviews, and how a change falls into components."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from conformance.errors import Place

PATHS: Final = "${paths}"
"""The word of a command that stands for the changed files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of the code base that is reviewed by itself: path globs, `*` for any characters."""

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
    """A program that reads the prompt on its standard input and answers on its output.

    `${paths}` are the files.

    It runs in `directory`; with `${paths}` at the top of the checkout instead.
    """

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

    @property
    def reads_files(self) -> bool:
        """Return whether it is given file names and reads these files, not the text of a bundle."""
        return isinstance(self.reach, CommandReviewer) and PATHS in self.reach.argv


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """A review file: who reviews, and how a change falls into components."""

    components: tuple[Component, ...]
    reviewers: tuple[Reviewer, ...]
