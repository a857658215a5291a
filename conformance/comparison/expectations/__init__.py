"""The first oracle: what a case itself demands of every answer."""
