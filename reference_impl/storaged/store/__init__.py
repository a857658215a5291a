"""The objects of storaged on disk, and the index of their keys in memory.

`Objects` is the interface: when a call returns, its change is on the disk.
"""

from reference_impl.storaged.store.objects import Objects, OpenObject, Upload

__all__ = ["Objects", "OpenObject", "Upload"]
