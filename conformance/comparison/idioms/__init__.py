"""Idioms: the named causes of differences.

A detector looks at the two columns of a path and claims what it can explain.  Its claim says what
either side does and what is left to compare once the two are aligned, so that an idiom never hides
a difference it does not explain.
"""
