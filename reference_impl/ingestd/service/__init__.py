"""The work of ingestd: a file is converted in a process of its own, then stored, then registered.

`converter` and the readers that it uses run in that process, the only one that loads the SQL
engine. `conversion` is the daemon's side of it, and `ingests` runs all steps for one file.
"""
