"""Two values side by side: lossless JSON, columns, and the walk over them."""
