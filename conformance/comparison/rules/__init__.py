"""What the rules of a case loosen, and how often each was needed."""
