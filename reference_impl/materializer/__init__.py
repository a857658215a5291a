"""The materializer: append-only sources in, evidence by day out, a receipt last.

`docs/distillation.md` says what it does, byte by byte where it matters.
"""
