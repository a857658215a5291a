"""Idioms: the named causes of differences.

A detector compares the two columns of a path and claims what it can explain.  Its claim gives the
fact of each side, and what is left to compare once both columns are in one form.  So an idiom never
hides a difference that it does not explain.
"""
