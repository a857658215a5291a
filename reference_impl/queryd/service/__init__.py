"""The rules of queryd: what SQL may reach, how values become JSON, and the processes in which statements run.

`gate` is pure. `engine` and `values` run in a worker, the only place that loads the SQL engine; `workers` is the
daemon's side of those processes, `queries` composes all for one statement.
"""
