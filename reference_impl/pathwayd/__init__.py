"""pathwayd: pathway memory, versioned traces of how something was done.

A trace is added, updated in place (a new version of the same uid), revised (a new uid with the old
one as its predecessor) and retired (search skips it, history keeps it). Acknowledged changes are on
the disk.
"""
