"""Stage 4: from findings and the ledger to verdicts and the gate, without input or output."""
