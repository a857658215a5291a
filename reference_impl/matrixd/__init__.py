"""matrixd: retrieval over several corpora at once, helped by playbooks.

A query is embedded by embedd and searched in the indexes of vectord; what answered a query well is
recorded as a playbook and lifts that answer when the query, or one near to it, comes again. matrixd
itself keeps nothing.
"""
