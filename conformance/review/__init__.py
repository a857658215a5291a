"""Review of a change by several models: bundles out, replies in, a tally of their agreement."""
