"""What is a runtime's own in an answer, its names for things and its address, spelled alike before the comparison."""
