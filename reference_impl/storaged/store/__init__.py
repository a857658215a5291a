"""The objects of storaged on disk, and the index of their keys in memory.

`Objects` is the whole of it: what it has stored, replaced or deleted is on the disk when the call
returns.
"""

from reference_impl.storaged.store.objects import Objects, OpenObject, Upload

__all__ = ["Objects", "OpenObject", "Upload"]
