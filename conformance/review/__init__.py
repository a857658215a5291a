"""A change reviewed by several models: bundles out, replies in, and a tally of their agreement."""
