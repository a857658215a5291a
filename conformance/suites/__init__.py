"""Stage 1: reads YAML that people write (suites, runtimes) into the model.

Every problem is reported with its place.
"""
