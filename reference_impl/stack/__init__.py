"""The stack: all daemons at once, from one file, and nothing left when it ends.

The only package that knows every room. `up` serves them, a process each or all in one; `down`,
`status` and `logs` find a stack by its data directory.
"""
