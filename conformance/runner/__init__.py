"""Stage 2: send cases to runtimes, and return observations.

No other stage uses the network or starts a process.
"""
