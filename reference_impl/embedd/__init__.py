"""embedd: texts to vectors.

The default model hashes words and pieces of words and needs nothing; two others bring their weights
in packages that can be installed beside it. Nothing is ever downloaded, and the same text always
has the same vector.
"""
