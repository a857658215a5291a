"""Programs that the harness starts: launched, watched, and stopped with all that they started."""
