"""The lakehouse's reference implementation: daemons that communicate only by HTTP, and a kit.

Each daemon is a room (a package) with the same file names.  Rooms import the shared `kit` and never
one another.
"""

__version__ = "0.1.0"
