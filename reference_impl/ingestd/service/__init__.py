"""The work of ingestd: a file is converted in a process of its own, then stored, then registered.

`converter` and the readers it uses run in that process, the only place that loads the SQL engine;
`conversion` is the daemon's side of it, `ingests` composes all for one file.
"""
