"""A cross-runtime parity and conformance harness.

The harness replays the same requests against several runtimes of one service, compares the answers,
groups the differences by cause, and checks them against a ledger of decisions.
`conformance.pipeline` composes the stages.
"""

__version__ = "0.1.0"
