"""Stage 5: judged cases → the console, Markdown, JSON, JUnit XML, HTML.

The same run gives the same bytes.
"""
