"""embedd: from texts to vectors.

The default model hashes words and pieces of words and needs no further package; two other models
have their weights in packages that can be installed. Nothing is ever downloaded, and the same text
always has the same vector.
"""
