"""The ledger of decisions: its file, its rows as text, edits of single values, and new rows.

New rows are drafted for what a run leaves undecided.
"""
