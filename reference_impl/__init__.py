"""The lakehouse's reference implementation: daemons that meet only over HTTP, and a shared kit.

Each daemon is a room (a package) with the same file names; rooms import `kit` and never one
another.
"""

__version__ = "0.1.0"
