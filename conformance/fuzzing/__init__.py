"""Differential fuzzing: send generated requests to every runtime, report causes of differences.

Words of this package: a resource is what a request created on a runtime, such as an order; a
placeholder is `${name}` in a request, filled with a captured value or with a fresh name.
"""
