"""The reference implementation of the lakehouse: daemons that meet only over HTTP, and the kit they share.

Each daemon is a room (a package) with the same file names; rooms import `kit` and never one another.
"""

__version__ = "0.1.0"
