"""What a row means: reading it strictly, naming it, and turning it into a record; no files."""
