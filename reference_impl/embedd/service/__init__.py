"""The models of embedd, one a module, and `models`, which knows them all.

A model takes texts and gives vectors, one a row, of unit length. `hashing` needs nothing; the
others need packages of the extra `embeddings`, which are imported when they are first asked.
"""
