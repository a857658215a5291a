"""The work of matrixd.

`neighbours` calls embedd and vectord, `search` merges what they find, `playbooks` records answers
and raises their scores, and `relevance` rates passages.
"""
