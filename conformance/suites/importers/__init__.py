"""Importers: turn curl commands and HAR files into the text of a suite.

`curl` and `har` read, `cleaning` removes what no suite may hold, `suite_text` writes.  Values from
the files are data: nothing in them is run or filled in.
"""
