"""vectord: vector indexes that hold under sustained writes.

An index keeps its vectors in rows of its own, the truth for every search, save and rebuild. Few
vectors are searched exactly; over many stands a graph (hnswlib) that may be dropped and made again
at any time. What was acknowledged is in an append log.
"""
