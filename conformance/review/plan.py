"""A review file: who reviews, and how a change falls into components."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.errors import Place
from conformance.model.secret import SecretHolder

PATHS: Final = "${paths}"
"""The word of a command that stands for the changed files."""


class Component(Struct, frozen=True, kw_only=True):
    """A part of the code base that is reviewed by itself: path globs, `*` for any characters."""

    name: str
    paths: tuple[str, ...]


class EndpointReviewer(SecretHolder, frozen=True, kw_only=True):
    """A model behind a chat endpoint of the OpenAI form; `token` is a secret."""

    url: str
    model: str
    token: str | None = None


class CommandReviewer(Struct, frozen=True, kw_only=True):
    """A program that reads the prompt on its standard input and answers on its output.

    `${paths}` are the files.

    It runs in `directory`; with `${paths}` at the top of the checkout instead.
    """

    argv: tuple[str, ...]
    directory: Path


class Reviewer(Struct, frozen=True, kw_only=True):
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


class ReviewPlan(Struct, frozen=True, kw_only=True):
    """A review file: who reviews, and how a change falls into components."""

    components: tuple[Component, ...]
    reviewers: tuple[Reviewer, ...]
