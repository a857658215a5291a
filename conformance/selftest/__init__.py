"""A test that the harness finds defects.

Defects are planted in front of a runtime; each must be found and named correctly.
"""
