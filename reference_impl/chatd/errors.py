"""The ways in which a model call can fail, each with the status of its answer.

    ChatError                     detail: one sentence without any text of the caller or an upstream
    ├── UnknownModelError         422: no provider has models of that name
    ├── RefusedChatError          422: the provider refuses the conversation
    ├── BusyProviderError         429: the provider is overloaded; `retry_after_s` if it gave a time
    ├── UnusableAnswerError       502: the provider cannot be reached, or its answer is unusable
    └── LateProviderError         504: no whole answer before the deadline

A failure is passed on to the caller: no request is sent twice.
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
    """The provider refuses the conversation."""

    status = 422


class BusyProviderError(ChatError):
    """The provider is overloaded and wants fewer calls."""

    status = 429


class UnusableAnswerError(ChatError):
    """The provider cannot be reached, or its answer is not usable."""

    status = 502


class LateProviderError(ChatError):
    """There was no whole answer before the deadline."""

    status = 504
