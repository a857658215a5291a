"""Two small services, and a guided run of the commands that compare them."""
