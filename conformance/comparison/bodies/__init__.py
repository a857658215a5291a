"""Bodies as they are compared: what kind a body is, and its value where it has structure."""
