"""One exchange over HTTP: exact bytes out, an answer or a fault with a name back."""
