"""The gauntlet: smoke test, review, parity, load and assessment of a change, in this order.

It ends with a verdict on the change.
"""
