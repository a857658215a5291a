"""The report as one HTML file that needs nothing else: causes first, then then cases by runtimes."""
