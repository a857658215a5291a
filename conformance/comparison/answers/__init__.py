"""Two answers of one step: status, header, notes and body, each a facet `(a, b, terms) -> differences`."""
