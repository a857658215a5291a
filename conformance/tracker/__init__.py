"""The living comparison document: Markdown pages with the ledger and what runs showed.

People write the text around the generated parts of the pages.
"""
