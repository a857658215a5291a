"""From what people have at hand (curl commands, HAR files) to the text of a suite.

`curl` and `har` read, `cleaning` drops what no suite may hold, `suite_text` writes.  Values from
the files are data.
"""
