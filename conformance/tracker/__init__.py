"""The living comparison document: the ledger and what runs showed, as Markdown.

People also write in this Markdown.
"""
