"""The state of vectord: rows, the graph over them, and the files of both.

Nothing here locks or waits: the caller orders the calls. `rows` is the source of all data, only
`graph` uses hnswlib, `vectors` keeps both consistent, `changes` are the lines of the log and
`generations` the saves.
"""
