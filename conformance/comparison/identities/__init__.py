"""What is a runtime's own in an answer, spelled alike before the comparison.

This is its names for things and its address.
"""
