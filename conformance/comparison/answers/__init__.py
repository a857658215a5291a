"""Compare two answers to one step, facet by facet.

Status, header fields, notes and body are each a facet `(a, b, terms) -> differences`.
"""
