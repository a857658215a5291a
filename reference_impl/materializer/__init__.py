"""The materializer: it turns append-only sources into evidence by day, and writes a receipt last.

`docs/distillation.md` defines it, byte by byte where needed.
"""
