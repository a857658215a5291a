"""The work of vectord: accept vectors, find them, keep them.

`admission` refuses everything that the store must not get; `conditions` evaluates filters; `search`
has a query, its candidates and its answer; `index` is one index under its lock, with `rebuild`;
`durable_index` is the same with a log and saves; `indexes` are all of them.
"""
