"""Stage 5: a judged run → the console, Markdown, JSON, JUnit XML, HTML.  The same run gives the same bytes."""
