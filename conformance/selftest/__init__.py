"""Proof that the harness finds defects.

Each defect planted in front of a runtime must be found and named correctly.
"""
