"""One exchange over HTTP: the exact bytes of a request out, an answer or a named fault back."""
