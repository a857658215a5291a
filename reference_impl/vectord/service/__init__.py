"""What vectord does: take vectors in, find them, keep them.

`admission` is the edge, where nothing passes that the store must not see; `conditions` the language
of filters; `search` a plan and its answer; `index` one index under its lock, with `rebuild` beside
it; `durable_index` the same with a log and saves; `indexes` all of them.
"""
