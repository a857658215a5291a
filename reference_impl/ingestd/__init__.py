"""ingestd: from files to datasets.

A CSV, JSON Lines or Parquet file comes in as a body, becomes typed Parquet in storaged, and is
registered in catalogd under a name. A bad row is an error with its line number; then nothing is
stored or registered.
"""
