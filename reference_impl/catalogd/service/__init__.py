"""The pure rules of catalogd: when two schemas are the same, and what a registration changes."""
