"""Stage 3, from observations to findings.  It is pure: the same cells give the same findings."""
