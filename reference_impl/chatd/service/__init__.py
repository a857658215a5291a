"""The sources of chatd's answers: one module for each provider, and their parts.

In: a conversation. Out: a `Completion`, or a `ChatError`. `local` and everything that it uses is
pure; only `upstream` opens a connection, and only `small_model` loads a model.
"""

from reference_impl.chatd.service.local import LocalProvider
from reference_impl.chatd.service.provider import Provider, Providers
from reference_impl.chatd.service.small_model import SmallModel
from reference_impl.chatd.service.upstream import UpstreamProvider

__all__ = ["LocalProvider", "Provider", "Providers", "SmallModel", "UpstreamProvider"]
