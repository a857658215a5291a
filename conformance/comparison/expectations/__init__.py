"""The first oracle: what a case itself demands of an answer."""
