"""Proof that the harness finds defects: each one planted in front of a runtime must be found and named right."""
