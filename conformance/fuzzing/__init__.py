"""Differential fuzzing: requests that nobody wrote, sent to every runtime, and the causes of what differs."""
