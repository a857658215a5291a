"""The gauntlet: smoke, review, parity, load and assessment of a change, in order.

It ends with a verdict on the change.
"""
