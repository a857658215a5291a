"""Stage 4: findings + ledger → verdicts and gate.  Pure."""
