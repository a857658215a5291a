"""The living comparison document: the ledger and what runs showed, rendered into Markdown that people also write in."""
