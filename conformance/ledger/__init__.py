"""The ledger of decisions: its file, its rows as text, edits of single values, and rows for what is undecided."""
