"""The rules of a replay: what is remembered, what fits a bundle, when an answer passes.

No files, no network.
"""
