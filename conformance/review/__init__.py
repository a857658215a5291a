"""The review of a change by several models: bundles out, replies in, and a tally of where they converge."""
