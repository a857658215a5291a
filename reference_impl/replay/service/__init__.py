"""The rules of a replay: which records fit, what a bundle has, when an answer passes.

No files, no network.
"""
