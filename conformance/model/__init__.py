"""The nouns that cross stages: frozen values without I/O.

They have no behaviour beyond what a value knows of itself.
"""
