"""What a runtime answers differently when it is asked the same again, and the rules that would excuse it."""
