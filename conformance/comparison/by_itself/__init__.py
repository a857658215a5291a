"""What a runtime answers differently when asked the same again, and the rules that excuse it."""
