"""queryd: read-only SQL over every dataset of the catalog, by its name.

A statement is checked and run in a worker process that can open only the objects of the datasets it
names, and that is killed at the deadline. SQL cannot reach files, the network or settings, and
cannot change anything.
"""
