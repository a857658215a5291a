"""The pure rules of storaged: allowed keys, conditions, and the meaning of ranges."""
