"""Stage 1: reads YAML that people write (suites, runtimes) into the model.

Every problem has its place.
"""
