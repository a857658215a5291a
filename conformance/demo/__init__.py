"""Two small services and the walk that compares them."""
