"""The rules of queryd: SQL's reach, values as JSON, and the processes in which statements run.

`gate` is pure. `engine` and `values` run in a `worker`, the only process that loads the SQL engine;
`queries` is the daemon's side, which runs all steps of one statement.
"""
