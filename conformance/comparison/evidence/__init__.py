"""What a run shows of its runtimes elsewhere, and which proposed fixes it contradicts."""
