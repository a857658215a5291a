"""A review plan: the reviewers, and the components of the code base."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.errors import Place
from conformance.model.secret import SecretHolder

PATHS: Final = "${paths}"
"""The placeholder for the changed files in a command."""


class Component(Struct, frozen=True, kw_only=True):
    """A part of the code base that is reviewed separately: globs, where `*` matches any text."""

    name: str
    paths: tuple[str, ...]


class EndpointReviewer(SecretHolder, frozen=True, kw_only=True):
    """A model behind a chat endpoint of the OpenAI form; `token` is a secret."""

    url: str
    model: str
    token: str | None = None


class CommandReviewer(Struct, frozen=True, kw_only=True):
    """A program that reads the prompt on its standard input and prints its answer.

    It runs in `directory`; a command with `${paths}`, the changed files, runs at the top of the
    checkout instead.
    """

    argv: tuple[str, ...]
    directory: Path


class Reviewer(Struct, frozen=True, kw_only=True):
    """A reviewer with its name and its lineage; reviewers of one lineage are one voice."""

    name: str
    lineage: str
    reach: EndpointReviewer | CommandReviewer
    timeout_s: int
    place: Place

    @property
    def reads_files(self) -> bool:
        """Return whether the reviewer gets file names and reads the files itself."""
        return isinstance(self.reach, CommandReviewer) and PATHS in self.reach.argv


class ReviewPlan(Struct, frozen=True, kw_only=True):
    """A review file: the components of the code base, and the reviewers."""

    components: tuple[Component, ...]
    reviewers: tuple[Reviewer, ...]
