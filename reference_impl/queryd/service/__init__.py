"""The rules of queryd: SQL's reach, values as JSON, and the processes in which statements run.

`gate` is pure. `engine` and `values` run in a `worker`, the only place that loads the SQL engine;
`queries` is the daemon's side, which composes all for one statement.
"""
