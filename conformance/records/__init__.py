"""The run record: NDJSON that is written while a run goes on, and read by everything that comes after."""
