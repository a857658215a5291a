"""Stage 5: a judged run → the record, the console, Markdown, JSON.  The same run gives the same bytes."""
