"""Proof that the harness bites: defects planted in front of a runtime, each of which a run must find and name right."""
