"""Two answers of one step by facets.

Status, header, notes and body are each a facet `(a, b, terms) -> differences`.
"""
