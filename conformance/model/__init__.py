"""The nouns that cross stages: frozen values, no I/O, no behaviour beyond what a value knows of itself."""
