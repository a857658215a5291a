"""The rules of the gateway: path owners, forwarded headers, health, and the joint document."""
