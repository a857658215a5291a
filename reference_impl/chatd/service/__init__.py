"""Where chatd's answers come from: one module a provider, and what they are made of.

In: a conversation. Out: a `Completion`, or a `ChatError`. `local` and all it uses is pure;
`upstream` is the only one that opens a connection; `small_model` is the only one that loads a
model.
"""

from reference_impl.chatd.service.local import LocalProvider
from reference_impl.chatd.service.provider import Provider, Providers
from reference_impl.chatd.service.small_model import SmallModel
from reference_impl.chatd.service.upstream import UpstreamProvider

__all__ = ["LocalProvider", "Provider", "Providers", "SmallModel", "UpstreamProvider"]
