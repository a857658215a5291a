"""Replay: one task, from the records that fit it to one line in the shared log.

`docs/distillation.md` defines it, and how several runtimes append to that log.
"""
