"""Bodies: each kind is read into a value, and two of a kind are laid out for comparison."""
