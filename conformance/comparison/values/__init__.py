"""Compares two JSON values: lossless parsing, columns of values, and the walk over two bodies."""
