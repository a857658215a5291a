"""ingestd: files into datasets.

A CSV, JSON Lines or Parquet file comes in as a body, becomes typed Parquet in storaged, and is
registered in catalogd under a name. A bad row is an error with the number of its line, and then
nothing is stored or registered.
"""
