"""The ways in which a model call can fail, each with the status that tells the caller.

    ChatError                     detail: one sentence that never holds what the caller or an
                                  upstream sent
    ├── UnknownModelError         422: no provider has models of that name
    ├── RefusedChatError          422: the provider does not take the conversation
    ├── BusyProviderError         429: the provider wants fewer calls; `retry_after_s` if it said
                                  when
    ├── UnusableAnswerError       502: the provider cannot be reached, or answered what is no answer
    └── LateProviderError         504: no whole answer before the deadline

A failure is the caller's answer: nothing is asked twice.
"""

from typing import ClassVar


class ChatError(Exception):
    """A model call failed."""

    status: ClassVar[int]

    def __init__(self, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class UnknownModelError(ChatError):
    """No provider has models of that name."""

    status = 422


class RefusedChatError(ChatError):
    """The provider does not take the conversation."""

    status = 422


class BusyProviderError(ChatError):
    """The provider wants fewer calls."""

    status = 429


class UnusableAnswerError(ChatError):
    """The provider cannot be reached, or answered what is no answer."""

    status = 502


class LateProviderError(ChatError):
    """There was no whole answer before the deadline."""

    status = 504
