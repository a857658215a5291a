"""What the gateway decides: path owners, forwarded headers, daemons' health, the one document."""
