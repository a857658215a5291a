"""The daemon that owns each path."""

from __future__ import annotations

OWNERS = {
    "storage": "storaged",
    "catalog": "catalogd",
    "ingest": "ingestd",
    "sql": "queryd",
    "vectors": "vectord",
    "embed": "embedd",
    "pathway": "pathwayd",
    "matrix": "matrixd",
    "observer": "observerd",
    "chat": "chatd",
    "validate": "validatord",
    "iterate": "validatord",
}
"""The owner of a path, by its first segment."""

SEGMENTS = {
    owner: tuple(segment for segment, name in OWNERS.items() if name == owner)
    for owner in dict.fromkeys(OWNERS.values())
}
"""The first segments of the paths of each owner."""
