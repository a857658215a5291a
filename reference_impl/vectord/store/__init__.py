"""The state of vectord: rows, the graph over them, and what of both lies on disk.

Nothing here locks or waits: who calls, orders the calls. `rows` is the truth, `graph` the one place
that knows hnswlib, `vectors` holds both in step, `changes` are the lines of the log and
`generations` the saves.
"""
