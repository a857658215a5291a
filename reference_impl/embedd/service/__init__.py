"""The models of embedd, each in a module, and `models`, the list of them.

A model takes texts and returns vectors of unit length, one per row. `hashing` needs no package; the
others need packages of the extra `embeddings`, which are imported at their first request.
"""
