"""queryd: read-only SQL over every dataset that the catalog knows, by its name.

A statement is looked at, and run, in a worker process that can open the objects of the datasets it
names and nothing else, and that is killed when time is up. What SQL cannot reach: files, network,
settings, and any change.
"""
