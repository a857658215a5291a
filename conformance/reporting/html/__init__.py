"""The report as one self-contained HTML file: causes first, then cases by runtime."""
