"""The meaning of rows: strict parsing, checks, and conversion to records; no files."""
