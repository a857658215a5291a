"""Stage 3: observations → findings.  Pure: the same cells give the same findings."""
