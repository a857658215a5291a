"""The settings of vectord: those of every daemon with a data directory."""
