"""matrixd: retrieval over several corpora at once, improved by playbooks.

A query is embedded by embedd and searched in the indexes of vectord. A good answer to a query can
be recorded as a playbook; it raises the score of that answer when the same or a similar query comes
again. matrixd itself stores nothing.
"""
