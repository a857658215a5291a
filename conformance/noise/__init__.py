"""Differences of a runtime from itself when a request is repeated, and rules for them."""
