"""What matrixd does.

`neighbours` asks embedd and vectord, `search` merges what they say, `playbooks` records and lifts,
`relevance` rates.
"""
