"""Differences of a runtime from itself between two attempts, and rules that would excuse them."""
