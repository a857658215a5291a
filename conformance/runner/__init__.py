"""Stage 2: cases by runtimes → observations.

The only stage that touches the network or starts a process.
"""
