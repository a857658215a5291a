"""The evidence of a run about its runtimes, and the proposed fixes that it contradicts."""
