"""The rules of pathwayd: what becomes of traces, and how they are found.

In: drafts, changes, queries; the clock and the maker of uids are given. Out: traces, or a
`PathwayError`.
"""

from reference_impl.pathwayd.service.pathways import Pathways

__all__ = ["Pathways"]
