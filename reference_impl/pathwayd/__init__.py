"""pathwayd: pathway memory, versioned traces of how something was done.

A trace is added, updated in place (a new version of the same uid), revised (a new uid that keeps
its predecessor) and retired (it leaves search, not history). What was acknowledged is on the disk.
"""
