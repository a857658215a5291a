"""The ledger of decisions: its file, its rows as text, and edits of single values.

It also has rows for what is undecided.
"""
