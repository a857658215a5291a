"""catalogd: the registered datasets, their columns, and the objects that hold their rows.

A dataset has a name, a schema and objects. It keeps its id as long as it keeps its schema; a
changed schema is refused with both fingerprints, so that no caller reads new columns under an old
name without noticing.
"""
