"""The run record: NDJSON that is written during a run and read by all later stages."""
