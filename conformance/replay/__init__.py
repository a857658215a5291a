"""Replay and judgement of cases: in this process, and in worker processes."""
