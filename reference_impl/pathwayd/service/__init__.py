"""The rules of pathwayd: how traces change, and how they are found.

In: drafts, changes, queries; the clock and the source of uids are parameters. Out: traces, or a
`PathwayError`.
"""

from reference_impl.pathwayd.service.pathways import Pathways

__all__ = ["Pathways"]
