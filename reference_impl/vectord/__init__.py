"""vectord: vector indexes that stay correct under sustained writes.

An index keeps its vectors in rows of its own, which every search, save and rebuild uses. Few
vectors are searched exactly; for many there is also a graph (hnswlib), which may be dropped and
built again at any time. Acknowledged changes are in an append log.
"""
