"""The stack: starts all daemons together, from one file, and leaves nothing when it ends.

This is the only package that knows every room. `up` serves the rooms, one process each or all in
one; `down`, `status` and `logs` find a stack by its data directory.
"""
