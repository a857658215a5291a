"""Providers, and the choice of one by the name of a model.

In: the configured providers. Out: the one for a model, by the longest prefix of its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from reference_impl.chatd.errors import UnknownModelError
from reference_impl.chatd.wire import Model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reference_impl.chatd.wire import Chat, Completion


class Provider(Protocol):
    """Answers conversations with the models whose names begin with `prefix`."""

    @property
    def prefix(self) -> str:
        """Return the start of the names of its models."""

    @property
    def name(self) -> str:
        """Return its name in answers."""

    async def complete(self, chat: Chat) -> Completion:
        """Return the completion of one conversation; raises ChatError."""


class Providers:
    """All providers of a daemon."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._longest_first = sorted(
            providers, key=lambda provider: (-len(provider.prefix), provider.prefix)
        )

    def of(self, model: str) -> Provider:
        """Return the provider of a model.

        Raises UnknownModelError.
        """
        for provider in self._longest_first:
            if model.startswith(provider.prefix):
                return provider
        raise UnknownModelError(
            "the body does not fit: /model: no provider has this model; GET /chat/models lists all"
        )

    def models(self) -> tuple[Model, ...]:
        """Return the models of all providers, by the prefixes of their names."""
        listed = (
            Model(prefix=provider.prefix, provider=provider.name)
            for provider in self._longest_first
        )
        return tuple(sorted(listed, key=lambda model: model.prefix))
