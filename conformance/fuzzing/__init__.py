"""Differential fuzzing: generated requests for every runtime, and the causes found.

Nobody wrote the requests, and the causes are those of what differs.
"""
