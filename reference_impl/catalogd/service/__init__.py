"""The rules of catalogd: pure.

What makes two schemas one, and what a registration makes of a dataset.
"""
