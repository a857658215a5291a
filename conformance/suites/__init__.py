"""Stage 1: what people write in YAML (suites, runtimes), read into the model with every problem placed."""
