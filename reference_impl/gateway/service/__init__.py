"""What the gateway decides: whose a path is, which headers go on, how a daemon is, what the one document says."""
