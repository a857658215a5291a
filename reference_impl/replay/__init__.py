"""Replay: one task, from what is remembered of it to one line in the shared log.

`docs/distillation.md` says what it does, and how any number of runtimes append to that log.
"""
