"""A cross-runtime parity and conformance harness.

Replays the same request against any number of runtimes of one service, groups every difference by
its cause, and holds the outcome against a ledger of decisions.  `conformance.pipeline` composes the
five stages.
"""

__version__ = "0.1.0"
