"""catalogd: which datasets there are, of which columns, in which objects.

A dataset has a name, a schema and the objects that hold its rows. It keeps its id as long as it
keeps its schema; a changed schema is refused with both fingerprints, so that nobody reads new
columns under an old name unawares.
"""
